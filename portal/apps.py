"""Home, search, navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, late, navigation
from common.registries import Sweep, sweeps


class PortalConfig(AppConfig):
    """Home pages by audience."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Announce the home page, the import, and how its files are removed."""
        sweeps.add(Sweep("imports", late("portal.services.imports.sweep_uploads")))
        sweeps.add(Sweep("netbox", late("portal.services.netbox.sweep_kept")))
        navigation.add(NavPage("home", "home", _("Home"), "home", order=10))
        may_import = late("portal.access.may_import")
        navigation.add(
            NavPage("import", "administration", _("Import"), "portal:import", visible=may_import)
        )
