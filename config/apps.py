"""The top floor: settings, URLs, wiring."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Knows every app."""

    name = "config"
    verbose_name = "Raceway"
