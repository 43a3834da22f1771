"""Assets, systems, and both together as items."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from assets.access import (
    EDIT,
    assets_visible_to,
    items_visible_to,
    require,
    require_at,
    scope_of,
    systems_visible_to,
)
from assets.api.serializers import AssetSerializer, ItemSerializer, SystemSerializer
from assets.choices import ItemKind
from assets.filters import ItemFilterSet
from assets.models import ConfigurationItem
from assets.services.items import Edit, change_items, create_items, delete_items
from common.api.resources import Resource

PLACES = ("location", "zone", "system")
ORDERINGS = (
    "id",
    "code",
    "name",
    "status",
    "location__path",
    "zone__code",
    "item_class__name",
    "criticality_override",
    "updated_at",
    "created_at",
    "installed_date",
    "end_of_life_date",
)


class ItemResource(Resource):
    """Every asset and system the user may see, read-only."""

    serializer_class = ItemSerializer
    filterset = ItemFilterSet
    orderings = ORDERINGS
    default_ordering = ("name",)
    is_writable = False

    def scope(self) -> Hashable:
        """Return what the user reaches: nothing else decides which items there are."""
        return scope_of(self.caller)

    def rows(self) -> QuerySet[Any]:
        """Return the visible items."""
        return items_visible_to(self.caller)


class WritableItemResource(ItemResource):
    """What assets and systems share when written."""

    kind: ClassVar[ItemKind]
    is_writable = True

    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[ConfigurationItem]:
        """Create items where the user may edit."""
        for one in values:
            places = {name: one.get(name) for name in PLACES}
            require_at(self.caller, EDIT, name=one["name"], **places)
        return create_items(actor=self.actor, kind=self.kind, rows=values, now=timezone.now())

    def change_row(
        self, row: ConfigurationItem, values: Mapping[str, Any], expected_version: int | None
    ) -> ConfigurationItem:
        """Change an item the user may edit, also at the place it goes to."""
        return self._change([Edit(row, values, expected_version)])[0]

    def change_rows(self, pairs: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
        """Change several items in one go."""
        self._change([Edit(row, values) for row, values in pairs])

    def _change(self, edits: Sequence[Edit]) -> list[ConfigurationItem]:
        for edit in edits:
            require(self.caller, EDIT, edit.item)
            places = {name: edit.values.get(name, getattr(edit.item, name)) for name in PLACES}
            require_at(self.caller, EDIT, name=edit.item.name, **places)
        return change_items(actor=self.actor, edits=edits, now=timezone.now())

    def remove_row(self, row: ConfigurationItem) -> None:
        """Delete one item."""
        self.remove_rows([row])

    def remove_rows(self, rows: Sequence[ConfigurationItem]) -> None:
        """Delete items the user may edit, all or none."""
        for row in rows:
            require(self.caller, EDIT, row)
        delete_items(actor=self.actor, items=rows, now=timezone.now())


class AssetResource(WritableItemResource):
    """Devices, software instances, VMs."""

    serializer_class = AssetSerializer
    kind = ItemKind.ASSET

    def rows(self) -> QuerySet[Any]:
        """Return the visible assets."""
        return assets_visible_to(self.caller)


class SystemResource(WritableItemResource):
    """Logical services: MES, historian, ERP."""

    serializer_class = SystemSerializer
    kind = ItemKind.SYSTEM

    def rows(self) -> QuerySet[Any]:
        """Return the visible systems."""
        return systems_visible_to(self.caller)
