"""A map on sheets of paper: as large as its words stay legible, cut between signs where it does not fit on one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from discovery.rules.map_plan import Placed, Plan

#: Words are 13 px; below this part of it (6 pt in print) they are no longer read.
SMALLEST, LARGEST = 0.62, 1.25
#: How far a cut may move back to miss the signs, as a part of a page, and what two pages share where it cannot.
SLACK, OVERLAP = 0.3, 40.0
#: What of the pages is filled, so that cuts between signs do not take one page more.
SPARE = 0.88


@dataclass(frozen=True, slots=True)
class Slice:
    """What stands on one page: from `top`, `height` high, in pixels of the plan."""

    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheets:
    """The pages of a plan and the scale they are drawn at."""

    scale: float
    slices: tuple[Slice, ...]


def sheets_of(plan: Plan, *, width: float, height: float) -> Sheets:
    """Return the pages a plan takes on paper with so much room, in pixels.

    >>> sheets_of(Plan(700, 900, (), (), ()), width=1400, height=900)
    Sheets(scale=1.0, slices=(Slice(top=0.0, height=900),))
    """
    across = min(LARGEST, width / plan.width)
    whole = min(across, height / plan.height)
    if whole >= SMALLEST or whole >= across - 0.001:
        return Sheets(whole, (Slice(0.0, plan.height),))
    pages = ceil(plan.height * SMALLEST / height)
    scale = min(across, SPARE * pages * height / plan.height)
    room = height / scale
    slices: list[Slice] = []
    top = 0.0
    while top < plan.height:
        end = min(plan.height, top + room)
        if end < plan.height:
            end = _between(plan.placed, end, top + room * (1 - SLACK))
        slices.append(Slice(top, end - top))
        is_cut = any(one.y < end < one.y + one.height for one in plan.placed)
        top = end - (OVERLAP if is_cut else 0.0)
    return Sheets(scale, tuple(slices))


def _between(placed: Sequence[Placed], latest: float, earliest: float) -> float:
    """Return the last place before `latest` where no sign stands, or `latest` when there is none."""
    place = latest
    while place >= earliest:
        hit = [one.y for one in placed if one.y < place < one.y + one.height]
        if not hit:
            return place
        place = min(hit) - 1
    return latest
