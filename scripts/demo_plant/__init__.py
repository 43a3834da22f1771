"""The demonstration plant, written by hand and unrolled by rule.

Run `python scripts/write_demo_plant.py` to write demo/plant/*.csv from it.
"""
