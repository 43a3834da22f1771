"""What an audit pack says of changes: the population, then each one, then what must not have happened.

A change is in when all its targets stand in the scope and something about it happened in the period.
Items outside of the scope are counted, never named.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.packs.sections import AuditScope, part, section, table
from governance.choices import ChangeModel, ChangeState, RoundState
from governance.models import Approval, ApprovalRound, ChangeRequest, Vote
from governance.queries.audited import Known, changes_in, decided_at, known_of, votes_of
from governance.queries.tally import tally_of
from governance.rules.quorum import RoundTally, Tally, round_verdict
from raci.evidence import accountable_text

IMPACT = ("down", "unknown", "degraded", "redundancy_lost")


def changes_section(scope: AuditScope) -> dict[str, Any]:
    """Collect the changes: counted first, then emergencies and lapses, then one by one."""
    changes = changes_in(scope)
    known = known_of(scope, changes)
    records = [
        {
            "number": one.number,
            "state": one.state,
            "model": one.change_model,
            "rounds": len(one.rounds.all()),
        }
        for one in changes
    ]
    return section(
        summary=_(
            "Every change all of whose targets stand in the scope and that was drafted, submitted, voted "
            "on, decided, begun or finished in the period, in its state when this document was written. "
            "Times are those of the plant (%s)."
        )
        % timezone.get_current_timezone_name(),
        facts=_facts(changes),
        tables=[_population(changes), _emergencies(changes), _lapses(changes)],
        parts=[_part(one, known) for one in changes],
        records=records,
        counted_by="state",
    )


def _facts(changes: Sequence[ChangeRequest]) -> dict[str, Any]:
    return {
        _("Changes"): len(changes),
        _("First and last number"): f"{changes[0].number} / {changes[-1].number}"
        if changes
        else "-",
        _("Emergencies"): sum(one.is_emergency for one in changes),
        _("Votes cast"): sum(len(votes_of(one)) for one in changes),
        _("Votes cast by a deputy"): sum(
            vote.acting_for_id is not None for one in changes for vote in votes_of(one)
        ),
        _("Lapsed rounds"): sum(
            one.state == RoundState.LAPSED for change in changes for one in change.rounds.all()
        ),
    }


def _population(changes: Sequence[ChangeRequest]) -> dict[str, Any]:
    counts = Counter((one.state, one.change_model) for one in changes)
    rows: list[list[Any]] = []
    for state in ChangeState:
        numbers = [counts[state.value, model.value] for model in ChangeModel]
        if any(numbers):
            rows.append([str(state.label), *numbers, sum(numbers)])
    if rows:
        rows.append([_("All"), *(sum(row[n] for row in rows) for n in range(1, 5))])
    columns = [_("State"), *(str(model.label) for model in ChangeModel), _("All")]
    empty = _("No change of this scope in the period.")
    return table(_("By state"), columns, rows, numeric=(1, 2, 3, 4), empty=empty)


def _emergencies(changes: Sequence[ChangeRequest]) -> dict[str, Any]:
    """Return the emergencies with how long after their start they were decided."""
    rows = [
        [
            one.number,
            moment(one.started_at),
            moment(decided_at(one)),
            _lag(one),
            moment(one.review_due_at),
            _timeliness(one),
        ]
        for one in changes
        if one.is_emergency
    ]
    columns = [
        _("Change"),
        _("Begun"),
        _("Decided"),
        _("Lag, hours"),
        _("Decision due"),
        _("In time"),
    ]
    return table(
        _("Emergencies and their approval afterwards"),
        columns,
        rows,
        numeric=(3,),
        empty=_("None."),
    )


def _lag(change: ChangeRequest) -> str | None:
    decided = decided_at(change)
    if change.started_at is None or decided is None:
        return None
    return f"{(decided - change.started_at).total_seconds() / 3600:.1f}"


def _timeliness(change: ChangeRequest) -> str:
    decided = decided_at(change)
    if decided is None:
        return _("not decided")
    if change.review_due_at is None:
        return _("no deadline")
    return _("yes") if decided <= change.review_due_at else _("late")


def _lapses(changes: Sequence[ChangeRequest]) -> dict[str, Any]:
    rows = [
        [
            change.number,
            one.sequence,
            moment(one.closed_at),
            one.lapse_reason,
            sum(seat.cast is not None for seat in one.approvals.all()),
        ]
        for change in changes
        for one in change.rounds.all()
        if one.state == RoundState.LAPSED
    ]
    columns = [_("Change"), _("Round"), _("Lapsed"), _("Why"), _("Votes voided")]
    title = _("Lapsed rounds: votes kept, counting no longer")
    return table(title, columns, rows, numeric=(1, 4), empty=_("None."))


def _part(change: ChangeRequest, known: Known) -> dict[str, Any]:
    rounds = list(change.rounds.all())
    return part(
        f"{change.number} {change.title}",
        facts=_request(change) | _risk(change, rounds),
        notes={
            label: text
            for label, text in (
                (_("Reason"), change.reason),
                (_("Plan"), change.plan),
                (_("Back-out plan"), change.back_out_plan),
                (_("Outcome"), change.outcome_note),
            )
            if text
        },
        tables=[
            _target_table(change, known),
            _round_table(rounds),
            _seat_table(rounds, known),
            _vote_table(rounds, known),
        ],
    )


def _request(change: ChangeRequest) -> dict[str, Any]:
    return {
        _("State"): str(change.get_state_display()),
        _("Kind"): f"{change.get_change_model_display()}, {change.get_change_type_display()}",
        _("Requested by"): change.requester.name,
        _("Carried out by"): change.implementer.name,
        _("Submitted"): moment(change.submitted_at),
        _("Decided"): moment(decided_at(change)),
        _("Window from"): moment(change.window_start_at),
        _("Window until"): moment(change.window_end_at),
        _("Expected outage"): _("%d min") % change.duration_minutes,
        _("Begun"): moment(change.started_at),
        _("Finished"): moment(change.finished_at),
        _("Back-out tested"): _yes(change.is_back_out_tested),
    }


def _risk(change: ChangeRequest, rounds: Sequence[ApprovalRound]) -> dict[str, Any]:
    if not rounds:
        return {_("Impact"): _("not submitted")}
    facts, counts = rounds[-1].snapshot.facts, Counter(rounds[-1].snapshot.states.values())
    hit = ", ".join(
        f"{counts[state]} {state.replace('_', ' ')}" for state in IMPACT if counts[state]
    )
    probability, loss = change.failure_probability, change.expected_loss
    return {
        _("Items hit"): hit or _("none"),
        _("Unknown relations"): rounds[-1].snapshot.unresolved_count,
        _("Touches safety"): _yes(change.is_safety_relevant),
        _("Failure probability"): f"{probability * 100:.1f} %" if probability is not None else "-",
        _("Expected loss"): f"{loss:,.2f} {change.currency}" if loss is not None else "-",
        _("In an allowed window"): _yes(bool(facts["is_in_window"]))
        if "is_in_window" in facts
        else "-",
    }


def _target_table(change: ChangeRequest, known: Known) -> dict[str, Any]:
    rows = []
    for target in sorted(change.change_targets.all(), key=lambda one: one.item.code):
        found = known.accountable.get((change.pk, target.item_id))
        who = accountable_text(found) if found else _("not decided yet")
        rows.append([f"{target.item.code} {target.item.name}", who])
    title = _("Targets, and who was accountable for their change when it was decided")
    return table(title, [_("Target"), _("Accountable then")], rows)


def _round_table(rounds: Sequence[ApprovalRound]) -> dict[str, Any]:
    rows = []
    for one in rounds:
        tally = tally_of(one, one.approvals.all())
        rows.append(
            [
                one.sequence,
                str(RoundState(one.state).label)
                + (f", {_('afterwards')}" if one.is_retrospective else ""),
                moment(one.opened_at),
                moment(one.closed_at),
                _arithmetic(tally),
                one.content_hash[:12],
            ]
        )
    columns = [_("Round"), _("State"), _("Opened"), _("Closed"), _("Count"), _("Content")]
    return table(_("Rounds of approval"), columns, rows, numeric=(0,), empty=_("Never submitted."))


def _arithmetic(tally: RoundTally) -> str:
    """Return the count of a round as a sum anyone can redo."""
    lines = []
    if tally.required.seats:
        lines.append(_("accountable: %s") % _sum(tally.required))
    if tally.board is not None:
        board = {"sum": _sum(tally.board), "quorum": tally.quorum}
        lines.append(_("board: %(sum)s; quorum %(quorum)d") % board)
    lines.append(_("yes from others than the implementer: %d") % tally.independent_yes)
    lines.append(_("gives %s") % round_verdict(tally).value)
    return "; ".join(lines)


def _sum(tally: Tally) -> str:
    return _("%(seats)d seats - %(recused)d recused: %(yes)d yes, %(no)d no, %(open)d open") % {
        "seats": tally.seats,
        "recused": tally.recused,
        "yes": tally.approved,
        "no": tally.rejected,
        "open": tally.pending,
    }


def _seat_table(rounds: Sequence[ApprovalRound], known: Known) -> dict[str, Any]:
    rows = [
        [one.sequence, seat.party, str(seat.get_basis_display()), _because(seat, known)]
        for one in rounds
        for seat in one.approvals.all()
    ]
    columns = [_("Round"), _("Seat"), _("Basis"), _("For")]
    return table(_("Who had to decide"), columns, rows, numeric=(0,), empty=_("Nobody was asked."))


def _because(seat: Approval, known: Known) -> str:
    items = [reason for reason in seat.because if "item_id" in reason]
    codes = sorted(reason["code"] for reason in items if reason["item_id"] in known.items)
    others = len(items) - len(codes)
    words = codes + [reason["reason"] for reason in seat.because if "reason" in reason]
    if others:
        words.append(_("%d outside the scope") % others)
    return ", ".join(words) or "-"


def _vote_table(rounds: Sequence[ApprovalRound], known: Known) -> dict[str, Any]:
    rows = []
    cast = [(one, seat, seat.cast) for one in rounds for seat in one.approvals.all()]
    for one, seat, vote in cast:
        if vote is None:
            continue
        sequence, digest = known.entries.get(vote.pk, (None, ""))
        counts = "" if vote.content_hash == one.content_hash else f" ({_('other content')})"
        rows.append(
            [
                moment(vote.cast_at),
                vote.person.name + _standing_in(vote, seat),
                f"{vote.get_choice_display()}{counts}"
                + (f": {vote.reason}" if vote.reason else ""),
                str(seat.get_basis_display()),
                vote.content_hash[:12],
                f"{sequence} / {digest[:12]}" if sequence else "-",
            ]
        )
    columns = [_("When"), _("Who"), _("Said"), _("As"), _("About content"), _("Entry / hash")]
    rows.sort(key=lambda row: (row[0], row[1], row[5]))
    return table(_("Votes and recusals"), columns, rows, empty=_("Nobody has voted."))


def _standing_in(vote: Vote, seat: Approval) -> str:
    if vote.acting_for:
        return " " + _("for %s") % vote.acting_for.name
    return f" ({seat.team})" if seat.team else ""


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def moment(at: datetime | None) -> str:
    """Return a moment in the plant's time, a dash for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "-"
