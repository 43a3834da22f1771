"""A drawing of a part of the plant: items in columns by distance, boxed by place, positions worked out here.

Effects travel to the right: what an item rests on stands left of it, what rests on it to its right.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

CELL_WIDTH, CELL_HEIGHT = 186, 34
BOX_HEAD, BOX_GAP, COLUMN_GAP, BANK_GAP = 26, 22, 80, 30
#: Rows of one box, and height of one column, before it goes on beside itself.
MOST_ROWS, COLUMN_HEIGHT = 14, 640


class Node(NamedTuple):
    """One sign of the drawing; `ring` is a state or status, `grow` what to open for its neighbours."""

    key: str
    label: str
    detail: str
    shape: str
    column: int
    place: str
    ring: str = ""
    amount: int = 1
    url: str = ""
    grow: str = ""
    is_focus: bool = False


class Edge(NamedTuple):
    """`source` relation_class `target`, `amount` times; `note` is "1 of 2" inside a redundancy group."""

    source: str
    target: str
    relation_class: str
    amount: int = 1
    note: str = ""


class Spot(NamedTuple):
    """Where the middle of a sign stands."""

    x: int
    y: int


#: How a relation class is drawn: dashes (SVG), width, arrow head (Cytoscape's word).
LINES: Mapping[str, tuple[str, float, str]] = {
    "depends_on": ("", 1.4, "triangle"),
    "runs_on": ("", 2.8, "triangle"),
    "connects_via": ("7 4", 1.4, "circle"),
    "feeds_data": ("2 3", 1.6, "vee"),
    "powered_by": ("10 3 2 3", 1.6, "tee"),
    "controls": ("", 1.4, "diamond"),
    "backs_up": ("2 5", 1.4, "square"),
    "member_of": ("4 4", 1.2, "none"),
    "hidden": ("1 4", 1.2, "none"),
}
SHAPES: Mapping[str, str] = {
    "system": "pentagon",
    "controller": "rectangle",
    "network": "diamond",
    "computer": "hexagon",
    "power": "triangle",
    "terminal": "ellipse",
    "bundle": "round-rectangle",
    "unknown": "octagon",
}
_FAMILIES = {
    "controller": "plc safety-plc drive remote-io robot sensor-gateway",
    "network": (
        "industrial-switch it-switch router firewall access-point patch-panel console-server "
        "network-device circuit"
    ),
    "computer": "server vm hypervisor-host storage nas software container",
    "power": "ups pdu",
}
_FAMILY_OF = {slug: family for family, slugs in _FAMILIES.items() for slug in slugs.split()}


def shape_of(kind: str, class_slug: str) -> str:
    """Return the shape family of an item.

    >>> shape_of("asset", "firewall"), shape_of("asset", "printer"), shape_of("system", "mes")
    ('network', 'terminal', 'system')
    """
    return "system" if kind == "system" else _FAMILY_OF.get(class_slug, "terminal")


def shape_words() -> list[tuple[str, str]]:
    """Return the legend of shapes."""
    return [
        ("system", _("System")),
        ("controller", _("Controller, drive, I/O")),
        ("network", _("Network device")),
        ("computer", _("Computer, storage, software")),
        ("power", _("Power supply")),
        ("terminal", _("Terminal, other device")),
        ("bundle", _("Several alike")),
        ("unknown", _("Unknown or hidden")),
    ]


def as_data(
    nodes: Sequence[Node], edges: Sequence[Edge], words: Mapping[str, str]
) -> dict[str, Any]:
    """Return the drawing for the canvas and the API; `words` are the relation classes' names."""
    spots = placed(tuple(nodes), tuple(edges))
    boxes = {(node.column, node.place): f"p{node.column}:{node.place}" for node in nodes}
    return {
        "nodes": [
            {
                **node._asdict(),
                "shape": SHAPES[node.shape],
                "family": node.shape,
                "x": spots[node.key].x,
                "y": spots[node.key].y,
                "box": boxes[node.column, node.place],
            }
            for node in nodes
        ],
        "boxes": [{"key": key, "label": place} for (_column, place), key in boxes.items()],
        "edges": [{**edge._asdict(), "words": words[edge.relation_class]} for edge in edges],
    }


@lru_cache(maxsize=128)
def placed(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> Mapping[str, Spot]:
    """Return a spot for every node; the same drawing is worked out once.

    >>> def sign(key, column): return Node(key, key, "", "system", column, "Line 1")
    >>> placed((sign("a", 0), sign("b", 1)), (Edge("b", "a", "runs_on"),))
    {'a': Spot(x=0, y=0), 'b': Spot(x=266, y=0)}
    """
    beside = _neighbours(edges)
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        columns[node.column].append(node)
    spots: dict[str, Spot] = {}
    left, right = 0, 0
    for column in sorted(columns, key=lambda number: (abs(number), number)):
        boxes = _ordered(columns[column], beside, spots)
        offsets, width = _grid(boxes)
        start = 0 if column == 0 else right if column > 0 else left - width - COLUMN_GAP
        spots.update({key: Spot(start + spot.x, spot.y) for key, spot in offsets.items()})
        if column >= 0:
            right = start + width + COLUMN_GAP
        if column <= 0:
            left = start
    return spots


def _neighbours(edges: Iterable[Edge]) -> dict[str, list[str]]:
    beside: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        beside[edge.source].append(edge.target)
        beside[edge.target].append(edge.source)
    return beside


def _ordered(
    nodes: Sequence[Node], beside: Mapping[str, list[str]], spots: Mapping[str, Spot]
) -> list[list[Node]]:
    """Return the boxes of a column, and the nodes in them, near what they are connected with."""

    def height(node: Node) -> float:
        known = [spots[key].y for key in beside.get(node.key, ()) if key in spots]
        return sum(known) / len(known) if known else 0.0

    boxes: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        boxes[node.place].append(node)
    heights = {node.key: height(node) for node in nodes}
    for inside in boxes.values():
        inside.sort(key=lambda node: (heights[node.key], node.shape, node.label, node.key))

    def middle(inside: list[Node]) -> float:
        return sum(heights[node.key] for node in inside) / len(inside)

    return sorted(boxes.values(), key=lambda inside: (middle(inside), inside[0].place))


def _grid(boxes: Sequence[list[Node]]) -> tuple[dict[str, Spot], int]:
    """Stack the boxes in banks side by side, each centred on the axis; return spots and the width."""
    spots: dict[str, Spot] = {}
    x = 0
    for bank in _banks(boxes):
        sizes = [_size(inside) for inside in bank]
        total = sum(_pixels(rows) for rows, _columns in sizes) + BOX_GAP * (len(bank) - 1)
        y = -total // 2
        for inside, (rows, _columns) in zip(bank, sizes, strict=True):
            top = y + BOX_HEAD + CELL_HEIGHT // 2
            for place, node in enumerate(inside):
                across, down = divmod(place, rows)
                spots[node.key] = Spot(x + across * CELL_WIDTH, top + down * CELL_HEIGHT)
            y += _pixels(rows) + BOX_GAP
        x += max(columns for _rows, columns in sizes) * CELL_WIDTH + BANK_GAP
    middle = _middle(spots)
    return {key: Spot(spot.x, spot.y - middle) for key, spot in spots.items()}, x - BANK_GAP


def _middle(spots: Mapping[str, Spot]) -> int:
    heights = [spot.y for spot in spots.values()]
    return (min(heights) + max(heights)) // 2


def _size(inside: Sequence[Node]) -> tuple[int, int]:
    """Return rows and columns of a box."""
    columns = -(-len(inside) // MOST_ROWS)
    return -(-len(inside) // columns), columns


def _pixels(rows: int) -> int:
    return BOX_HEAD + rows * CELL_HEIGHT


def _banks(boxes: Sequence[list[Node]]) -> list[list[list[Node]]]:
    """Part the boxes of a column so that it stays about as wide as it is high."""
    heights = [_pixels(_size(inside)[0]) + BOX_GAP for inside in boxes]
    most = max(COLUMN_HEIGHT, int((sum(heights) * CELL_WIDTH) ** 0.5))
    banks: list[list[list[Node]]] = [[]]
    used = 0
    for inside, height in zip(boxes, heights, strict=True):
        if banks[-1] and used + height > most:
            banks.append([])
            used = 0
        banks[-1].append(inside)
        used += height
    return banks
