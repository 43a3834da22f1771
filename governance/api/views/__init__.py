"""Endpoints of changes."""
