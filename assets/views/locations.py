"""The location tree, a location's page, and its forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.access import EDIT, location_for, may_somewhere, require_place
from assets.choices import LocationLevel
from assets.forms import LocationForm
from assets.models import Location
from assets.queries.items import labels_for
from assets.queries.places import counts_at, tree_for
from assets.services.locations import change_location, create_location, delete_location
from common.pages import Action, Crumb, DeletePage, ObjectPage, Page, RecordForm
from common.pages.history import shown_history
from evidence.queries.history import history_of


class LocationTree(Page):
    """The ISA-95 tree with what stands where."""

    title = _("Locations")
    template_name = "assets/location_tree.html"

    def actions(self) -> Sequence[Action]:
        """Offer to add and import."""
        if not may_somewhere(self.user, EDIT):
            return ()
        add = Action(_("Add location"), reverse("assets:location-create"), "plus", is_primary=True)
        return (add, Action(_("Import"), "/import/?kind=locations", "upload"))

    def content(self) -> dict[str, Any]:
        """Return the tree, of the chosen site when there is one."""
        return {"tree": tree_for(self.user, below=self.site.get("path", ""))}


class LocationPage(ObjectPage):
    """A location: what stands at and below it."""

    subject = "location"
    has_side = True
    template_name = "assets/location.html"

    def content(self) -> dict[str, Any]:
        """Return the numbers and the tree below."""
        location: Location = self.instance
        trees = tree_for(self.user, below=location.path)
        children = trees[0].children if trees else []
        return {"counts": counts_at(self.user, location), "tree": children}


class LocationHistory(ObjectPage):
    """What was done to the location."""

    subject = "location"
    template_name = "assets/item_history.html"

    def content(self) -> dict[str, Any]:
        """Return the newest entries."""
        entries = list(history_of(self.instance)[:100])
        shown = shown_history(
            Location, entries, lambda model, ids: labels_for(self.user, model, ids)
        )
        return {"history": shown}


class LocationFormPage(RecordForm):
    """Add or edit a location; a new parent moves everything below."""

    form_class = LocationForm
    create_title = _("Add location")

    def record(self, pk: int) -> Location:
        """Return the location, with the right to edit there."""
        location = location_for(self.user, pk)
        require_place(self.user, EDIT, location)
        return location

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the tree."""
        return (Crumb(_("Locations"), reverse("assets:location-tree")),)

    def form_options(self) -> dict[str, Any]:
        """Offer the locations this user may see."""
        return {**super().form_options(), "user": self.user}

    def initial(self) -> dict[str, Any]:
        """Start below the location one came from, one level down."""
        given = self.request.GET.get("parent", "")
        if self.edited is not None or not given.isdecimal():
            return {}
        parent = location_for(self.user, int(given))
        levels = LocationLevel.values
        below = levels[min(levels.index(parent.level) + 1, len(levels) - 1)]
        return {"parent": parent.pk, "level": below}

    def create(self, values: Mapping[str, Any], comment: str) -> Location:
        """Create it where the user may edit."""
        require_place(self.user, EDIT, values.get("parent"))
        return create_location(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(
        self, record: Location, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Location:
        """Change it; the new parent must be one the user may edit."""
        if values.get("parent") != location_for(self.user, record.pk).parent:
            require_place(self.user, EDIT, values.get("parent"))
        return change_location(
            actor=self.actor,
            location=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: Location) -> str:
        """Go to its page."""
        return reverse("assets:location-detail", args=[result.pk])


class DeleteLocation(DeletePage):
    """Delete a location that holds nothing."""

    @property
    def location(self) -> Location:
        """The location, with the right to edit there."""
        location = location_for(self.user, self.kwargs["pk"])
        require_place(self.user, EDIT, location)
        return location

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Name it."""
        return _("Delete %s") % self.location

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to it."""
        location = self.location
        return (Crumb(location, reverse("assets:location-detail", args=[location.pk])),)

    def content(self) -> dict[str, Any]:
        """Say when it can go."""
        return {"intro": _("Only a location without items, zones and locations below can go.")}

    def save(self, form: Any) -> None:  # noqa: ANN401 - an empty form
        """Delete it."""
        delete_location(actor=self.actor, location=self.location, now=self.now)

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go to the tree."""
        return reverse("assets:location-tree")
