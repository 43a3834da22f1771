"""Reads across changes: consequence, conflicts, experience, what waits for whom."""
