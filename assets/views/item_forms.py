"""Add, edit, clone and delete one asset or system."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.access import EDIT, item_for, require, require_place
from assets.choices import ItemKind
from assets.forms import ItemForm
from assets.models import ConfigurationItem
from assets.queries.items import relation_total
from assets.services.items import change_item, create_item, delete_item
from common.pages import Crumb, DeletePage, RecordForm

CLONED = (
    "item_class",
    "function",
    "status",
    "location",
    "zone",
    "system",
    "criticality_override",
    "purdue_override",
    "product",
    "firmware_version",
    "stops_line",
    "is_safety_system",
    "is_never_scanned",
    "description",
    "attributes",
)


class ItemFormPage(RecordForm):
    """Add or edit an asset or system; `?clone=` starts from another one."""

    form_class = ItemForm
    kind: ItemKind = ItemKind.ASSET

    @property
    def edited_kind(self) -> ItemKind:
        """The kind of the item being edited, or of the page that adds one."""
        return self.kind if self.edited is None else ItemKind(self.edited.kind)

    def record(self, pk: int) -> ConfigurationItem:
        """Return the item, with the right to edit it."""
        item = item_for(self.user, pk)
        require(self.user, EDIT, item)
        return item

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the item, or to the list."""
        kind = self.edited_kind.value
        title = _("Assets") if kind == ItemKind.ASSET else _("Systems")
        found = [Crumb(title, reverse(f"assets:{kind}-list"))]
        if self.edited is not None:
            found.append(Crumb(self.edited, reverse("assets:item-detail", args=[self.edited.pk])))
        return found

    def form_options(self) -> dict[str, Any]:
        """Bind the form to the item and to what this user may choose."""
        return {**super().form_options(), "user": self.user, "kind": self.edited_kind}

    def initial(self) -> dict[str, Any]:
        """Start from the item to be cloned, or from the place one came from."""
        if self.edited is not None:
            return {}
        given = self.request.GET
        if given.get("clone", "").isdecimal():
            source = item_for(self.user, int(given["clone"]))
            values = {name: getattr(source, name) for name in CLONED}
            return {**values, "tags": source.tags.all(), "name": f"{source.name} (2)"}
        return {name: given[name] for name in ("location", "system", "zone") if name in given}

    def create(self, values: Mapping[str, Any], comment: str) -> ConfigurationItem:
        """Create the item where the user may edit."""
        require_place(self.user, EDIT, values.get("location"))
        return create_item(
            actor=self.actor, kind=self.kind, values=values, now=self.now, comment=comment
        )

    def change(
        self,
        record: ConfigurationItem,
        values: Mapping[str, Any],
        version: int | None,
        comment: str,
    ) -> ConfigurationItem:
        """Change the item; a new location must be one the user may edit, too."""
        if values.get("location") != item_for(self.user, record.pk).location:
            require_place(self.user, EDIT, values.get("location"))
        return change_item(
            actor=self.actor,
            item=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def values(self, form: Any) -> dict[str, Any]:  # noqa: ANN401 - an ItemForm
        """Return what was typed; an empty code is left to the service, or stays."""
        values = super().values(form)
        if not values["code"]:
            del values["code"]
        values["tags"] = list(values["tags"])
        return values

    def success_url(self, result: ConfigurationItem) -> str:
        """Go to the item's page."""
        return reverse("assets:item-detail", args=[result.pk])


class DeleteItem(DeletePage):
    """Delete one asset or system."""

    @property
    def item(self) -> ConfigurationItem:
        """The item, with the right to edit it."""
        item = item_for(self.user, self.kwargs["pk"])
        require(self.user, EDIT, item)
        return item

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Name it."""
        return _("Delete %s") % self.item

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the item."""
        item = self.item
        return (Crumb(item, reverse("assets:item-detail", args=[item.pk])),)

    def content(self) -> dict[str, Any]:
        """Say what goes with it."""
        count = relation_total(self.item)
        words = _("%d relations go with it. The ledger keeps what it held.") % count
        return {"intro": words}

    def save(self, form: Any) -> ConfigurationItem:  # noqa: ANN401 - an empty form
        """Delete it."""
        item = self.item
        delete_item(actor=self.actor, item=item, now=self.now)
        return item

    def success_url(self, result: ConfigurationItem) -> str:
        """Go to the list."""
        return reverse(f"assets:{result.kind}-list")
