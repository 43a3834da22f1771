"""Segregation of duties, checked over every change of an audit: what must not have happened, and whether it did."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.packs.sections import AuditScope, section, table
from governance.choices import RoundState, VoteChoice
from governance.models import ApprovalRound, ChangeRequest, Vote
from governance.queries.audited import changes_in, votes_of
from governance.queries.tally import tally_of


def segregation_section(scope: AuditScope) -> dict[str, Any]:
    """Collect what no change may show: each check with how much it looked at and what it found."""
    changes = changes_in(scope)
    votes = [(one, vote) for one in changes for vote in votes_of(one)]
    rounds = [(one, round_) for one in changes for round_ in one.rounds.all()]
    approved = [(one, round_) for one, round_ in rounds if round_.state == RoundState.APPROVED]
    begun = [one for one in changes if one.started_at and not one.is_emergency]
    checks = (
        (_("Requester voted on the own change"), len(votes), _self_votes(votes)),
        (_("Somebody voted in the requester's place"), len(votes), _for_requester(votes)),
        (_("Implementer was the only one to approve"), len(approved), _alone(approved)),
        (_("Approved on votes about another content"), len(approved), _other_content(approved)),
        (_("Begun before it was approved, no emergency"), len(begun), _unapproved(begun)),
    )
    rows = [
        [name, looked_at, len(found), ", ".join(found) or _("none")]
        for name, looked_at, found in checks
    ]
    columns = [_("Check"), _("Examined"), _("Violations"), _("Changes")]
    return section(
        summary=_(
            "Each check was run over every vote, approved round or begun change of the section on changes; "
            "none is expected to find anything."
        ),
        tables=[table("", columns, rows, numeric=(1, 2))],
    )


def _numbers(changes: Iterable[ChangeRequest]) -> list[str]:
    return sorted({one.number for one in changes})


def _self_votes(votes: Sequence[tuple[ChangeRequest, Vote]]) -> list[str]:
    return _numbers(
        one for one, vote in votes if _decides(vote) and vote.person_id == one.requester_id
    )


def _for_requester(votes: Sequence[tuple[ChangeRequest, Vote]]) -> list[str]:
    return _numbers(
        one for one, vote in votes if _decides(vote) and vote.acting_for_id == one.requester_id
    )


def _decides(vote: Vote) -> bool:
    return vote.choice != VoteChoice.RECUSE


def _alone(approved: Sequence[tuple[ChangeRequest, ApprovalRound]]) -> list[str]:
    return _numbers(
        one
        for one, round_ in approved
        if not tally_of(round_, round_.approvals.all()).independent_yes
    )


def _other_content(approved: Sequence[tuple[ChangeRequest, ApprovalRound]]) -> list[str]:
    return _numbers(
        one
        for one, round_ in approved
        for seat in round_.approvals.all()
        if seat.cast and seat.cast.content_hash != round_.content_hash
    )


def _unapproved(begun: Sequence[ChangeRequest]) -> list[str]:
    return _numbers(
        one
        for one in begun
        if not any(
            round_.state == RoundState.APPROVED
            and round_.closed_at
            and one.started_at
            and round_.closed_at <= one.started_at
            for round_ in one.rounds.all()
        )
    )
