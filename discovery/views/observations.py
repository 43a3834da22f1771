"""What was seen: the devices of a scan, one of them, what discovery knows of an item, merges and their undoing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assets.access import EDIT, may, require
from assets.models import ConfigurationItem
from common.errors import DomainError
from common.pages import Column, Crumb, EmptyState, FormPage, ObjectPage, Page, Row, html
from discovery.access import (
    cases_visible_to,
    merge_for,
    observation_for,
    observations_visible_to,
    require_split,
    require_unmerge,
)
from discovery.filters import ObservationFilterSet
from discovery.models import Merge, Observation
from discovery.queries.comparison import device_name
from discovery.queries.membership import membership_of
from discovery.queries.merges import obstacle_to_undo
from discovery.queries.observed import may_split, observation_view, shown_items
from discovery.queries.owners import owners_of
from discovery.queries.presences import owner_summary, presence_of
from discovery.queries.seen import item_seen, verdict_counts
from discovery.services.locks import set_lock
from discovery.services.splitting import split_observation
from discovery.services.unmerging import undo_merge
from discovery.templatetags.cases import changes_cell, verdict
from discovery.templatetags.schedules import item_owner
from discovery.views.scan_pages import ScanTab


def _device(row: Row) -> SafeString:
    values = row["values"]
    parts = (values.get("name"), values.get("vendor"), values.get("model"))
    return html.text(" · ".join(part for part in parts if part))


def _item(row: Row) -> SafeString:
    found = row["found"]
    if found is None:
        return html.DASH
    pk, name = found
    if pk is None:
        return html.safe(f'<span class="muted">{html.icon("eye-off", css="icon-sm")} {name}</span>')
    return html.link(reverse("assets:item-detail", args=[pk]), name)


class ScanSeen(ScanTab):
    """The devices a scan saw, and what the CMDB made of each."""

    template_name = "discovery/scan_seen.html"
    filterset_class = ObservationFilterSet
    columns = (
        Column(
            "address",
            _("Address"),
            lambda row: html.link(
                reverse("discovery:observation-detail", args=[row["pk"]]),
                row["address"],
                css="main-link",
            ),
            ("pk", "address"),
            order="id",
        ),
        Column("device", _("Device"), _device, ("values",)),
        Column(
            "verdict",
            _("Verdict"),
            lambda row: verdict(row["verdict"]),
            ("verdict",),
            order="verdict",
        ),
        Column("item", _("Item"), _item, ("item_id", "item__name")),
        Column("owner", _("Accountable"), lambda row: item_owner(row["owner"]), ()),
        Column("changes", _("What changed"), lambda row: changes_cell(row["shown"]), ("changes",)),
        Column("reason", _("Because"), lambda row: html.text(row["reason"]), ("reason",)),
    )
    row_fields = ("item_id", "item__name", "changes")
    default_order = "address"
    empty = EmptyState(
        _("Nothing was seen"),
        _("No device has answered in this scan, so nothing changes."),
        "radar",
    )

    def queryset(self) -> QuerySet[Observation]:
        """Return the scan's devices."""
        return observations_visible_to(self.user).filter(scan=self.instance)

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Name the items this reader may see; what was changed in another one is not shown."""
        found = shown_items(self.user, rows)
        named = [row["found"][0] for row in found if row["found"] and row["found"][0]]
        owners = owners_of(named, at=self.now)
        return [
            {**row, "owner": owners.get(row["found"][0]) if row["found"] else None} for row in found
        ]

    def content(self) -> dict[str, Any]:
        """Add the counts."""
        counts = verdict_counts(self.instance)
        return {
            **super().content(),
            "counts": counts,
            "owners": owner_summary(self.instance, at=self.now),
            "total_count": sum(one.count for one in counts),
            "chosen_verdict": self.request.GET.get("verdict", ""),
        }


class ObservationDetail(Page):
    """One device as one scan saw it: what it told, what was made of it, and that it is not that item."""

    template_name = "discovery/observation.html"

    @property
    def row(self) -> Observation:
        """The observation, loaded once."""
        if not hasattr(self, "_row"):
            self._row = observation_for(self.user, self.kwargs["pk"])
        return self._row

    def get_title(self) -> str:
        """Return what the device is called."""
        return device_name(self.row)

    @property
    def subtitle(self) -> str:
        """Where it was seen."""
        return f"{self.row.address} · {self.row.network}"

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the scan."""
        return observation_crumbs(self.row)[:-1]

    def content(self) -> dict[str, Any]:
        """Return what is kept of it."""
        row = self.row
        return {
            "view": observation_view(self.user, row),
            "cases": cases_visible_to(self.user).filter(observation=row),
            "may_split": may_split(self.user, row),
        }


def observation_crumbs(row: Observation) -> list[Crumb]:
    """Return the way from the scans to a device."""
    return [
        Crumb(_("Scans"), reverse("discovery:scan-list")),
        Crumb(_("Scan of %s") % row.network, reverse("discovery:scan-detail", args=[row.scan_id])),
        Crumb(_("Seen"), reverse("discovery:scan-seen", args=[row.scan_id])),
        Crumb(device_name(row), reverse("discovery:observation-detail", args=[row.pk])),
    ]


class SplitObservation(FormPage):
    """Ask before a device becomes an item of its own."""

    template_name = "discovery/ask_why.html"
    submit_title = _("It is not that item")
    success_message = _("Recorded as an item of its own.")

    @property
    def row(self) -> Observation:
        """The observation, which must be linked to an item."""
        if not hasattr(self, "_row"):
            self._row = observation_for(self.user, self.kwargs["pk"])
            require_split(self.user, self._row)
        return self._row

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Return the question."""
        return _("“%s” is not the item it was taken for?") % device_name(self.row)

    @property
    def intro(self) -> Any:  # noqa: ANN401 - lazy text
        """Say what will follow."""
        return _(
            "A new asset is recorded at %(place)s for the device at %(address)s. The item it was taken for gives back "
            "the keys and the discovered values it had from this device, and is not suggested for it again."
        ) % {"place": self.row.network.location, "address": self.row.address}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the device."""
        return observation_crumbs(self.row)

    def save(self, form: Any) -> ConfigurationItem:  # noqa: ANN401 - an empty form
        """Part them."""
        return split_observation(
            actor=self.actor,
            observation=self.row,
            now=self.now,
            note=self.request.POST.get("note", ""),
        )

    def success_url(self, result: Any) -> str:  # noqa: ANN401 - the new item
        """Show the new item."""
        return reverse("discovery:item-discovery", args=[result.pk])


class ItemDiscovery(ObjectPage):
    """What discovery knows of an item: when it was seen, its keys, which values follow, merges."""

    subject = "item"
    template_name = "discovery/item_discovery.html"

    def content(self) -> dict[str, Any]:
        """Return it as far as the reader sees the networks."""
        item: ConfigurationItem = self.instance
        return {
            "seen": item_seen(self.user, item),
            "membership": membership_of(self.user, item),
            "presence": presence_of(self.user, item),
            "owner": owners_of([item.pk], at=self.now).get(item.pk),
            "may_edit": may(self.user, EDIT, item),
        }


class LockField(ObjectPage):
    """The lock and unlock buttons."""

    subject = "item"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead back: a value is locked by its button."""
        return self._back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lock or unlock one value."""
        item: ConfigurationItem = self.instance
        require(self.user, EDIT, item)
        lock = request.POST.get("lock") == "yes"
        try:
            set_lock(
                actor=self.actor,
                item=item,
                field=request.POST.get("field", ""),
                lock=lock,
                now=self.now,
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            done = _("Locked: discovery asks first.") if lock else _("Unlocked: it follows.")
            messages.success(request, done)
        return self._back()

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("discovery:item-discovery", args=[self.instance.pk]))


class UndoMerge(FormPage):
    """Ask before a merge is undone."""

    template_name = "discovery/ask_why.html"
    submit_title = _("Undo the merge")
    success_message = _("Undone. Both items are as they were before.")
    intro = _(
        "Relations, keys and values go back to where they were, and the item that retired is in use again. Values that "
        "were changed since the merge stay as they are. When a question was answered with the merge, it is asked again."
    )

    @property
    def merge(self) -> Merge:
        """The merge."""
        if not hasattr(self, "_merge"):
            self._merge = merge_for(self.user, self.kwargs["pk"])
            require_unmerge(self.user, self._merge)
        return self._merge

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Return the question."""
        names = {"gone": self.merge.gone, "kept": self.merge.kept}
        return _("Undo the merge of “%(gone)s” into “%(kept)s”?") % names

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the item."""
        kept = self.merge.kept
        return [Crumb(kept.name, reverse("discovery:item-discovery", args=[kept.pk]))]

    def content(self) -> dict[str, Any]:
        """Return what keeps it from being possible."""
        return {"obstacle": obstacle_to_undo(self.merge)}

    def save(self, form: Any) -> Merge:  # noqa: ANN401 - an empty form
        """Undo it."""
        return undo_merge(
            actor=self.actor,
            merge=self.merge,
            person=self.user.person,
            note=self.request.POST.get("note", ""),
            now=self.now,
        )

    def success_url(self, result: Any) -> str:  # noqa: ANN401 - the merge
        """Show the item that was kept."""
        return reverse("discovery:item-discovery", args=[result.kept_id])
