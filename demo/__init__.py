"""The demonstration: its plant as files, and its network as simulated devices."""
