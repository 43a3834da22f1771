"""A scan by a collector in another network: its messages, and what stands at both ends of the broker."""
