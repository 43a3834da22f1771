"""Portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Portal."""

    name = "portal"
    verbose_name = "Portal"
