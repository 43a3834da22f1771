"""Relations between items."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from assets.access import EDIT, relations_visible_to, require
from assets.api.serializers import RelationSerializer
from assets.filters import RelationFilterSet
from assets.models import Relation
from assets.services.relations import change_relation, create_relations, delete_relation
from common.api.resources import Resource


class RelationResource(Resource):
    """Typed relations; both known ends must be visible."""

    serializer_class = RelationSerializer
    filterset = RelationFilterSet
    orderings = ("id", "relation_class", "source__name", "target__name", "updated_at")

    def rows(self) -> QuerySet[Any]:
        """Return the visible relations."""
        return relations_visible_to(self.caller)

    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[Relation]:
        """Create relations of items the user may edit."""
        rows = [_with_group(one) for one in values]
        for one in rows:
            self._require(one.get("source") or one.get("target"))
        return create_relations(actor=self.actor, rows=rows, now=timezone.now())

    def change_row(
        self, row: Relation, values: Mapping[str, Any], expected_version: int | None
    ) -> Relation:
        """Change a relation."""
        given = _with_group(values)
        self._require(row.source or row.target)
        if given.get("source"):
            self._require(given["source"])
        return change_relation(
            actor=self.actor,
            relation=row,
            values=given,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Relation) -> None:
        """Delete a relation."""
        self._require(row.source or row.target)
        delete_relation(actor=self.actor, relation=row, now=timezone.now())

    def _require(self, item: Any) -> None:
        if item is not None:
            require(self.caller, EDIT, item)


def _with_group(values: Mapping[str, Any]) -> dict[str, Any]:
    """Lift {"redundancy_group": {"name":..., "required_count":...}} to the service's two values."""
    flat = dict(values)
    group = flat.pop("redundancy_group", None)
    if group is not None:
        flat["redundancy_group"] = group.get("name")
        flat["required_count"] = group.get("required_count")
    return flat
