"""Devices that tests and benchmarks talk to, on loopback addresses only."""
