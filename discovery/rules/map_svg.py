"""A plan as SVG: inside a page (colours by its style sheet) or as a file of its own (colours inside, legend below)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise

from discovery.rules.map_chart import Tie, Told, cut, text_width
from discovery.rules.map_plan import (
    GLYPH,
    NOTE_STEP,
    PAD,
    TITLE_STEP,
    Drawn,
    Frame,
    Placed,
    Plan,
    Point,
)

CORNER, LABEL_SIZE, LONGEST_LABEL = 5.0, 11.0, 76.0
#: Outlines around (0, 0) by shape family, the same as templates/ui/graph_glyph.html.
OUTLINES: Mapping[str, str] = {
    "system": '<polygon points="0,-8 8,-2 5,8 -5,8 -8,-2"/>',
    "controller": '<rect x="-7" y="-7" width="14" height="14"/>',
    "network": '<polygon points="0,-9 9,0 0,9 -9,0"/>',
    "computer": '<polygon points="-4,-8 4,-8 8,0 4,8 -4,8 -8,0"/>',
    "power": '<polygon points="0,-8 8,7 -8,7"/>',
    "terminal": '<circle r="8"/>',
    "bundle": '<rect x="-9" y="-6" width="18" height="12" rx="3"/>',
    "zone": '<rect x="-8" y="-8" width="16" height="16" rx="4"/>',
    "unknown": '<polygon stroke-dasharray="2 2" points="-3,-8 3,-8 8,-3 8,3 3,8 -3,8 -8,3 -8,-3"/>',
}
#: Dashes of a line by who says so; the marks in the middle of a line tell the same.
DASHES: Mapping[Told, str] = {
    Told.DECLARED: "6 4",
    Told.SEEN: "1.5 3",
    Told.BOTH: "",
    Told.MIXED: "10 3 2 3",
}
LIGHT = """
text{font-family:"DejaVu Sans Condensed","DejaVu Sans",Arial,sans-serif;fill:#1a2126}
.map-title{font-size:13px;font-weight:600}.map-note{font-size:11.5px;fill:#4d5961}.map-label{font-size:11px;fill:#4d5961}.map-plate{fill:#fff}
.map-head{font-size:12px;fill:#4d5961;font-weight:600}.map-sheet{font-size:18px;font-weight:700}.map-sub{font-size:12px;fill:#4d5961}
.map-frame{fill:#f6f7f8;stroke:#dfe3e6}.map-band{fill:#f6f7f8;stroke:none}.map-band.is-marked{fill:#fff4dc}
.map-tile{fill:#fff;stroke:#8a97a1;stroke-width:1.2}.map-under{fill:#eef0f2;stroke:#c4cbd0}
.kind-outside .map-tile{stroke-dasharray:5 3;fill:#f6f7f8}.kind-unknown .map-tile{stroke-dasharray:2 3;stroke:#566169;fill:#eef0f2}
.map-shape{fill:#fff;stroke:#4d5961;stroke-width:1.8}.map-tie{fill:none;stroke:#4d5961;stroke-linecap:butt}
.map-trunk{fill:none;stroke:#8a97a1}.map-dot{fill:#fff;stroke:#4d5961;stroke-width:1.4}.map-arrow{fill:#4d5961;stroke:none}
.told-both .map-tie,.told-both .map-dot{stroke:#1a2126}.told-both .map-dot,.told-both .map-arrow{fill:#1a2126}
.told-seen .map-tie,.told-seen .map-dot{stroke:#0b5863}.told-seen .map-arrow{fill:#0b5863}
.is-warned .map-tie,.is-warned .map-dot{stroke:#c1121f}.is-warned .map-arrow,.map-warning{fill:#c1121f}.map-halo{stroke:#fff}
.ring-maintenance .map-tile{stroke:#8a5a00;stroke-width:2.4}.ring-planned .map-tile,.ring-staged .map-tile,.ring-retired .map-tile{stroke:#5d6971;stroke-dasharray:4 2}
"""


@dataclass(frozen=True, slots=True)
class LegendLine:
    """One line of the legend: who says so, in words; `is_warned` is the line with something wrong."""

    told: Told
    words: str
    is_warned: bool = False


def page_svg(plan: Plan, *, label: str, css: str = "") -> str:
    """Return the drawing as a part of a page; `label` is its name for who does not see it."""
    return (
        f'<svg class="map {css}" data-map="" role="group" aria-label="{escape(label)}" '
        f'width="{_n(plan.width)}" height="{_n(plan.height)}" '
        f'viewBox="0 0 {_n(plan.width)} {_n(plan.height)}" xmlns="http://www.w3.org/2000/svg">'
        f"{''.join(_body(plan, is_linked=True))}</svg>"
    )


def sheet_svg(plan: Plan, *, title: str, subtitle: str, legend: Sequence[LegendLine]) -> str:
    """Return the drawing as a file: title above, legend below, colours inside, no links."""
    head, width = 56.0, max(plan.width, text_width(title, 18) + 24)
    rows = list(_legend(legend, width, head + plan.height + 22))
    height = head + plan.height + 30 + 22 * _legend_rows(legend, width)
    body = "".join(_body(plan, is_linked=False))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="0 0 {_n(width)} {_n(height)}">'
        f"<title>{escape(title)}</title><style>{LIGHT}</style>"
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="#fff"/>'
        f'<text class="map-sheet" x="12" y="24">{escape(title)}</text>'
        f'<text class="map-sub" x="12" y="43">{escape(subtitle)}</text>'
        f'<g transform="translate(0 {_n(head)})">{body}</g>{"".join(rows)}</svg>'
    )


def page_of_paper(plan: Plan, *, top: float, height: float, scale: float) -> str:
    """Return a part of the drawing for a printed page, colours inside, without links."""
    end = top + height
    part = replace(
        plan,
        placed=tuple(one for one in plan.placed if one.y < end and one.y + one.height > top),
        frames=tuple(one for one in plan.frames if one.y < end and one.y + one.height > top),
        drawn=tuple(one for one in plan.drawn if _reaches(one, top, end)),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(plan.width * scale)}" '
        f'height="{_n(height * scale)}" viewBox="0 {_n(top)} {_n(plan.width)} {_n(height)}">'
        f"<style>{LIGHT}</style>{''.join(_body(part, is_linked=False))}</svg>"
    )


def _reaches(drawn: Drawn, top: float, end: float) -> bool:
    heights = [y for _x, y in drawn.points]
    return min(heights) - 8 < end and max(heights) + 8 > top


def legend_svg(legend: Sequence[LegendLine], width: float) -> str:
    """Return the legend for a printed page."""
    height = 24 + 22 * _legend_rows(legend, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="0 0 {_n(width)} {_n(height)}"><style>{LIGHT}</style>'
        f"{''.join(_legend(legend, width, 12))}</svg>"
    )


def line_sample(told: Told, *, is_warned: bool = False) -> str:
    """Return a short line as the legend shows it, 44 by 12 pixels."""
    tie = Tie("", "", told, 2, warning="!" if is_warned else "")
    return (
        '<svg class="map-sample" width="44" height="12" viewBox="0 0 44 12" aria-hidden="true">'
        f"{_line(Drawn(tie, ((0, 6), (44, 6))))}</svg>"
    )


def _body(plan: Plan, *, is_linked: bool) -> Iterable[str]:
    numbers = {one.sign.key: number for number, one in enumerate(plan.placed)}
    yield from (_frame(one) for one in plan.frames)
    yield from (_line(one, numbers if is_linked else {}) for one in plan.drawn)
    yield from (_sign(one, numbers[one.sign.key] if is_linked else None) for one in plan.placed)
    yield from (_label(one) for one in plan.drawn if one.label_at and one.tie.label)


def _n(value: float) -> str:
    """Return a number as short as it can be written.

    >>> _n(12.0), _n(3.14159)
    ('12', '3.1')
    """
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _frame(frame: Frame) -> str:
    css = "map-band" if frame.is_band else "map-frame"
    marked = " is-marked" if frame.is_marked else ""
    box = (
        f'<rect class="{css}{marked}" x="{_n(frame.x)}" y="{_n(frame.y)}" '
        f'width="{_n(frame.width)}" height="{_n(frame.height)}" rx="6"/>'
    )
    at = frame.y + (min(frame.height / 2 + 4, 20) if frame.is_band else 15)
    lines = _wrapped(frame.title, 110) if frame.is_band and frame.height > 34 else [frame.title]
    if not frame.is_band:
        lines = [_cut_to(frame.title, frame.width - 12)]
    words = "".join(
        f'<text class="map-head" x="{_n(frame.x + 8)}" y="{_n(at + 15 * place)}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return box + words


def _wrapped(text: str, width: float) -> list[str]:
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if found[-1] and text_width(longer, 12) > width:
            found.append(word)
        else:
            found[-1] = longer
    return found


def _cut_to(text: str, width: float) -> str:
    kept = text
    while kept and text_width(kept, 12) > width:
        kept = kept[:-1]
    return text if kept == text else f"{kept[:-1]}…"


def _line(drawn: Drawn, numbers: Mapping[str, int] | None = None) -> str:
    tie = drawn.tie
    ends = f' data-ends="{numbers[tie.source]} {numbers[tie.target]}"' if numbers else ""
    weight = 1.3 if tie.amount < 2 else 1.9 if tie.amount < 10 else 2.7
    dashes = DASHES[tie.told]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    parts = [f'<path class="map-trunk" d="{_path(drawn.trunk)}"/>'] if drawn.trunk else []
    parts += [
        f'<path class="map-tie" d="{_path(drawn.points)}" stroke-width="{weight}"{dashed}/>',
        _mark(tie, drawn.points),
    ]
    if tie.is_directed:
        parts.append(_arrow(drawn.points))
    if tie.is_mutual:
        parts.append(_arrow(drawn.points[::-1]))
    warned = " is-warned" if tie.warning else ""
    title = f"<title>{escape(tie.words)}</title>" if tie.words else ""
    return f'<g class="map-tied told-{tie.told}{warned}"{ends}>{title}{"".join(parts)}</g>'


def _path(points: Sequence[Point]) -> str:
    """Return the way through the points with rounded corners."""
    points = [one for place, one in enumerate(points) if place == 0 or one != points[place - 1]]
    found = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        first, second = _towards(at, before), _towards(at, after)
        found.append(
            f"L{_n(first[0])} {_n(first[1])}Q{_n(at[0])} {_n(at[1])} {_n(second[0])} {_n(second[1])}"
        )
    found.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return "".join(found)


def _towards(at: Point, other: Point) -> Point:
    """Return the point a corner's radius away from a corner, half the way at most."""
    length = abs(other[0] - at[0]) + abs(other[1] - at[1])
    part = min(CORNER, length / 2) / length if length else 0
    return at[0] + (other[0] - at[0]) * part, at[1] + (other[1] - at[1]) * part


def _mark(tie: Tie, points: Sequence[Point]) -> str:
    """Return the mark in the middle of a line: full = both, empty = seen, half = mixed, none = declared."""
    x, y = _middle(points)
    if tie.warning:
        return (
            f'<path class="map-warning" d="M{_n(x)} {_n(y - 6)}l6.5 11h-13z"/>'
            f'<path class="map-halo" d="M{_n(x)} {_n(y - 2)}v3.4M{_n(x)} {_n(y + 2.6)}v1.2" stroke-width="1.3"/>'
        )
    if tie.told is Told.DECLARED:
        return ""
    dot = f'<circle class="map-dot" cx="{_n(x)}" cy="{_n(y)}" r="2.8"/>'
    if tie.told is Told.MIXED:
        dot += f'<path class="map-arrow" d="M{_n(x)} {_n(y - 2.8)}a2.8 2.8 0 0 0 0 5.6z"/>'
    return dot


def _middle(points: Sequence[Point]) -> Point:
    """Return the middle of the longest straight part."""
    first, second = max(
        pairwise(points),
        key=lambda pair: abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]),
    )
    return (first[0] + second[0]) / 2, (first[1] + second[1]) / 2


def _arrow(points: Sequence[Point]) -> str:
    """Return the head of an arrow at the last point."""
    (x0, y0), (x, y) = points[-2], points[-1]
    if abs(x - x0) >= abs(y - y0):
        back = -8 if x > x0 else 8
        return f'<path class="map-arrow" d="M{_n(x)} {_n(y)}l{back} -3.6v7.2z"/>'
    back = -8 if y > y0 else 8
    return f'<path class="map-arrow" d="M{_n(x)} {_n(y)}l-3.6 {back}h7.2z"/>'


def _sign(placed: Placed, number: int | None) -> str:
    """Return a sign; with a number it is a part of a page, and a link where it leads somewhere."""
    sign, x, y = placed.sign, placed.x, placed.y
    ring = f" ring-{escape(sign.ring)}" if sign.ring else ""
    box = f'width="{_n(placed.width)}" height="{_n(placed.height)}" rx="5"'
    under = (
        f'<rect class="map-under" x="{_n(x + 3)}" y="{_n(y + 3)}" {box}/>'
        if sign.kind == "group"
        else ""
    )
    middle = y + placed.height / 2
    inside = (
        f"<title>{escape(_spoken(placed))}</title>{under}"
        f'<rect class="map-tile" x="{_n(x)}" y="{_n(y)}" {box}/>'
        f'<g class="map-shape" transform="translate({_n(x + PAD + GLYPH / 2 - 3)} {_n(middle)})">'
        f"{OUTLINES.get(sign.shape, OUTLINES['terminal'])}</g>{_words(placed, middle)}"
    )
    css = f'class="map-sign kind-{escape(sign.kind)}{ring}"'
    if number is None:
        return f"<g {css}>{inside}</g>"
    if sign.url:
        return f'<a {css} data-sign="{number}" href="{escape(sign.url)}">{inside}</a>'
    return f'<g {css} data-sign="{number}">{inside}</g>'


def _spoken(placed: Placed) -> str:
    sign = placed.sign
    return " · ".join(part for part in (sign.title, sign.note, sign.group) if part)


def _words(placed: Placed, middle: float) -> str:
    face = placed.face
    x = placed.x + PAD + GLYPH
    y = middle - (face.height - 2 * PAD) / 2 + 12.5
    found = []
    for line in face.title:
        found.append(f'<text class="map-title" x="{_n(x)}" y="{_n(y)}">{escape(line)}</text>')
        y += TITLE_STEP
    for line in face.note:
        found.append(f'<text class="map-note" x="{_n(x)}" y="{_n(y - 1)}">{escape(line)}</text>')
        y += NOTE_STEP
    return "".join(found)


def _label(drawn: Drawn) -> str:
    assert drawn.label_at is not None  # noqa: S101 - the caller asks before
    x, y = drawn.label_at
    words = cut(drawn.tie.label, LONGEST_LABEL, LABEL_SIZE)
    width = text_width(words, LABEL_SIZE) * 0.94 + 2
    return (
        f'<rect class="map-plate" x="{_n(x - width)}" y="{_n(y - 9)}" width="{_n(width)}" height="10.5"/>'
        f'<text class="map-label" x="{_n(x)}" y="{_n(y)}" text-anchor="end">{escape(words)}</text>'
    )


def _legend_places(legend: Sequence[LegendLine], width: float) -> list[tuple[float, int]]:
    places: list[tuple[float, int]] = []
    x, row = 12.0, 0
    for one in legend:
        length = 60 + text_width(one.words, 12) + 16
        if x > 12 and x + length > width:
            x, row = 12.0, row + 1
        places.append((x, row))
        x += length
    return places


def _legend_rows(legend: Sequence[LegendLine], width: float) -> int:
    return max((row for _x, row in _legend_places(legend, width)), default=0)


def _legend(legend: Sequence[LegendLine], width: float, top: float) -> Iterable[str]:
    for one, (x, row) in zip(legend, _legend_places(legend, width), strict=True):
        y = top + 22 * row
        tie = Tie("", "", one.told, 2, warning="!" if one.is_warned else "")
        yield _line(Drawn(tie, ((x, y), (x + 44, y))))
        yield f'<text class="map-sub" x="{_n(x + 52)}" y="{_n(y + 4)}">{escape(one.words)}</text>'
