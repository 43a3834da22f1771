"""How changes of a kind went so far: the basis of the failure probability, and how good it is."""

from collections.abc import Sequence

from django.db.models import Count, Q

from governance.choices import ChangeState
from governance.models import ChangeRequest
from governance.rules.risk import Experience, brier_score, failure_probability

FINISHED = (ChangeState.COMPLETED, ChangeState.FAILED)


def probability_of_failure(
    *, change_model: str, team_ids: Sequence[int], class_ids: Sequence[int]
) -> float:
    """Return the failure probability: this change model, by these teams, on these item classes."""
    finished = ChangeRequest.objects.filter(state__in=FINISHED, change_model=change_model)
    by_team = finished.filter(implementer__memberships__team__in=team_ids)
    on_class = by_team.filter(targets__item_class__in=class_ids)
    nested = [_experience(rows) for rows in (finished, by_team, on_class)]
    return round(failure_probability(change_model, nested), 4)


def _experience(rows: object) -> Experience:
    counted = rows.aggregate(  # type: ignore[attr-defined]
        count=Count("pk", distinct=True),
        failures=Count("pk", distinct=True, filter=Q(state=ChangeState.FAILED)),
    )
    return Experience(counted["failures"], counted["count"])


def published_brier_score() -> float | None:
    """Return the Brier score of all forecasts whose change is finished."""
    rows = ChangeRequest.objects.filter(
        state__in=FINISHED, failure_probability__isnull=False
    ).values_list("failure_probability", "state")
    return brier_score([(p or 0.0, state == ChangeState.FAILED) for p, state in rows])
