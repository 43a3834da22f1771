"""From a question to its whole consequence: what is hit, who owns it, what it costs, who must decide.

Computed on the whole plant, whoever asks; what a reader may not see is hidden in `visible.py`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from assets.models import ConfigurationItem
from governance.models import BoardPolicy
from governance.queries.answers import (
    Consequence,
    Finding,
    Impact,
    Promise,
    Question,
    StoppedLine,
)
from governance.queries.deciders import Stakes, derive, policy_for_paths
from governance.queries.experience import probability_of_failure
from governance.queries.footprints import Conflict, conflicts_of
from governance.queries.sources import impact_of, owners_of, promises_of, stopped_lines_of
from governance.queries.together import together_of
from governance.rules.conflicts import AllowedWindow, is_in_window
from governance.rules.risk import CostLine, cost_at_stake

#: Impacted states in which a part drags its system into the decision.
PART_STATES = frozenset({"down", "unknown"})


def consequence_of(question: Question, *, at: datetime) -> Consequence:
    """Return the consequence of a question as things stand at a moment.

    Errors of the graph or the resolver are not caught: without an answer there is no decision.
    """
    impact = impact_of(question)
    owners = owners_of(decided_ids(impact), at=at)
    promises = promises_of(impact, hours=question.hours, at=question.starts_at)
    lines = stopped_lines_of(impact, at=question.starts_at)
    targets = [hit for hit in impact.hits if hit.is_target]
    policy = policy_for_paths(paths_of(question.target_ids))
    costs = cost_lines(impact, promises, lines)
    probability = probability_of_failure(
        change_model=question.change_model,
        team_ids=_teams_of(question.implementer_id),
        class_ids=[hit.class_id for hit in targets if hit.class_id],
    )
    outage_cost = cost_at_stake(costs, question.hours)
    stakes = Stakes(
        expected_loss=probability * outage_cost,
        touches_safety=any(hit.is_safety for hit in impact.hits),
        is_in_window=in_allowed_window(policy, question),
    )
    return Consequence(
        question=question,
        impact=impact,
        owners=tuple(owners),
        promises=tuple(promises),
        lines=tuple(lines),
        conflicts=tuple(_conflicts(question)),
        together=tuple(together_of(question, impact)),
        deciders=derive(question=question, owners=owners, stakes=stakes, policy=policy),
        failure_probability=probability,
        cost_per_hour=sum(line.cost_per_hour for line in costs if line.state == "down"),
        cost_of_outage=outage_cost,
        expected_loss=stakes.expected_loss,
        currency=next((line.currency for line in costs), policy.currency if policy else "EUR"),
        touches_safety=stakes.touches_safety,
        is_in_window=stakes.is_in_window,
        findings=tuple(_findings(impact, promises, costs, question, at)),
    )


def decided_ids(impact: Impact) -> list[int]:
    """Return the ids whose accountable party decides: impacted systems, systems of the targets and of
    parts that go down, and targets that belong to no system."""
    found: dict[int, None] = {}
    for hit in impact.hits:
        if hit.kind == "system":
            found[hit.id] = None
        elif hit.system_id is not None and (hit.is_target or hit.state in PART_STATES):
            found[hit.system_id] = None
        elif hit.is_target:
            found[hit.id] = None
    return list(found)


def cost_lines(
    impact: Impact, promises: Sequence[Promise], lines: Sequence[StoppedLine]
) -> list[CostLine]:
    """Return what costs money, nothing twice: an item in a stopped line is in the line's cost.

    A system that is not hit itself but has parts that are counts as degraded.
    """
    stopped = {line.location_id for line in lines if line.cost_per_hour}
    covered = {hit.id for hit in impact.hits if stopped.intersection(hit.place_ids)}
    found = [
        CostLine(line.name, line.state, line.cost_per_hour, line.currency)
        for line in lines
        if line.cost_per_hour
    ]
    found.extend(
        CostLine(
            promise.scope,
            promise.scope_state or "degraded",
            promise.cost_per_hour,
            promise.currency,
        )
        for promise in promises
        if promise.cost_per_hour
        and promise.scope_kind != "location"
        and promise.scope_id not in covered
    )
    return found


def in_allowed_window(policy: BoardPolicy | None, question: Question) -> bool:
    """Tell whether the question's window is one in which the board welcomes changes."""
    if policy is None:
        return True
    weekdays = frozenset(int(day) for day in policy.window_weekdays.split(",") if day)
    allowed = AllowedWindow(weekdays, policy.window_opens, policy.window_closes)
    starts, ends = timezone.localtime(question.starts_at), timezone.localtime(question.ends_at)
    return is_in_window(allowed, starts.replace(tzinfo=None), ends.replace(tzinfo=None))


def paths_of(item_ids: Sequence[int]) -> list[str]:
    """Return the location path of each item, empty for one without a location."""
    rows = ConfigurationItem.objects.filter(pk__in=item_ids).order_by("pk")
    return [path or "" for path in rows.values_list("location__path", flat=True)]


def _teams_of(person_id: int | None) -> list[int]:
    return list(Membership.objects.filter(person=person_id).values_list("team_id", flat=True))


def _conflicts(question: Question) -> list[Conflict]:
    return conflicts_of(
        starts_at=question.starts_at,
        ends_at=question.ends_at,
        target_ids=question.target_ids,
        implementer_id=question.implementer_id,
        except_change_id=question.change_id,
    )


def _findings(
    impact: Impact,
    promises: Sequence[Promise],
    costs: Sequence[CostLine],
    question: Question,
    at: datetime,
) -> list[Finding]:
    found = []
    if impact.unresolved_count:
        sentence = ngettext(
            "%d relation at these items leads to something unknown.",
            "%d relations at these items lead to something unknown.",
            impact.unresolved_count,
        )
        found.append(Finding("unresolved", sentence % impact.unresolved_count))
    if unknown := sum(hit.state == "unknown" for hit in impact.hits):
        sentence = ngettext(
            "%d item cannot be judged: its redundancy is not declared.",
            "%d items cannot be judged: their redundancy is not declared.",
            unknown,
        )
        found.append(Finding("unknown", sentence % unknown))
    if len({line.currency for line in costs}) > 1:
        found.append(Finding("currency", _("Costs stand in several currencies; the sum is rough.")))
    if question.duration_minutes * 60 > (question.ends_at - question.starts_at).total_seconds():
        found.append(Finding("window", _("The expected outage is longer than the window.")))
    found.extend(_short_notice(promises, question, at))
    return found


def _short_notice(promises: Sequence[Promise], question: Question, at: datetime) -> list[Finding]:
    notice = (question.starts_at - at).total_seconds() / 86_400
    return [
        Finding(
            "notice",
            _("%(item)s expects %(days)d days of notice before a change.")
            % {"item": promise.scope, "days": promise.lead_days},
            item_id=None if promise.scope_kind == "location" else promise.scope_id,
            place_id=promise.scope_id if promise.scope_kind == "location" else None,
        )
        for promise in promises
        if promise.lead_days and notice < promise.lead_days
    ]
