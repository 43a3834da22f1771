"""Locations, zones, assets, systems, relations and the dependency graph."""

from django.apps import AppConfig

from common.announce import late
from common.registries import LedgerScopes, ledger_scopes


class AssetsConfig(AppConfig):
    """The CMDB."""

    name = "assets"
    verbose_name = "Plant"

    def ready(self) -> None:
        """Announce what stands here to the floors below."""
        reach, nodes = late("assets.ledger_scopes.reach"), late("assets.ledger_scopes.nodes")
        ledger_scopes.add(LedgerScopes("locations", reach=reach, nodes=nodes))
