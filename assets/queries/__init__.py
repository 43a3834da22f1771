"""Reads across the tables of the plant."""
