"""Devices nobody knows, by what they call themselves."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from common.pages import Page
from discovery.access import may_edit_rules, require_rule_reading
from discovery.queries.unknown_devices import shown_groups, unknown_groups

GROUPS_A_PAGE = 25


class UnknownDevices(Page):
    """Groups of devices without a maker or a model, each with a way to a rule for it."""

    title = _("Unknown devices")
    subtitle = _("They answered, and no rule tells their maker or their model.")
    template_name = "discovery/unknown.html"

    def content(self) -> dict[str, Any]:
        """Return a page of groups, the largest first."""
        require_rule_reading(self.user)
        text = self.request.GET.get("q", "")
        page = Paginator(unknown_groups(self.user, text), GROUPS_A_PAGE).get_page(
            self.request.GET.get("page")
        )
        return {
            "page": page,
            "groups": shown_groups(self.user, list(page.object_list)),
            "asked": text,
            "may_edit": may_edit_rules(self.user),
        }
