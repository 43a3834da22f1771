"""The shapes a consequence is made of: plain values, ready for pages, API, PDF and the frozen facts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from governance.models import BoardPolicy
from governance.queries.footprints import Conflict

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to do: to which items, how, when; ids of people, times with zone."""

    target_ids: tuple[int, ...]
    change_type: str
    change_model: str
    starts_at: datetime
    ends_at: datetime
    duration_minutes: int
    is_back_out_tested: bool = False
    requester_id: int | None = None
    implementer_id: int | None = None
    change_id: int | None = None

    @property
    def hours(self) -> float:
        """Return the expected outage in hours."""
        return self.duration_minutes / 60


@dataclass(frozen=True, slots=True)
class Hit:
    """An item the change reaches and what happens to it."""

    id: int
    code: str
    name: str
    kind: str
    state: str
    depth: int
    system_id: int | None = None
    place_ids: tuple[int, ...] = ()
    class_id: int | None = None
    stops_line: bool = False
    is_safety: bool = False
    is_target: bool = False


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything a change hits on the whole graph, worst first."""

    hits: tuple[Hit, ...]
    unresolved_count: int = 0
    graph_version: str = ""

    @property
    def states(self) -> list[tuple[str, str]]:
        """Return (code, state) pairs: what the impact hash covers."""
        return [(hit.code, hit.state) for hit in self.hits]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is accountable for changes to an item, and why; nobody is a finding, never a guess."""

    item_id: int
    item_code: str
    item_name: str
    person_id: int | None = None
    team_id: int | None = None
    label: str = ""
    trace: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_known(self) -> bool:
        """Tell whether somebody answers for the item."""
        return self.person_id is not None or self.team_id is not None


@dataclass(frozen=True, slots=True)
class Promise:
    """A service level some impacted items are under, with the worst that happens to any of them.

    `scope_state` is what happens to the item or system it was set on, empty when that is not hit itself.
    """

    id: int
    scope_kind: str
    scope_id: int
    scope: str
    state: str
    scope_state: str
    item_count: int
    availability_percent: str = ""
    restore_minutes: int | None = None
    lead_days: int | None = None
    cost_per_hour: float | None = None
    currency: str = ""
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class StoppedLine:
    """A line that stands still, or runs impaired, because of the change."""

    location_id: int
    code: str
    name: str
    state: str
    cost_per_hour: float
    currency: str
    because: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A party that must decide, with the impacted systems (or board reasons) that make it so."""

    basis: str
    label: str
    is_required: bool
    person_id: int | None = None
    team_id: int | None = None
    because: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader must know before trusting the answer: a gap, a tie, a short notice.

    `item_id` or `place_id` is what the sentence names: who may not see that, may not read the sentence.
    """

    code: str
    sentence: str
    item_id: int | None = None
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class Worse:
    """An item that is hit harder because other changes are at work in the window than by this one alone."""

    item_id: int
    code: str
    name: str
    state: str
    alone: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who must decide and why; `refusal` says why nobody properly can."""

    seats: tuple[Seat, ...] = ()
    policy: BoardPolicy | None = None
    quorum: int = 0
    board_reasons: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    refusal: str = ""

    @property
    def board_sits(self) -> bool:
        """Tell whether the review board has to vote."""
        return self.quorum > 0


@dataclass(frozen=True, slots=True)
class Consequence:
    """The whole answer to a question, on the whole plant; `governance.queries.views_of` hides."""

    question: Question
    impact: Impact
    owners: tuple[Owner, ...]
    promises: tuple[Promise, ...]
    lines: tuple[StoppedLine, ...]
    conflicts: tuple[Conflict, ...]
    together: tuple[Worse, ...]
    deciders: Deciders
    failure_probability: float
    cost_per_hour: float
    cost_of_outage: float
    expected_loss: float
    currency: str
    touches_safety: bool
    is_in_window: bool
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    def facts(self) -> dict[str, Any]:
        """Return what is frozen beside the impact set: plain values."""
        return {
            "owners": [_listed(owner) for owner in self.owners],
            "promises": [_listed(promise) for promise in self.promises],
            "lines": [_listed(line) for line in self.lines],
            "conflicts": [
                {"number": one.change.number, "kind": one.clash.kind} for one in self.conflicts
            ],
            "together": [_listed(one) for one in self.together],
            "findings": [_listed(one) for one in (*self.deciders.findings, *self.findings)],
            "failure_probability": self.failure_probability,
            "cost_per_hour": round(self.cost_per_hour, 2),
            "cost_of_outage": round(self.cost_of_outage, 2),
            "expected_loss": round(self.expected_loss, 2),
            "currency": self.currency,
            "touches_safety": self.touches_safety,
            "is_in_window": self.is_in_window,
            "unresolved_count": self.impact.unresolved_count,
        }


def _listed(value: "DataclassInstance") -> dict[str, Any]:
    return {
        name: list(part) if isinstance(part, tuple) else part
        for name, part in asdict(value).items()
    }
