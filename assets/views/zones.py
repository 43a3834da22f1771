"""The zone view, a zone's page, and the forms of zones and conduits."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.access import EDIT, conduit_for, may_somewhere, require_place, zone_for
from assets.forms import ConduitForm, ZoneForm
from assets.models import Conduit, Zone
from assets.queries.zones import REQUIREMENTS, tile_of, undeclared_crossings, zone_rows
from assets.services.reference import change_reference, create_reference, delete_reference
from common.pages import Action, Crumb, DeletePage, ObjectPage, Page, RecordForm

CROSSINGS_SHOWN = 50


class ZoneView(Page):
    """Zones by Purdue level with security levels, conduits, and what crosses undeclared."""

    title = _("Zones and conduits")
    template_name = "assets/zones.html"

    def actions(self) -> Sequence[Action]:
        """Offer to add and import."""
        if not may_somewhere(self.user, EDIT):
            return ()
        return (
            Action(_("Add zone"), reverse("assets:zone-create"), "plus", is_primary=True),
            Action(_("Add conduit"), reverse("assets:conduit-create"), "route"),
            Action(_("Import"), "/import/?kind=zones", "upload"),
        )

    def content(self) -> dict[str, Any]:
        """Return the levels and the crossings without a conduit."""
        path = self.site.get("path", "")
        crossings = list(undeclared_crossings(self.user, site_path=path)[: CROSSINGS_SHOWN + 1])
        return {
            "rows": zone_rows(self.user, site_path=path),
            "requirements": REQUIREMENTS,
            "crossings": crossings[:CROSSINGS_SHOWN],
            "has_more": len(crossings) > CROSSINGS_SHOWN,
        }


class ZonePage(ObjectPage):
    """A zone: its security levels and conduits."""

    subject = "zone"
    has_side = True
    template_name = "assets/zone.html"

    def content(self) -> dict[str, Any]:
        """Return the zone's tile."""
        tile = tile_of(self.user, self.instance)
        return {"tile": tile, "requirements": REQUIREMENTS}


class PlaceForm(RecordForm):
    """Base of the zone and conduit forms."""

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the zone view."""
        return (Crumb(_("Zones"), reverse("assets:zone-list")),)

    def form_options(self) -> dict[str, Any]:
        """Offer what this user may see."""
        return {**super().form_options(), "user": self.user}

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go to the zone, or to the zone view."""
        if isinstance(result, Zone):
            return reverse("assets:zone-detail", args=[result.pk])
        return reverse("assets:zone-list")


class ZoneFormPage(PlaceForm):
    """Add or edit a zone."""

    form_class = ZoneForm
    create_title = _("Add zone")

    def record(self, pk: int) -> Zone:
        """Return the zone, with the right to edit at its site."""
        zone = zone_for(self.user, pk)
        require_place(self.user, EDIT, zone.site)
        return zone

    def create(self, values: Mapping[str, Any], comment: str) -> Zone:
        """Create it at a site the user may edit."""
        require_place(self.user, EDIT, values["site"])
        return create_reference(
            actor=self.actor, model=Zone, values=values, now=self.now, comment=comment
        )

    def change(
        self, record: Zone, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Zone:
        """Change it."""
        require_place(self.user, EDIT, values["site"])
        return change_reference(
            actor=self.actor,
            instance=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class ConduitFormPage(PlaceForm):
    """Add or edit a conduit."""

    form_class = ConduitForm
    create_title = _("Add conduit")

    def record(self, pk: int) -> Conduit:
        """Return the conduit, with the right to edit at its site."""
        conduit = conduit_for(self.user, pk)
        require_place(self.user, EDIT, conduit.from_zone.site)
        return conduit

    def actions(self) -> Sequence[Action]:
        """Offer to delete what is edited."""
        if "pk" not in self.kwargs:
            return ()
        address = reverse("assets:conduit-delete", args=[self.kwargs["pk"]])
        return (Action(_("Delete"), address, "trash", is_danger=True),)

    def create(self, values: Mapping[str, Any], comment: str) -> Conduit:
        """Create it from a zone the user may edit."""
        require_place(self.user, EDIT, values["from_zone"].site)
        return create_reference(
            actor=self.actor, model=Conduit, values=values, now=self.now, comment=comment
        )

    def change(
        self, record: Conduit, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Conduit:
        """Change it."""
        require_place(self.user, EDIT, values["from_zone"].site)
        return change_reference(
            actor=self.actor,
            instance=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class DeletePlace(DeletePage):
    """Delete a zone or conduit that nothing uses."""

    form_page: type[PlaceForm] = ZoneFormPage

    @property
    def record(self) -> Zone | Conduit:
        """What goes, with the right to edit at its site."""
        page = self.form_page(request=self.request, kwargs=self.kwargs)
        found: Zone | Conduit = page.record(self.kwargs["pk"])
        return found

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Name it."""
        return _("Delete %s") % self.record

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the zone view."""
        return (Crumb(_("Zones"), reverse("assets:zone-list")),)

    def content(self) -> dict[str, Any]:
        """Say what follows."""
        return {"intro": _("Traffic it allowed counts as undeclared afterwards.")}

    def save(self, form: Any) -> None:  # noqa: ANN401 - an empty form
        """Delete it."""
        delete_reference(  # type: ignore[type-var]
            actor=self.actor, instance=self.record, now=self.now
        )

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go to the zone view."""
        return reverse("assets:zone-list")
