"""The changes an audit looks at, with all that belongs to them, in the same number of queries for any number.

A change is in when all its targets stand in the scope and something about it happened in the period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from assets.evidence import items_in
from evidence.models import LedgerEntry
from evidence.packs.sections import AuditScope
from evidence.services import object_type
from governance.choices import RoundState
from governance.models import Approval, ApprovalRound, ChangeRequest, Vote
from governance.queries.sources import ACTIVITY
from raci.queries.resolution import Resolution
from raci.queries.subjects import subjects_of
from raci.queries.timeline import load_timeline

MOMENTS = ("created_at", "submitted_at", "decided_at", "started_at", "finished_at")


@dataclass(frozen=True)
class Known:
    """What the parts of the section share: accountable parties, ledger entries, names in scope."""

    accountable: dict[tuple[int, int], Resolution]
    entries: dict[int, tuple[int, str]]
    items: frozenset[int]


def changes_in(scope: AuditScope) -> list[ChangeRequest]:
    """Return the changes of a scope and period with all that belongs to them, by number."""
    period = (scope.starts_at, scope.ends_at)
    happened = Q()
    for name in MOMENTS:
        happened |= Q(**{f"{name}__gte": period[0], f"{name}__lt": period[1]})
    rounds = ApprovalRound.objects.filter(opened_at__lt=period[1]).filter(
        Q(opened_at__gte=period[0]) | Q(closed_at__gte=period[0], closed_at__lt=period[1])
    )
    seats = Approval.objects.select_related(
        "person", "team", "vote__person", "vote__acting_for"
    ).order_by("pk")
    rows = ChangeRequest.objects.filter(
        happened | Q(pk__in=rounds.values("change")), scope_path__startswith=scope.path
    )
    return list(
        rows.select_related("requester", "implementer")
        .prefetch_related(
            "change_targets__item",
            Prefetch(
                "rounds",
                ApprovalRound.objects.select_related("snapshot", "policy__board").order_by(
                    "sequence"
                ),
            ),
            Prefetch("rounds__approvals", seats),
        )
        .order_by("number")
    )


def known_of(scope: AuditScope, changes: Sequence[ChangeRequest]) -> Known:
    """Return who was accountable at each decision, the entry of each vote, the items of the scope."""
    targets = [target.item for one in changes for target in one.change_targets.all()]
    timeline = load_timeline()
    subjects = {
        subject.item_id: subject for subject in subjects_of(targets, tag_ids=timeline.tag_ids)
    }
    accountable = {}
    for one in changes:
        book = timeline.at(at) if (at := decided_at(one)) else None
        if book is None or ACTIVITY not in book.activities:
            continue
        for target in one.change_targets.all():
            found = book.resolve(subjects[target.item_id], ACTIVITY)
            accountable[one.pk, target.item_id] = found
    ids = [vote.pk for one in changes for vote in votes_of(one)]
    entries = LedgerEntry.objects.filter(object_type=object_type(Vote), object_id__in=ids)
    rows = entries.order_by("-sequence").values_list("object_id", "sequence", "hash")
    return Known(
        accountable,
        {pk: (sequence, digest) for pk, sequence, digest in rows if pk is not None},
        frozenset(items_in(scope).order_by().values_list("pk", flat=True)),
    )


def decided_at(change: ChangeRequest) -> datetime | None:
    """Return when a change was decided; of an emergency, when its round afterwards was."""
    if change.decided_at:
        return change.decided_at
    decisive = {RoundState.APPROVED, RoundState.REJECTED}
    closed = [
        one.closed_at for one in change.rounds.all() if one.state in decisive and one.closed_at
    ]
    return max(closed, default=None)


def votes_of(change: ChangeRequest) -> list[Vote]:
    """Return the votes of all rounds of a change."""
    seats = [seat for one in change.rounds.all() for seat in one.approvals.all()]
    return [seat.cast for seat in seats if seat.cast is not None]
