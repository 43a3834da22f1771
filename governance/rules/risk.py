"""How likely a change fails, what that would cost, and when the board must see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

#: Weight of the wider experience against one's own: worth this many changes. [own]
KAPPA = 10.0
#: Failure probability before any change was recorded, by change model. [own]
PRIOR: Mapping[str, float] = MappingProxyType({"standard": 0.02, "normal": 0.08, "emergency": 0.2})
#: P(an item in this state costs production). [own]
PROPAGATION: Mapping[str, float] = MappingProxyType(
    {"down": 1.0, "unknown": 0.5, "degraded": 0.25, "redundancy_lost": 0.05, "up": 0.0}
)


@dataclass(frozen=True, slots=True)
class Experience:
    """Finished changes of one kind."""

    failures: int = 0
    count: int = 0


def shrunk(experience: Experience, parent: float, kappa: float = KAPPA) -> float:
    """Return p = (failures + kappa * p_parent) / (n + kappa).

    >>> shrunk(Experience(0, 0), 0.1)
    0.1
    >>> round(shrunk(Experience(5, 10), 0.1), 3)
    0.3
    """
    return (experience.failures + kappa * parent) / (experience.count + kappa)


def failure_probability(change_model: str, nested: Iterable[Experience]) -> float:
    """Return the failure probability, shrunk level by level: change model, team, asset class.

    >>> failure_probability("normal", [])
    0.08
    >>> failure_probability("normal", [Experience(10, 10)]) > 0.5
    True
    """
    probability = PRIOR.get(change_model, max(PRIOR.values()))
    for experience in nested:
        probability = shrunk(experience, probability)
    return probability


@dataclass(frozen=True, slots=True)
class CostLine:
    """Something that costs money while it is in a state: a line or a system."""

    label: str
    state: str
    cost_per_hour: float
    currency: str = "EUR"


def cost_at_stake(lines: Sequence[CostLine], hours: float) -> float:
    """Return sum of P(propagate) * hours * cost per hour, in the lines' currency.

    >>> cost_at_stake([CostLine("Line 1", "down", 1000.0), CostLine("MES", "degraded", 400.0)], 2)
    2200.0
    """
    return sum(PROPAGATION.get(line.state, 1.0) * hours * line.cost_per_hour for line in lines)


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What the rules for the board look at; money in one currency."""

    expected_loss: float
    loss_threshold: float
    touches_safety: bool
    is_back_out_tested: bool
    is_in_window: bool
    unowned: int = 0


def board_reasons(facts: RiskFacts) -> list[tuple[str, str]]:
    """Return why the board must decide, as (code, value); an empty list: it need not.

    >>> board_reasons(RiskFacts(10.0, 1000.0, False, True, True))
    []
    >>> [code for code, _ in board_reasons(RiskFacts(5000.0, 1000.0, True, False, False, 1))]
    ['loss', 'safety', 'back_out', 'window', 'unowned']
    """
    found = []
    if facts.expected_loss >= facts.loss_threshold:
        found.append(("loss", f"{facts.expected_loss:.0f}"))
    if facts.touches_safety:
        found.append(("safety", ""))
    if not facts.is_back_out_tested:
        found.append(("back_out", ""))
    if not facts.is_in_window:
        found.append(("window", ""))
    if facts.unowned:
        found.append(("unowned", str(facts.unowned)))
    return found


def brier_score(forecasts: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean squared error of (forecast probability, did fail); None without forecasts.

    >>> brier_score([(0.1, False), (0.9, True)])
    0.01
    >>> brier_score([]) is None
    True
    """
    if not forecasts:
        return None
    total = sum((probability - float(failed)) ** 2 for probability, failed in forecasts)
    return round(total / len(forecasts), 4)
