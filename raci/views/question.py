"""What every page about owners asks: at which place, for which activity, at which moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from assets.models import Location
from raci.access import activities_visible_to, place_named, places_to_ask
from raci.models import Activity
from raci.queries.moments import moment_of


@dataclass(frozen=True)
class Question:
    """The place, activity and moment asked for, and what else could be."""

    place: Location
    activity: Activity
    at: datetime
    at_text: str
    places: list[Location]
    activities: list[Activity]

    @property
    def query(self) -> str:
        """Return the question as a query string, without the place."""
        given = QueryDict(mutable=True)
        given["activity"] = self.activity.code
        if self.at_text:
            given["at"] = self.at_text
        return given.urlencode()


def question_of(
    user: Any,  # noqa: ANN401 - the logged-in user
    given: QueryDict,
    *,
    site: dict[str, Any],
    now: datetime,
) -> Question | None:
    """Return what is asked; None while there is no place or no activity to ask about."""
    places = list(places_to_ask(user))
    activities = list(activities_visible_to(user).order_by("path"))
    if not places or not activities:
        return None
    text = given.get("place") or str(site.get("id") or "")
    place = place_named(user, text) if text else places[0]
    roots = [one for one in activities if one.parent_id is None]
    first = min(roots, key=lambda one: one.pk)
    code = given.get("activity", "")
    at_text = given.get("at", "")
    return Question(
        place=place,
        activity=next((one for one in activities if one.code == code), first),
        at=moment_of(at_text, now=now),
        at_text=at_text,
        places=places,
        activities=activities,
    )
