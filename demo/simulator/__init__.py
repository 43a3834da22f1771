"""Simulated devices on loopback addresses: for the demonstration, tests and benchmarks. Knows no Django."""
