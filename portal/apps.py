"""Home, search, navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, navigation


class PortalConfig(AppConfig):
    """Home pages by audience."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Announce the home page."""
        navigation.add(NavPage("home", "home", _("Home"), "home", order=10))
