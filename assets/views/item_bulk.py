"""Edit or delete the ticked items of a list, or all that match its filters."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assets.access import EDIT, items_visible_to, require
from assets.filters import ItemFilterSet
from assets.forms import BulkItemForm
from assets.models import ConfigurationItem
from assets.services.items import Edit, change_items, delete_items
from common.errors import DomainError
from common.pages import Crumb, FormPage

MOST = 5_000


class TooManyError(DomainError):
    """More rows than one bulk edit takes."""


class BulkPage(FormPage):
    """Base: which items were chosen."""

    template_name = "assets/bulk.html"

    @property
    def chosen(self) -> list[ConfigurationItem]:
        """The chosen items this user may see; each must be one the user may edit."""
        if not hasattr(self, "_chosen"):
            self._chosen = self._find(self.request.POST or self.request.GET)
        return self._chosen

    def _find(self, given: QueryDict) -> list[ConfigurationItem]:
        rows = items_visible_to(self.user).select_related("location")
        if given.get("all"):
            rows = ItemFilterSet(QueryDict(given.get("filters", "")), rows).qs
            if path := self.site.get("path"):
                rows = rows.filter(location__path__startswith=path)
        else:
            rows = rows.filter(pk__in=[pk for pk in given.getlist("pk") if pk.isdecimal()])
        found = list(rows.order_by("name")[: MOST + 1])
        if len(found) > MOST:
            raise TooManyError(f"At most {MOST} items at once; narrow the list.")
        return found

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        kind = self.chosen[0].kind if self.chosen else "asset"
        title = _("Assets") if kind == "asset" else _("Systems")
        return (Crumb(title, reverse(f"assets:{kind}-list")),)

    def content(self) -> dict[str, Any]:
        """Return what was chosen."""
        return {"chosen": self.chosen, "shown": self.chosen[:12]}

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go back to the list."""
        return str(self.crumbs()[0].url)

    def require_all(self) -> None:
        """Refuse when there is nothing, or one the user may not edit."""
        if not self.chosen:
            raise DomainError("Nothing is chosen: tick rows of the list first.")
        for item in self.chosen:
            require(self.user, EDIT, item)


class BulkEdit(BulkPage):
    """Set the same values on many items, all or none."""

    form_class = BulkItemForm
    success_message = _("Changed.")

    def get_title(self) -> str:
        """Say how many."""
        count = len(self.chosen)
        return ngettext("Edit %d item", "Edit %d items", count) % count

    def form_options(self) -> dict[str, Any]:
        """Offer what this user may choose."""
        return {"user": self.user}

    def save(self, form: Any) -> Any:  # noqa: ANN401 - a BulkItemForm
        """Change them all."""
        self.require_all()
        values = form.given()
        if not values:
            raise DomainError("Nothing to change: fill in at least one field.")
        edits = [Edit(item, values) for item in self.chosen]
        comment = self.request.POST.get("comment", "").strip()
        return change_items(actor=self.actor, edits=edits, now=self.now, comment=comment)


class BulkDelete(BulkPage):
    """Delete many items, all or none."""

    submit_title = _("Delete")
    success_message = _("Deleted. The ledger keeps what they held.")
    is_danger = True

    def get_title(self) -> str:
        """Say how many."""
        count = len(self.chosen)
        return ngettext("Delete %d item", "Delete %d items", count) % count

    def save(self, form: Any) -> Any:  # noqa: ANN401 - an empty form
        """Delete them all."""
        self.require_all()
        comment = self.request.POST.get("comment", "").strip()
        delete_items(actor=self.actor, items=self.chosen, now=self.now, comment=comment)
        return None
