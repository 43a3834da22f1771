"""Home, search, navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, late, navigation


class PortalConfig(AppConfig):
    """Home pages by audience."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Announce the home page and the import."""
        navigation.add(NavPage("home", "home", _("Home"), "home", order=10))
        may_import = late("portal.access.may_import")
        navigation.add(
            NavPage("import", "administration", _("Import"), "portal:import", visible=may_import)
        )
