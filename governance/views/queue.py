"""What waits for me, the calendar of windows, the board's docket."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext_lazy as _

from common.pages import Action, Page
from governance.access import may_manage_boards
from governance.models import ChangeRequest
from governance.queries.experience import published_brier_score
from governance.queries.queues import calendar_between, dockets_for, queue_of


class Queue(Page):
    """Votes that wait for me first, then my own changes."""

    title = _("Queue")
    template_name = "governance/queue.html"

    def actions(self) -> Sequence[Action]:
        """Offer a new change."""
        url = reverse("governance:changerequest-create")
        return [Action(_("New change"), url, "plus", is_primary=True)]

    def content(self) -> dict[str, Any]:
        """Return what waits."""
        return {"queue": queue_of(self.user, at=self.now), "now": self.now}


class Board(Page):
    """What is pending before each board, with its quorum."""

    title = _("Review board")
    template_name = "governance/board.html"

    def actions(self) -> Sequence[Action]:
        """Offer a new board to who manages them."""
        if not may_manage_boards(self.user):
            return ()
        return [Action(_("Add a board"), reverse("governance:boardpolicy-create"), "plus")]

    def content(self) -> dict[str, Any]:
        """Return the dockets."""
        return {
            "dockets": dockets_for(self.user),
            "brier_score": published_brier_score(),
            "may_manage": may_manage_boards(self.user),
            "now": self.now,
        }


class Calendar(Page):
    """The windows of a month, day by day."""

    title = _("Calendar")
    template_name = "governance/calendar.html"

    def content(self) -> dict[str, Any]:
        """Return the month's windows by day, and the months beside it."""
        first = month_of(self.request.GET.get("month", ""), localdate(self.now))
        following = _next_month(first)
        changes = calendar_between(self.user, _midnight(first), _midnight(following))
        return {
            "month": first,
            "previous": f"{_previous_month(first):%Y-%m}",
            "next": f"{following:%Y-%m}",
            "days": _by_day(changes, first),
            "today": localdate(self.now),
        }


def month_of(text: str, today: date) -> date:
    """Return the first day of the month named "2026-11"; of the present one when it is no month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _next_month(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def _previous_month(first: date) -> date:
    if first.month == 1:
        return first.replace(year=first.year - 1, month=12)
    return first.replace(month=first.month - 1)


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _by_day(
    changes: Sequence[ChangeRequest], first: date
) -> list[tuple[date, list[ChangeRequest]]]:
    def starts(change: ChangeRequest) -> date:
        return max(localtime(change.window_start_at).date(), first)

    return [(day, list(rows)) for day, rows in groupby(changes, key=starts)]
