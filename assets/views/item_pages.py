"""The page of an asset or system: details, relations, history, provenance of a field."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from assets.access import EDIT, item_for, may
from assets.choices import ItemKind, ProvenanceSource
from assets.models import ConfigurationItem
from assets.queries.items import labels_for, parts_of, relations_of
from assets.views.facts import fact_groups
from common.pages import ObjectPage, Page
from common.pages.history import shown_history
from evidence.queries.history import history_of

PARTS_SHOWN = 12
HISTORY_SHOWN = 100


class ToItem(View):
    """/plant/assets/7/ and /plant/systems/7/ lead to /plant/items/7/."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the page."""
        return redirect("assets:item-detail", pk=pk, permanent=True)


class ItemDetails(ObjectPage):
    """Facts left, what surrounds the item right."""

    subject = "item"
    has_side = True
    template_name = "assets/item_details.html"

    def content(self) -> dict[str, Any]:
        """Return the facts, the system's parts and the tags."""
        item: ConfigurationItem = self.instance
        is_system = item.kind == ItemKind.SYSTEM
        parts = parts_of(self.user, item, limit=PARTS_SHOWN) if is_system else []
        return {
            "groups": fact_groups(item),
            "parts": parts[:PARTS_SHOWN],
            "has_more_parts": len(parts) > PARTS_SHOWN,
            "is_system": is_system,
            "tags": list(item.tags.values_list("name", flat=True)),
            "surroundings": relations_of(self.user, item),
        }


class ItemRelationsPage(ObjectPage):
    """Every relation of the item, by class and direction, unknown ends included."""

    subject = "item"
    template_name = "assets/item_relations.html"

    def content(self) -> dict[str, Any]:
        """Return the relations this user may see."""
        item: ConfigurationItem = self.instance
        return {"relations": relations_of(self.user, item), "may_edit": may(self.user, EDIT, item)}


class ItemHistory(ObjectPage):
    """What was done to the item, by whom, with before and after."""

    subject = "item"
    template_name = "assets/item_history.html"

    def content(self) -> dict[str, Any]:
        """Return the newest entries."""
        entries = list(history_of(self.instance)[: HISTORY_SHOWN + 1])
        shown = shown_history(
            ConfigurationItem,
            entries[:HISTORY_SHOWN],
            lambda model, ids: labels_for(self.user, model, ids),
        )
        return {"history": shown, "has_more": len(entries) > HISTORY_SHOWN}


class FieldProvenance(Page):
    """Where one field's value comes from: the fragment of the side drawer."""

    template_name = "assets/provenance.html"

    def content(self) -> dict[str, Any]:
        """Return the field's source and the entries that set it."""
        item = item_for(self.user, self.kwargs["pk"])
        name = self.kwargs["name"]
        known = item.provenance.get(name, {})
        column = {field.name: field for field in item._meta.concrete_fields}.get(name)
        stored = column.attname if column else name
        entries = [entry for entry in history_of(item)[:200] if stored in entry.after]
        shown = shown_history(
            ConfigurationItem, entries, lambda model, ids: labels_for(self.user, model, ids)
        )
        title = column.verbose_name if column else name
        only = [change for one in shown for change in one.changes]
        wanted = str(title).capitalize()
        return {
            "title": wanted,
            "source": dict(ProvenanceSource.choices).get(known.get("source"), _("Unknown")),
            "at": known.get("at"),
            "confidence": known.get("confidence"),
            "steps": [
                (one.entry, change)
                for one in shown
                for change in one.changes
                if change.title == wanted
            ],
            "is_empty": not only,
        }
