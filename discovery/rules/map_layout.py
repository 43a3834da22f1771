"""Where a map stands on a wide page: layers as columns or bands, lines at right angles in the channels between them.

No two signs overlap, no two lines share a lane or a port, the same chart gives the same plan.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from discovery.rules.map_chart import Chart, Run, text_width
from discovery.rules.map_grid import GROUP_GAP, GROUP_HEAD, Cell, Grid, Piece, grid_of, settle
from discovery.rules.map_plan import Drawn, Face, Frame, Placed, Plan, Point, face_of

MARGIN, FRAME_PAD = 12.0, 7.0
LABEL_SIZE, LONGEST_LABEL = 11.0, 74.0
#: Two ports so near are joined by one straight line.
SLOPE = 3.1


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes in pixels: `span` along a row, `depth` across it (None: as high as the words), `lead` before all rows."""

    span: float
    depth: float | None
    most_in_row: int
    head: float
    near: float
    far: float
    lane: float
    lead: float


COLUMNS = Measures(44, 196, 10_000, GROUP_HEAD, 16, 18, 6, MARGIN)
BANDS = Measures(186, None, 5, 0, 14, 14, 6, MARGIN)
#: Room at the left of bands for what they are called.
BAND_TITLE = 128.0
#: Width of a column by how many there are.
WIDTHS = {1: 250.0, 2: 250.0, 3: 236.0, 4: 196.0}
SLIM = 172.0
#: A chart with a wider pitch has labels at its lines.
PITCHED = 12


@dataclass(frozen=True, slots=True)
class Lane:
    """The way of a piece through a channel: from port to port, along `at` when the two are not opposite."""

    start: float
    end: float
    at: int | None


def wide(chart: Chart) -> Plan:
    """Return the plan of a chart for a page of about 1,150 pixels."""
    is_columns = chart.run is Run.COLUMNS
    sizes = COLUMNS if is_columns else BANDS
    grid = grid_of(chart, most_in_row=sizes.most_in_row, base_span=sizes.span)
    depth = _column_width(grid, chart.pitch) if is_columns else sizes.span
    faces = {cell.key: face_of(cell.sign, depth) for cell in grid.cells.values() if cell.sign}
    _measure(grid, faces, chart.pitch, sizes, is_columns=is_columns)
    if not grid.cells:
        return Plan(400, 60, (), (), ())
    settle(grid, head=sizes.head)
    depths = [_depth(row, faces, depth if is_columns else None) for row in grid.rows]
    lanes, counts = _lanes(grid, chart.pitch)
    labels = _label_room(grid) if chart.pitch > PITCHED else 0.0
    starts, total = _starts(depths, counts, sizes, labels, bands=grid.bands)
    drawing = _Drawing(grid, faces, depths, starts, sizes, is_columns=is_columns, labels=labels)
    return drawing.plan(chart, lanes, total)


def _column_width(grid: Grid, pitch: float) -> float:
    return WIDTHS.get(len(grid.rows), SLIM) if pitch <= PITCHED else SLIM


def _measure(
    grid: Grid, faces: Mapping[str, Face], pitch: float, sizes: Measures, *, is_columns: bool
) -> None:
    """Give each cell the length its words and its lines take."""
    before, after = _sides(grid)
    for cell in grid.cells.values():
        if cell.sign is None:
            cell.span = pitch
            continue
        words = faces[cell.key].height if is_columns else sizes.span
        ends = max(len(before[cell.key]), len(after[cell.key]))
        cell.span = max(words, pitch * (ends + 1))


def _sides(grid: Grid) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Return the pieces that end at the side of each cell towards the row before, and towards the one after."""
    before: dict[str, list[int]] = defaultdict(list)
    after: dict[str, list[int]] = defaultdict(list)
    for number, piece in enumerate(grid.pieces):
        after[piece.first].append(number)
        is_level = grid.cells[piece.first].row == grid.cells[piece.second].row
        (after if is_level else before)[piece.second].append(number)
    return before, after


def _depth(row: Sequence[Cell], faces: Mapping[str, Face], given: float | None) -> float:
    if given is not None:
        return given
    return max((faces[cell.key].height for cell in row if cell.sign), default=20.0)


def _lanes(grid: Grid, pitch: float) -> tuple[list[Lane], list[int]]:
    """Return the way of each piece, and how many lanes the channel after each row has."""
    ports = _ports(grid, pitch)
    found: dict[int, Lane] = {}
    counts = [0] * len(grid.rows)
    by_channel: dict[int, list[int]] = defaultdict(list)
    for number, piece in enumerate(grid.pieces):
        by_channel[grid.cells[piece.first].row].append(number)
    for channel, numbers in by_channel.items():
        ways = {number: ports[number] for number in numbers}
        level = {n for n in numbers if _is_level(grid, grid.pieces[n])}
        counts[channel] = _share_lanes(ways, level, pitch, found)
    return [found[number] for number in range(len(grid.pieces))], counts


def _is_level(grid: Grid, piece: Piece) -> bool:
    return grid.cells[piece.first].row == grid.cells[piece.second].row


def _share_lanes(
    ways: Mapping[int, tuple[float, float]],
    level: set[int],
    pitch: float,
    found: dict[int, Lane],
) -> int:
    """Put the pieces of a channel on lanes where none touches another; return how many lanes it took."""
    falling = sorted((n for n in ways if ways[n][0] <= ways[n][1]), key=lambda n: (-ways[n][0], n))
    climbing = sorted((n for n in ways if ways[n][0] > ways[n][1]), key=lambda n: (ways[n][0], n))
    taken: list[list[tuple[float, float]]] = []
    for number in [*falling, *climbing]:
        start, end = ways[number]
        if number not in level and abs(start - end) <= SLOPE:
            found[number] = Lane(start, end, None)
            continue
        low, high = min(start, end) - 3, max(start, end) + 3
        place = next(
            (
                n
                for n, held in enumerate(taken)
                if all(high < other[0] or low > other[1] for other in held)
            ),
            len(taken),
        )
        if place == len(taken):
            taken.append([])
        taken[place].append((low, high))
        found[number] = Lane(start, end, place)
    return len(taken)


def _ports(grid: Grid, pitch: float) -> list[tuple[float, float]]:
    """Return where along its row each piece starts and ends.

    Ports towards the row after stand on odd halves of the pitch, those towards the row before on even ones, lines that
    pass a row on the quarters between: two lines in one channel never run on top of each other.
    """
    before, after = _sides(grid)
    at: dict[tuple[int, str, bool], float] = {}
    for is_after, sides in ((False, before), (True, after)):
        for key, numbers in sides.items():
            cell = grid.cells[key]
            ordered = sorted(numbers, key=lambda n: (_other(grid, grid.pieces[n], key).middle, n))
            for place, number in enumerate(ordered):
                middle = cell.middle + (place - (len(ordered) - 1) / 2) * pitch
                at[number, key, is_after] = _snap(middle, pitch, _offset(cell, is_after=is_after))
    return [
        (
            at[number, piece.first, True],
            at[number, piece.second, _is_level(grid, piece)],
        )
        for number, piece in enumerate(grid.pieces)
    ]


def _other(grid: Grid, piece: Piece, key: str) -> Cell:
    return grid.cells[piece.second if piece.first == key else piece.first]


def _offset(cell: Cell, *, is_after: bool) -> float:
    """Return on which part of the pitch the ports of a cell stand."""
    if cell.sign is None:
        return 0.25 if cell.row % 2 else 0.75
    return 0.5 if is_after else 0.0


def _snap(value: float, pitch: float, offset: float) -> float:
    return (floor(value / pitch - offset + 0.5) + offset) * pitch


def _label_room(grid: Grid) -> float:
    widths = [text_width(tie.label, LABEL_SIZE) for tie in grid.ties if tie.label]
    return min(LONGEST_LABEL, max(widths)) + 14 if widths else 0.0


def _starts(
    depths: Sequence[float],
    counts: Sequence[int],
    sizes: Measures,
    labels: float,
    *,
    bands: Sequence[int],
) -> tuple[list[tuple[float, float]], float]:
    """Return where each row starts and where its first lane is, and how deep the whole is."""
    starts: list[tuple[float, float]] = []
    place = sizes.lead + FRAME_PAD
    for number, (depth, lanes) in enumerate(zip(depths, counts, strict=True)):
        starts.append((place, place + depth + sizes.near))
        is_last = number == len(depths) - 1
        channel = sizes.near + max(0, lanes - 1) * sizes.lane + (sizes.far if not is_last else 4)
        if not is_last:
            channel = max(channel, 46.0 if sizes.depth else 2 * FRAME_PAD + 10) + labels
            channel += 10 if bands[number] != bands[number + 1] and not sizes.depth else 0
        elif lanes == 0:
            channel = 0
        elif labels:
            channel += labels
        place += depth + channel
    return starts, place + FRAME_PAD + MARGIN


@dataclass(frozen=True)
class _Drawing:
    """Turns rows and lanes into pixels."""

    grid: Grid
    faces: Mapping[str, Face]
    depths: Sequence[float]
    starts: Sequence[tuple[float, float]]
    sizes: Measures
    is_columns: bool
    labels: float

    def plan(self, chart: Chart, lanes: Sequence[Lane], total: float) -> Plan:
        """Return the plan."""
        placed = tuple(self._placed(cell) for cell in self.grid.cells.values() if cell.sign)
        drawn = tuple(self._drawn(lanes))
        across = max(cell.middle + cell.span / 2 for cell in self.grid.cells.values())
        lead = MARGIN if self.is_columns else BAND_TITLE
        length = across + lead + MARGIN + (FRAME_PAD if self.is_columns else 0)
        width, height = (total, length) if self.is_columns else (length, total)
        frames = self._groups(placed) if self.is_columns else self._bands(chart, width)
        return Plan(width, height, placed, tuple(frames), drawn)

    def _point(self, deep: float, along: float) -> Point:
        if self.is_columns:
            return round(deep, 1), round(along + MARGIN, 1)
        return round(along + BAND_TITLE, 1), round(deep, 1)

    def _placed(self, cell: Cell) -> Placed:
        assert cell.sign is not None  # noqa: S101 - the caller leaves out what is only passed
        x, y = self._point(self.starts[cell.row][0], cell.middle - cell.span / 2)
        depth = self.depths[cell.row]
        size = (depth, cell.span) if self.is_columns else (cell.span, depth)
        return Placed(cell.sign, self.faces[cell.key], x, y, *size)

    def _drawn(self, lanes: Sequence[Lane]) -> Iterable[Drawn]:
        ways: dict[int, list[Point]] = defaultdict(list)
        ends: dict[int, Point] = {}
        for piece, lane in zip(self.grid.pieces, lanes, strict=True):
            ways[piece.tie].extend(self._way(piece, lane))
            ends[piece.tie] = ways[piece.tie][-1]
        for number, points in ways.items():
            tie = self.grid.ties[number]
            is_turned = self.grid.cells[tie.source].row > self.grid.cells[tie.target].row
            label_at = (ends[number][0] - 9, ends[number][1] - 3) if self.labels else None
            if self.labels and self._is_level(number):
                label_at = (ends[number][0] + self.labels, ends[number][1] - 3)
            yield Drawn(tie, tuple(points[::-1] if is_turned else points), label_at)

    def _is_level(self, number: int) -> bool:
        tie = self.grid.ties[number]
        return self.grid.cells[tie.source].row == self.grid.cells[tie.target].row

    def _way(self, piece: Piece, lane: Lane) -> list[Point]:
        first, second = self.grid.cells[piece.first], self.grid.cells[piece.second]
        edge = self.starts[first.row][0] + self.depths[first.row]
        is_level = first.row == second.row
        there = edge if is_level else self.starts[second.row][0]
        points = [self._point(edge, lane.start)]
        if lane.at is not None:
            deep = self.starts[first.row][1] + lane.at * self.sizes.lane
            deep += self.labels if is_level else 0
            points += [self._point(deep, lane.start), self._point(deep, lane.end)]
        points.append(self._point(there, lane.end))
        return points

    def _groups(self, placed: Sequence[Placed]) -> Iterable[Frame]:
        """Return a frame around the signs of one place that stand together in a column."""
        rows = {cell.key: cell.row for cell in self.grid.cells.values()}
        inside: dict[tuple[int, int, str], list[Placed]] = defaultdict(list)
        for one in placed:
            if one.sign.group:
                part = self.grid.cells[one.sign.key].part
                inside[rows[one.sign.key], part, one.sign.group].append(one)
        for (_row, _part, title), found in inside.items():
            for near in _close(found):
                top = near[0].y - GROUP_HEAD + 2
                bottom = near[-1].y + near[-1].height + FRAME_PAD
                left, width = near[0].x - FRAME_PAD, near[0].width + 2 * FRAME_PAD
                yield Frame(title, left, top, width, bottom - top)

    def _bands(self, chart: Chart, width: float) -> Iterable[Frame]:
        """Return a band behind the rows of each layer."""
        heads = {band.layer: band for band in chart.bands}
        for layer, rows in _rows_of(self.grid.bands).items():
            top = self.starts[rows[0]][0] - 9
            bottom = self.starts[rows[-1]][0] + self.depths[rows[-1]] + 9
            head = heads.get(layer)
            title, is_marked = (head.title, head.is_marked) if head else ("", False)
            yield Frame(title, 0, top, width, bottom - top, is_band=True, is_marked=is_marked)


def _close(found: Iterable[Placed]) -> Iterable[list[Placed]]:
    """Yield the signs of one place in one column, parted where there is room for a title between two."""
    near: list[Placed] = []
    for one in sorted(found, key=lambda placed: placed.y):
        if near and one.y - near[-1].y - near[-1].height > GROUP_HEAD + 2 * GROUP_GAP:
            yield near
            near = []
        near.append(one)
    if near:
        yield near


def _rows_of(bands: Sequence[int]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = defaultdict(list)
    for row, layer in enumerate(bands):
        rows[layer].append(row)
    return rows
