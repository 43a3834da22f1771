"""Benchmarks: each prints one JSON object {name, figures, ratios}; `python -m benchmarks.NAME`."""
