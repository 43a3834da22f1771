"""Ownership."""

from django.apps import AppConfig


class RaciConfig(AppConfig):
    """Ownership."""

    name = "raci"
    verbose_name = "Ownership"
