"""Endpoints of the plant."""
