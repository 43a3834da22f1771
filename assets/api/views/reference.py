"""Reference data: classes, products, tags."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assets.access import (
    item_classes_visible_to,
    products_visible_to,
    require_reference,
    tags_visible_to,
)
from assets.api.serializers import ItemClassSerializer, ProductSerializer, TagSerializer
from assets.filters import ItemClassFilterSet, ProductFilterSet, TagFilterSet
from assets.services.reference import change_reference, create_reference, delete_reference
from common.api.resources import Resource
from common.models import BaseModel


class ReferenceResource(Resource):
    """Data all sites share: read by everybody, written by administrators."""

    @transaction.atomic
    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[BaseModel]:
        """Create rows."""
        require_reference(self.caller)
        model, now = self.rows().model, timezone.now()
        return [
            create_reference(actor=self.actor, model=model, values=one, now=now) for one in values
        ]

    def change_row(
        self, row: Any, values: Mapping[str, Any], expected_version: int | None
    ) -> BaseModel:
        """Change a row."""
        require_reference(self.caller)
        changed: BaseModel = change_reference(
            actor=self.actor,
            instance=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )
        return changed

    def remove_row(self, row: Any) -> None:
        """Delete a row nothing uses."""
        require_reference(self.caller)
        delete_reference(actor=self.actor, instance=row, now=timezone.now())


class ItemClassResource(ReferenceResource):
    """Classes with the schema of their attributes."""

    serializer_class = ItemClassSerializer
    filterset = ItemClassFilterSet
    orderings = ("id", "slug", "name", "kind")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Any]:
        """Return the classes."""
        return item_classes_visible_to(self.caller)


class ProductResource(ReferenceResource):
    """Products with life-cycle dates."""

    serializer_class = ProductSerializer
    filterset = ProductFilterSet
    orderings = ("id", "model", "vendor__name", "end_of_support_date")
    default_ordering = ("vendor__name", "model")

    def rows(self) -> QuerySet[Any]:
        """Return the products."""
        return products_visible_to(self.caller)


class TagResource(ReferenceResource):
    """Tags."""

    serializer_class = TagSerializer
    filterset = TagFilterSet
    orderings = ("id", "slug", "name")
    default_ordering = ("slug",)

    def rows(self) -> QuerySet[Any]:
        """Return the tags."""
        return tags_visible_to(self.caller)
