"""Where a map stands on a phone: signs below each other, every tie a line of its own at the right.

What hangs on a switch is indented below it; of the other ties those whose ends are near stand nearest to the signs.
The same rules as on a wide page: nothing overlaps, nothing is left to chance.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from discovery.rules.map_chart import Chart, Run, Sign, Tie, without_loops
from discovery.rules.map_grid import parts_of
from discovery.rules.map_plan import Drawn, Face, Frame, Placed, Plan, face_of

WIDTH, LEAST_TILE, GAP, HEAD, INDENT = 348.0, 176.0, 12.0, 30.0, 22.0
#: Where the trunk of a sign's branches stands from its left edge.
TRUNK = 7.0
PITCH = 7.0
#: Distance between two lanes by how many there are at most.
LANES = ((20, 7.0), (30, 5.0), (10_000, 4.0))
DEEPEST = 4


@dataclass(frozen=True)
class Order:
    """Signs from top to bottom; in a network what each hangs on, and how deep."""

    signs: Sequence[Sign]
    parents: Mapping[str, str]
    depths: Mapping[str, int]

    def is_branch(self, tie: Tie) -> bool:
        """Tell whether a tie is drawn as a branch at the left, in the room its lower end is indented by."""
        for one, other in ((tie.source, tie.target), (tie.target, tie.source)):
            if self.parents.get(one) == other:
                return self.depths[one] == self.depths[other] + 1
        return False


def narrow(chart: Chart) -> Plan:
    """Return the plan of a chart for a page 348 pixels wide; wider only where its lines need it."""
    order = _in_order(chart)
    if not order.signs:
        return Plan(WIDTH, 60, (), (), ())
    place = {one.key: number for number, one in enumerate(order.signs)}
    ties = without_loops(chart.ties, place)
    branches = [one for one in ties if order.is_branch(one)]
    others = [one for one in ties if not order.is_branch(one)]
    lanes = _lanes(others, place)
    count = max(lanes, default=-1) + 1
    step = next(step for most, step in LANES if count <= most)
    tile = max(LEAST_TILE, WIDTH - count * step - (14 if count else 6))
    placed, frames, height = _stacked(chart, order, others, tile)
    width = max(WIDTH, tile + count * step + (14 if count else 6))
    boxes = {one.sign.key: one for one in placed}
    drawn = [
        *(_branch(one, boxes, order) for one in branches),
        *_drawn(others, lanes, boxes, tile, step),
    ]
    bands = tuple(replace(one, width=width) for one in frames)
    return Plan(width, height, tuple(placed), bands, tuple(drawn))


def _in_order(chart: Chart) -> Order:
    """Return the signs: bands from the top, data by its stage, a network each branch after its root."""
    if chart.run is Run.BANDS:
        return Order(sorted(chart.signs, key=lambda one: one.layer), {}, {})
    signs = {one.key: one for one in chart.signs}
    ties = without_loops(chart.ties, signs)
    beside: dict[str, list[str]] = defaultdict(list)
    for tie in ties:
        beside[tie.source].append(tie.target)
        beside[tie.target].append(tie.source)
    parts = parts_of(chart.signs, ties)
    found: dict[str, str] = {}
    depths: dict[str, int] = {}
    for root in sorted(chart.signs, key=lambda one: (parts[one.key], one.layer)):
        waiting = [(root.key, "")]
        while waiting:
            key, parent = waiting.pop()
            if key in found:
                continue
            found[key] = parent
            depths[key] = min(DEEPEST, depths[parent] + 1) if parent else 0
            deeper = [other for other in beside[key] if signs[other].layer > signs[key].layer]
            deeper.sort(key=lambda other: _rank(signs[other]), reverse=True)
            waiting.extend((other, key) for other in deeper)
    is_tree = not any(one.is_directed for one in ties)
    ordered = [signs[key] for key in found]
    return Order(ordered, found, depths) if is_tree else Order(ordered, {}, {})


def _branch(tie: Tie, boxes: Mapping[str, Placed], order: Order) -> Drawn:
    """Return the line of what hangs on the sign above it."""
    is_up = order.parents.get(tie.source) == tie.target
    above, below = (
        boxes[tie.target if is_up else tie.source],
        boxes[tie.source if is_up else tie.target],
    )
    x, y = above.x + TRUNK, round(below.y + below.height / 2, 1)
    stub = ((x, y), (below.x, y))
    return Drawn(tie, stub[::-1] if is_up else stub, trunk=((x, above.y + above.height), (x, y)))


def _rank(sign: Sign) -> tuple[int, str, str, str]:
    return sign.layer, sign.group, sign.title, sign.key


def _lanes(ties: Sequence[Tie], place: Mapping[str, int]) -> list[int]:
    """Return the lane of each tie, the shortest first and nearest to the signs; ties of one lane share no row."""
    taken: list[list[tuple[int, int]]] = []
    found = [0] * len(ties)
    reaches = [tuple(sorted((place[one.source], place[one.target]))) for one in ties]
    for number in sorted(range(len(ties)), key=lambda n: (reaches[n][1] - reaches[n][0], n)):
        low, high = reaches[number]
        lane = next(
            (
                n
                for n, held in enumerate(taken)
                if all(high < other[0] or low > other[1] for other in held)
            ),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found[number] = lane
    return found


def _stacked(
    chart: Chart, order: Order, ties: Sequence[Tie], tile: float
) -> tuple[list[Placed], list[Frame], float]:
    heads = {band.layer: band for band in chart.bands}
    ends: dict[str, int] = defaultdict(int)
    for tie in ties:
        ends[tie.source] += 1
        ends[tie.target] += 1
    placed: list[Placed] = []
    frames: list[Frame] = []
    y, layer = 6.0, None
    for one in order.signs:
        if chart.run is Run.BANDS and one.layer != layer:
            layer = one.layer
            head = heads.get(layer)
            frames.append(
                Frame(
                    head.title if head else "",
                    0,
                    y,
                    WIDTH,
                    HEAD,
                    is_band=True,
                    is_marked=bool(head and head.is_marked),
                )
            )
            y += HEAD + 6
        indent = INDENT * order.depths.get(one.key, 0)
        face: Face = face_of(one, tile - indent)
        height = max(face.height, PITCH * (ends[one.key] + 1))
        placed.append(Placed(one, face, 2 + indent, y, tile - indent, height))
        y += height + GAP
    return placed, frames, y


def _drawn(
    ties: Sequence[Tie],
    lanes: Sequence[int],
    boxes: Mapping[str, Placed],
    tile: float,
    step: float,
) -> list[Drawn]:
    """Return the lines; the ports of a sign are in the order of the other ends, so that few lines cross."""
    ports: dict[str, list[int]] = defaultdict(list)
    for number, tie in enumerate(ties):
        ports[tie.source].append(number)
        ports[tie.target].append(number)
    at: dict[tuple[int, str], float] = {}
    for key, numbers in ports.items():
        box = boxes[key]
        ordered = sorted(numbers, key=lambda n: _towards(ties[n], lanes[n], key, boxes))
        start = box.y + (box.height - PITCH * (len(ordered) - 1)) / 2
        for place, number in enumerate(ordered):
            at[number, key] = round(start + place * PITCH, 1)
    edge = 2 + tile
    found = []
    for number, tie in enumerate(ties):
        lane = edge + 8 + lanes[number] * step
        first, second = at[number, tie.source], at[number, tie.target]
        found.append(Drawn(tie, ((edge, first), (lane, first), (lane, second), (edge, second))))
    return found


def _towards(tie: Tie, lane: int, key: str, boxes: Mapping[str, Placed]) -> tuple[int, int, str]:
    """Return how the ports of a sign are sorted: lines upwards first; no line crosses the stub of another."""
    other = tie.target if tie.source == key else tie.source
    if boxes[other].y < boxes[key].y:
        return 0, lane, other
    return 1, -lane, other
