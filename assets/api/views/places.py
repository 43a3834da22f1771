"""Locations, zones and conduits."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assets.access import (
    EDIT,
    conduits_visible_to,
    locations_visible_to,
    require_place,
    zones_visible_to,
)
from assets.api.serializers import ConduitSerializer, LocationSerializer, ZoneSerializer
from assets.filters import ConduitFilterSet, LocationFilterSet, ZoneFilterSet
from assets.models import Conduit, Location, Zone
from assets.services.locations import change_location, create_location, delete_location
from assets.services.reference import change_reference, create_reference, delete_reference
from common.api.resources import Resource


class LocationResource(Resource):
    """The ISA-95 tree."""

    serializer_class = LocationSerializer
    filterset = LocationFilterSet
    orderings = ("id", "path", "code", "name", "level")
    default_ordering = ("path",)

    def rows(self) -> QuerySet[Location]:
        """Return the visible locations."""
        return locations_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[Location]:
        """Create locations below places the user may edit."""
        for one in values:
            require_place(self.caller, EDIT, one.get("parent"))
        now = timezone.now()
        return [create_location(actor=self.actor, values=one, now=now) for one in values]

    def change_row(
        self, row: Location, values: Mapping[str, Any], expected_version: int | None
    ) -> Location:
        """Change a location; moving it takes the right at both ends."""
        require_place(self.caller, EDIT, row)
        if "parent" in values:
            require_place(self.caller, EDIT, values["parent"])
        return change_location(
            actor=self.actor,
            location=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Location) -> None:
        """Delete an empty location."""
        require_place(self.caller, EDIT, row)
        delete_location(actor=self.actor, location=row, now=timezone.now())


class ZoneResource(Resource):
    """Zones of IEC 62443."""

    serializer_class = ZoneSerializer
    filterset = ZoneFilterSet
    orderings = ("id", "code", "name", "purdue_level")
    default_ordering = ("code",)

    def rows(self) -> QuerySet[Any]:
        """Return the visible zones."""
        return zones_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[Zone]:
        """Create zones at sites the user may edit."""
        for one in values:
            require_place(self.caller, EDIT, one["site"])
        now = timezone.now()
        return [
            create_reference(actor=self.actor, model=Zone, values=one, now=now) for one in values
        ]

    def change_row(
        self, row: Zone, values: Mapping[str, Any], expected_version: int | None
    ) -> Zone:
        """Change a zone."""
        for site in {row.site, values.get("site", row.site)}:
            require_place(self.caller, EDIT, site)
        return change_reference(
            actor=self.actor,
            instance=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Zone) -> None:
        """Delete a zone nothing stands in."""
        require_place(self.caller, EDIT, row.site)
        delete_reference(actor=self.actor, instance=row, now=timezone.now())


class ConduitResource(Resource):
    """Conduits between zones."""

    serializer_class = ConduitSerializer
    filterset = ConduitFilterSet
    orderings = ("id", "code", "name")
    default_ordering = ("code",)

    def rows(self) -> QuerySet[Any]:
        """Return the visible conduits."""
        return conduits_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[Conduit]:
        """Create conduits between zones the user may edit."""
        for one in values:
            self._require(one["from_zone"], one["to_zone"])
        now = timezone.now()
        return [
            create_reference(actor=self.actor, model=Conduit, values=one, now=now) for one in values
        ]

    def change_row(
        self, row: Conduit, values: Mapping[str, Any], expected_version: int | None
    ) -> Conduit:
        """Change a conduit."""
        self._require(row.from_zone, row.to_zone, *self._zones(values))
        return change_reference(
            actor=self.actor,
            instance=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Conduit) -> None:
        """Delete a conduit."""
        self._require(row.from_zone, row.to_zone)
        delete_reference(actor=self.actor, instance=row, now=timezone.now())

    @staticmethod
    def _zones(values: Mapping[str, Any]) -> list[Zone]:
        return [values[name] for name in ("from_zone", "to_zone") if name in values]

    def _require(self, *zones: Zone) -> None:
        for zone in zones:
            require_place(self.caller, EDIT, zone.site)
