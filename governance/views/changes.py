"""The list of changes, and the page of one: its decision and its impact."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.access import scope_of
from assets.queries.items import labels_for
from common.errors import DomainError
from common.pages import (
    Column,
    EmptyState,
    ListPage,
    ObjectPage,
    Page,
    Row,
    chosen,
    html,
    linked,
    plain,
)
from common.pages.history import shown_history
from evidence.services import object_type
from governance.access import approval_for, changes_visible_to
from governance.choices import ChangeModel, ChangeType
from governance.evidence.decision import history_of_change
from governance.filters import ChangeFilterSet
from governance.models import ChangeRequest
from governance.queries.page import change_view, seat_line
from governance.queries.visible import shown_snapshot
from governance.templatetags.changes import state_chip

HISTORY_SHOWN = 100


def _address(row: Row) -> str:
    return reverse("governance:changerequest-detail", args=[row["pk"]])


class ChangeList(ListPage):
    """Every change the reader may see."""

    title = _("Changes")
    list_name = "governance:changerequest-list"
    filterset_class = ChangeFilterSet
    columns = (
        plain("number", _("Number"), order="number", css="nowrap"),
        linked("title", _("Title"), _address, order="title"),
        Column(
            "state", _("State"), lambda row: state_chip(row["state"]), ("state",), order="state"
        ),
        chosen("change_type", _("Type"), ChangeType.choices, order="change_type", is_default=False),
        chosen(
            "change_model", _("Model"), ChangeModel.choices, order="change_model", is_default=False
        ),
        Column(
            "window",
            _("Window starts"),
            lambda row: html.moment(row["window_start_at"]),
            ("window_start_at",),
            order="window_start_at",
        ),
        Column(
            "expected_loss",
            _("Expected loss"),
            lambda row: html.money(row["expected_loss"], row["currency"]),
            ("expected_loss", "currency"),
            order="expected_loss",
            is_numeric=True,
        ),
        plain(
            "requester",
            _("Requester"),
            field="requester__name",
            order="requester__name",
            css="nowrap",
        ),
        plain("implementer", _("Implementer"), field="implementer__name", is_default=False),
    )
    facets = ("state", "change_model", "change_type", "is_safety_relevant")
    default_order = "-number"
    create_url_name = "governance:changerequest-create"
    create_title = _("New change")
    empty = EmptyState(
        _("No changes yet"),
        _(
            "Ask what a change would hit from any asset or system, and turn the question into a change."
        ),
        "git-pull-request",
    )

    def queryset(self) -> QuerySet[ChangeRequest]:
        """Return the visible changes."""
        return changes_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return the changes at a site."""
        return queryset.filter(scope_path__startswith=path)

    def may_create(self) -> bool:
        """Tell whether the reader may ask for changes anywhere."""
        scope = scope_of(self.user, "request_changes")
        return scope.everything or bool(scope.paths or scope.zone_ids or scope.system_ids)

    def row_label(self, row: Row) -> Any:  # noqa: ANN401
        """Return what a row is called."""
        return row.get("title") or row["pk"]


class ChangeDetail(ObjectPage):
    """Where the change stands, what is asked, who decides, what the reader can do."""

    subject, tab = "change", "change-decision"
    template_name = "governance/change.html"

    def content(self) -> dict[str, Any]:
        """Return the change as this reader may see it."""
        return {"view": change_view(self.user, self.instance, at=self.now), "now": self.now}


class ChangeImpact(ObjectPage):
    """Everything the change hits, as frozen on submission."""

    subject, tab = "change", "change-impact"
    template_name = "governance/change_impact.html"

    def content(self) -> dict[str, Any]:
        """Return the newest frozen impact set."""
        newest = self.instance.rounds.select_related("snapshot").first()
        if newest is None:
            return {"shown": None}
        shown = shown_snapshot(self.user, newest.snapshot, limit=500)
        return {"shown": shown, "snapshot": newest.snapshot}


class ChangeHistory(ObjectPage):
    """What was done about the change, by whom: every ledger entry of it, its rounds, seats and votes."""

    subject, tab = "change", "change-history"
    template_name = "governance/change_history.html"

    def content(self) -> dict[str, Any]:
        """Return the entries; fields with before and after for those of the change itself."""
        entries = history_of_change(self.instance, limit=HISTORY_SHOWN + 1)
        shown = shown_history(ChangeRequest, entries[:HISTORY_SHOWN], self._labels)
        own = object_type(ChangeRequest)
        history = [
            one if one.entry.object_type == own else replace(one, changes=[]) for one in shown
        ]
        return {"history": history, "has_more": len(entries) > HISTORY_SHOWN}

    def _labels(self, model: type[Model], ids: set[int]) -> Mapping[int, str]:
        return labels_for(self.user, model, ids)


class ChangeStep(ChangeDetail):
    """A step on a change: on refusal the page comes back with the reason and what was typed.

    A step that commits something and is refused all the same (a lapsed approval) sets `refusal`.
    """

    done: Any = _("Done.")
    refusal = ""

    def take(self) -> None:
        """Call the service."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead back to the page: a step is taken by its button."""
        return HttpResponseRedirect(self.instance.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Take the step."""
        change = self.instance
        try:
            self.take()
        except DomainError as error:
            return self._refused(str(error), error.status)
        if self.refusal:
            return self._refused(self.refusal, 409)
        messages.success(request, self.done)
        return HttpResponseRedirect(change.get_absolute_url())

    def _refused(self, sentence: str, status: int) -> HttpResponse:
        del self._instance
        context = self.get_context_data(step_error=sentence, typed=self.request.POST)
        response: HttpResponse = self.render_to_response(context, status=status)
        return response


class SeatTrace(Page):
    """Why somebody decides: the impacted systems with the resolver's steps; a fragment for the drawer."""

    template_name = "governance/seat_trace.html"

    def content(self) -> dict[str, Any]:
        """Return the seat with what the reader may see of its reasons."""
        seat = approval_for(self.user, self.kwargs["seat"])
        return {"line": seat_line(self.user, seat), "seat": seat}
