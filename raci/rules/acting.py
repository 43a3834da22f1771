"""From a role to the one who acts: the nearest holder, the deputy when away, the escalation target."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Party = tuple[str, int]
EVERYWHERE = 0
DEPUTY_STEPS = 2


@dataclass(frozen=True, slots=True)
class Holding:
    """A role held by a person or team at a location (0: everywhere)."""

    id: int
    party: Party
    location_id: int = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who holds which role and who is there, at one moment.

    `holdings` is by role id; `absent` maps a person who is away to the deputy (None: nobody named);
    `team_members` counts active members, `team_parent` maps a team to the one above it.
    """

    holdings: Mapping[int, tuple[Holding, ...]] = field(default_factory=dict)
    inactive: frozenset[int] = frozenset()
    absent: Mapping[int, int | None] = field(default_factory=dict)
    team_members: Mapping[int, int] = field(default_factory=dict)
    team_parent: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who was named and who acts. `path` is everyone tried, in order; `acting` None: nobody is left.

    `problem` is "", vacant, inactive, absent or empty_team: why the one named does not act by a plain
    deputy. `by` is holder, deputy, parent_team or escalation.
    """

    holding: Holding | None = None
    holder: Party | None = None
    acting: Party | None = None
    by: str = "holder"
    problem: str = ""
    path: tuple[Party, ...] = ()


def standings(
    party: Party,
    location_ids: tuple[int, ...],
    workforce: Workforce,
    escalation_role_id: int | None = None,
) -> tuple[Standing, ...]:
    """Return who acts for a party at a place: one standing per nearest holder, never an empty tuple.

    >>> held = {5: (Holding(1, ("person", 11), 4), Holding(2, ("person", 12), 6))}
    >>> away = Workforce(holdings=held, absent={12: 13})
    >>> standings(("role", 5), (1, 4, 6), away)[0].acting
    ('person', 13)
    >>> standings(("role", 5), (1, 4), away)[0].acting
    ('person', 11)
    >>> standings(("role", 5), (2,), away)[0].problem
    'vacant'
    """
    found = [
        _escalated(standing, location_ids, workforce, escalation_role_id)
        for standing in _named(party, location_ids, workforce)
    ]
    return tuple(found)


def nearest(holdings: tuple[Holding, ...], location_ids: tuple[int, ...]) -> tuple[Holding, ...]:
    """Return the holdings at the deepest location on the way from the root, else those for everywhere.

    >>> everywhere, at_site = Holding(1, ("person", 1)), Holding(2, ("person", 2), 4)
    >>> [holding.id for holding in nearest((everywhere, at_site), (1, 4, 6))]
    [2]
    """
    for location_id in (*reversed(location_ids), EVERYWHERE):
        here = tuple(holding for holding in holdings if holding.location_id == location_id)
        if here:
            return here
    return ()


def _named(party: Party, location_ids: tuple[int, ...], workforce: Workforce) -> list[Standing]:
    """Return the standing of each nearest holder (a person or team named directly holds itself)."""
    if party[0] != "role":
        return [_present(party, workforce)]
    holdings = nearest(workforce.holdings.get(party[1], ()), location_ids)
    if not holdings:
        return [Standing(problem="vacant")]
    found = [replace(_present(one.party, workforce), holding=one) for one in holdings]
    active = [standing for standing in found if standing.problem != "inactive"]
    return active or found[:1]


def _present(party: Party, workforce: Workforce) -> Standing:
    return _present_team(party, workforce) if party[0] == "team" else _person(party, workforce)


def _person(party: Party, workforce: Workforce) -> Standing:
    """Return the person, or the deputy while away (two steps at most)."""
    if party[1] in workforce.inactive:
        return Standing(holder=party, problem="inactive", path=(party,))
    person, path = party[1], [party]
    while person in workforce.absent and len(path) <= DEPUTY_STEPS:
        deputy = workforce.absent[person]
        if deputy is None or deputy in workforce.inactive:
            break
        person = deputy
        path.append(("person", person))
    if person in workforce.absent:
        return Standing(holder=party, by="deputy", problem="absent", path=tuple(path))
    by = "holder" if len(path) == 1 else "deputy"
    return Standing(holder=party, acting=path[-1], by=by, path=tuple(path))


def _present_team(party: Party, workforce: Workforce) -> Standing:
    """Return the team, or the nearest one above it that has active members."""
    path: list[Party] = []
    team: int | None = party[1]
    while team is not None and ("team", team) not in path:
        path.append(("team", team))
        if workforce.team_members.get(team, 0):
            by = "holder" if len(path) == 1 else "parent_team"
            problem = "" if len(path) == 1 else "empty_team"
            return Standing(
                holder=party, acting=("team", team), by=by, problem=problem, path=tuple(path)
            )
        team = workforce.team_parent.get(team)
    return Standing(holder=party, by="parent_team", problem="empty_team", path=tuple(path))


def _escalated(
    standing: Standing,
    location_ids: tuple[int, ...],
    workforce: Workforce,
    role_id: int | None,
) -> Standing:
    """Return the standing with the holder of the escalation role acting, when nobody else does."""
    if standing.acting is not None or role_id is None:
        return standing
    for instead in _named(("role", role_id), location_ids, workforce):
        if instead.acting is not None:
            path = (*standing.path, *instead.path)
            return replace(standing, acting=instead.acting, by="escalation", path=path)
    return standing
