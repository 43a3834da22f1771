"""Endpoints of the operating model."""
