"""Changes."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Changes."""

    name = "governance"
    verbose_name = "Changes"
