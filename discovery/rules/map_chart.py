"""What a map shows, before anybody knows where it stands: signs in layers, ties between them, what each says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Told(StrEnum):
    """Who says that a link is there; MIXED is several links that are not all the same."""

    DECLARED = "declared"
    SEEN = "seen"
    BOTH = "both"
    MIXED = "mixed"


class Run(StrEnum):
    """Whether the layers stand beside each other (left to right) or are bands from top to bottom."""

    COLUMNS = "columns"
    BANDS = "bands"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing on the map: an item, or `amount` items alike. `shape` is a family of assets.queries.drawing.

    `kind` is "item", "group" (opens a map of its own), "outside" (stands elsewhere) or "unknown" (nobody read it).
    """

    key: str
    title: str
    note: str = ""
    shape: str = "terminal"
    kind: str = "item"
    layer: int = 0
    group: str = ""
    url: str = ""
    amount: int = 1
    ring: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A line between two signs that stands for `amount` links.

    `told` says who says so; `words` is read by people, `label` stands at the line; `warning` names what is wrong.
    A mutual tie leads both ways.
    """

    source: str
    target: str
    told: Told
    amount: int = 1
    label: str = ""
    words: str = ""
    warning: str = ""
    is_directed: bool = False
    is_mutual: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The head of a layer."""

    layer: int
    title: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A map to be laid out. `pitch` is the distance in pixels between two lines that end at one sign."""

    signs: tuple[Sign, ...]
    ties: tuple[Tie, ...]
    run: Run = Run.COLUMNS
    bands: tuple[Band, ...] = ()
    pitch: int = 6


def told_of(tellings: Iterable[str]) -> Told:
    """Return what a line says that stands for several links.

    >>> told_of(["seen", "seen"]), told_of(["declared", "both"])
    (<Told.SEEN: 'seen'>, <Told.MIXED: 'mixed'>)
    """
    found = set(tellings)
    return Told(found.pop()) if len(found) == 1 else Told.MIXED


#: Widths of characters in a sans-serif face, in parts of its size; capitals and figures are wider than the rest.
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]- "), frozenset("mwMWQOGDNHUC@%&—")


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is, in pixels: rather too much than too little.

    >>> text_width("ill", 10) < text_width("WWW", 10)
    True
    """
    parts = (0.36 if one in _NARROW else 0.86 if one in _WIDE else 0.6 for one in text)
    return size * sum(parts)


def cut(text: str, width: float, size: float) -> str:
    """Return as much of a text as fits into a width, with an ellipsis where some is missing.

    >>> cut("Filling hall distribution 1", 100, 13), cut("PLC", 100, 13)
    ('Filling hall di…', 'PLC')
    """
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept}…"


def lines_of(text: str, width: float, size: float, most: int = 2) -> list[str]:
    """Return a text broken between words into at most so many lines, the last one cut.

    >>> lines_of("Northfield supervisory control", 110, 13)
    ['Northfield', 'supervisory co…']
    """
    words, found = text.split(), [""]
    for place, word in enumerate(words):
        longer = f"{found[-1]} {word}".strip()
        if text_width(longer, size) <= width or not found[-1]:
            found[-1] = longer
        elif len(found) < most:
            found.append(word)
        else:
            found[-1] = " ".join([found[-1], *words[place:]])
            break
    return [cut(line, width, size) for line in found]


def without_loops(ties: Iterable[Tie], keys: Iterable[str]) -> Sequence[Tie]:
    """Return the ties between two different signs that are both there."""
    known = set(keys)
    return [
        one
        for one in ties
        if one.source != one.target and one.source in known and one.target in known
    ]
