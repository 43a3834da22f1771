"""Locations, zones, assets, systems, relations and the dependency graph."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """The CMDB."""

    name = "assets"
    verbose_name = "Plant"
