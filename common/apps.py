"""The ground floor: base model, errors, registries, jobs, API base, UI tags."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Nothing of the domain lives here."""

    name = "common"
    verbose_name = "Common"
