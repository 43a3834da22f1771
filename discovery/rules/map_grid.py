"""Signs in rows with few crossings: long ties pass through empty cells, each row is ordered by what it is tied to.

The layered drawing of Sugiyama, Tagawa and Toda (1981): layers, dummies, barycentres; the positions along a row are
the least squares under the order (pool adjacent violators).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from discovery.rules.map_chart import Chart, Sign, Tie, without_loops

SWEEPS = 8
#: How much more a tie that only passes wants to run straight.
STRAIGHT = 4
GAP, GROUP_GAP, GROUP_HEAD, DUMMY_SPAN = 12.0, 14.0, 22.0, 6.0


@dataclass(slots=True)
class Cell:
    """A sign, or a place where a long tie passes, in a row. `middle` is its position along the row, `span` its length."""

    key: str
    row: int
    group: str
    span: float
    part: int = 0
    sign: Sign | None = None
    middle: float = 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a tie between two cells of one row or of neighbouring rows, the upper row first."""

    tie: int
    first: str
    second: str


@dataclass
class Grid:
    """Rows of cells and what runs between them; `bands` is the layer each row belongs to."""

    rows: list[list[Cell]]
    bands: list[int]
    ties: Sequence[Tie]
    pieces: list[Piece] = field(default_factory=list)
    cells: dict[str, Cell] = field(default_factory=dict)
    has_groups: bool = True


def grid_of(chart: Chart, *, most_in_row: int, base_span: float) -> Grid:
    """Return the signs of a chart in rows, a layer with more than `most_in_row` signs in several."""
    rows, bands = _rows(chart.signs, most_in_row)
    ties = without_loops(chart.ties, (one.key for one in chart.signs))
    parts = parts_of(chart.signs, ties)
    grid = Grid([], bands, ties)
    for number, signs in enumerate(rows):
        row = [Cell(one.key, number, one.group, base_span, parts[one.key], one) for one in signs]
        grid.rows.append(row)
        grid.cells.update((cell.key, cell) for cell in row)
    for place, tie in enumerate(ties):
        _add_pieces(grid, place, tie)
    return grid


def _rows(signs: Sequence[Sign], most: int) -> tuple[list[list[Sign]], list[int]]:
    layers: dict[int, list[Sign]] = defaultdict(list)
    for one in signs:
        layers[one.layer].append(one)
    rows: list[list[Sign]] = []
    bands: list[int] = []
    for layer in sorted(layers):
        inside = layers[layer]
        count = -(-len(inside) // most)
        size = -(-len(inside) // count)
        for start in range(0, len(inside), size):
            rows.append(inside[start : start + size])
            bands.append(layer)
    return rows, bands


def parts_of(signs: Sequence[Sign], ties: Sequence[Tie]) -> dict[str, int]:
    """Return the number of the connected part each sign is in, the largest first, what is alone last."""
    beside: dict[str, list[str]] = defaultdict(list)
    for tie in ties:
        beside[tie.source].append(tie.target)
        beside[tie.target].append(tie.source)
    found: list[list[str]] = []
    seen: set[str] = set()
    for one in signs:
        if one.key in seen:
            continue
        part, waiting = [], [one.key]
        seen.add(one.key)
        while waiting:
            key = waiting.pop()
            part.append(key)
            new = [other for other in beside[key] if other not in seen]
            seen.update(new)
            waiting.extend(new)
        found.append(part)
    found.sort(key=lambda part: -len(part))
    return {key: number for number, part in enumerate(found) for key in part}


def _add_pieces(grid: Grid, place: int, tie: Tie) -> None:
    ends = sorted((tie.source, tie.target), key=lambda key: grid.cells[key].row)
    upper, lower = (grid.cells[key] for key in ends)
    keys = [upper.key]
    for row in range(upper.row + 1, lower.row):
        key = f"~{place}:{row}"
        cell = Cell(key, row, key, DUMMY_SPAN, upper.part)
        grid.rows[row].append(cell)
        grid.cells[key] = cell
        keys.append(key)
    keys.append(lower.key)
    grid.pieces.extend(Piece(place, first, second) for first, second in pairwise(keys))


def settle(grid: Grid, *, head: float) -> None:
    """Order each row and give each cell its position; `head` is the room for the title of a group."""
    above, below = _neighbours(grid)
    for row in grid.rows:
        row.sort(key=lambda cell: (cell.part, cell.group or "~", cell.key))
        _pack(row, head)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        rows = grid.rows if down else grid.rows[::-1]
        for row in rows:
            _order(row, grid, above if down else below)
            _pack(row, head)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        rows = grid.rows if down else grid.rows[::-1]
        for row in rows:
            _align(row, grid, above if down else below, head)
    _close_up(grid, head)
    least = min(cell.middle - cell.span / 2 for cell in grid.cells.values())
    for cell in grid.cells.values():
        cell.middle -= least - head


def _neighbours(grid: Grid) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    level: dict[str, list[str]] = defaultdict(list)
    for piece in grid.pieces:
        if grid.cells[piece.first].row != grid.cells[piece.second].row:
            below[piece.first].append(piece.second)
            above[piece.second].append(piece.first)
        else:
            level[piece.first].append(piece.second)
            level[piece.second].append(piece.first)
    for key, found in level.items():
        if key not in above and key not in below:
            above[key], below[key] = found, found
    return above, below


def _wanted(cell: Cell, grid: Grid, beside: dict[str, list[str]]) -> float:
    """Return the mean position of what a cell is tied to; where ties pass, they would rather run straight."""
    total, weights = 0.0, 0
    for other in (grid.cells[key] for key in beside.get(cell.key, ())):
        weight = STRAIGHT if other.sign is None and cell.sign is None else 1
        total, weights = total + other.middle * weight, weights + weight
    return total / weights if weights else cell.middle


def _order(row: list[Cell], grid: Grid, beside: dict[str, list[str]]) -> None:
    """Sort a row by where its cells are tied to, groups and connected parts staying together."""
    wanted = {cell.key: _wanted(cell, grid, beside) for cell in row}
    members: dict[tuple[int, str], list[float]] = defaultdict(list)
    for cell in row:
        members[cell.part, cell.group or cell.key].append(wanted[cell.key])
    means = {group: sum(found) / len(found) for group, found in members.items()}
    row.sort(
        key=lambda cell: (
            cell.part,
            means[cell.part, cell.group or cell.key],
            cell.group or cell.key,
            wanted[cell.key],
            cell.key,
        )
    )


def _step(one: Cell, other: Cell, head: float) -> float:
    """Return how far the middles of two neighbours in a row stand apart at least."""
    apart = (one.span + other.span) / 2
    if one.sign is None and other.sign is None:
        return apart + 2
    if one.group != other.group and head and (other.sign is not None or one.sign is not None):
        return apart + GROUP_GAP + (head if other.sign is not None and other.group else 4)
    return apart + GAP


def _pack(row: Sequence[Cell], head: float) -> None:
    """Put the cells of a row side by side around the middle."""
    places = [0.0]
    for one, other in pairwise(row):
        places.append(places[-1] + _step(one, other, head))
    for cell, place in zip(row, places, strict=False):
        cell.middle = place - places[-1] / 2


def _align(row: Sequence[Cell], grid: Grid, beside: dict[str, list[str]], head: float) -> None:
    """Move the cells of a row as near as their order allows to what they are tied to."""
    offsets = [0.0]
    for one, other in pairwise(row):
        offsets.append(offsets[-1] + _step(one, other, head))
    wanted = [
        _wanted(cell, grid, beside) - offset for cell, offset in zip(row, offsets, strict=False)
    ]
    weights = [STRAIGHT if cell.sign is None else 1 for cell in row]
    for cell, place, offset in zip(row, rising(wanted, weights), offsets, strict=False):
        cell.middle = place + offset


def _close_up(grid: Grid, head: float) -> None:
    """Move each connected part as near to those before it as its rows allow."""
    parts = sorted({cell.part for cell in grid.cells.values()})
    for part in parts[1:]:
        free = min(_room_before(row, part, head) for row in grid.rows)
        for cell in grid.cells.values():
            if cell.part == part:
                cell.middle -= free


def _room_before(row: Sequence[Cell], part: int, head: float) -> float:
    """Return how far the cells of a part can move towards the start of a row."""
    place = next((n for n, cell in enumerate(row) if cell.part == part), None)
    if place is None:
        return float("inf")
    first = row[place]
    if place == 0:
        others = [cell.middle - cell.span / 2 for cell in row if cell.part != part]
        return first.middle - first.span / 2 - min(others, default=0.0)
    return first.middle - row[place - 1].middle - _step(row[place - 1], first, head)


def rising(wanted: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Return the numbers that never fall and are nearest to the wanted ones (pool adjacent violators).

    >>> rising([1, 5, 3, 4], [1, 1, 1, 1])
    [1.0, 4.0, 4.0, 4.0]
    """
    blocks: list[tuple[float, int, int]] = []
    for value, weight in zip(wanted, weights, strict=True):
        total, heavy, count = float(value) * weight, weight, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / heavy:
            before, load, size = blocks.pop()
            total, heavy, count = total + before, heavy + load, count + size
        blocks.append((total, heavy, count))
    return [total / heavy for total, heavy, count in blocks for _place in range(count)]
