"""The ground floor: base model, errors, registries, jobs, API base, UI tags."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommonConfig(AppConfig):
    """Nothing of the domain lives here."""

    name = "common"
    verbose_name = "Common"

    def ready(self) -> None:
        """Know our own lookups; let every app announce what it imports and exports."""
        import_module("common.lookups")
        autodiscover_modules("imports")
