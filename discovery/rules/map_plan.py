"""A map that is laid out: where each sign, frame and line stands, in pixels from the upper left corner."""

from dataclasses import dataclass

from discovery.rules.map_chart import Sign, Tie, lines_of

Point = tuple[float, float]
#: Type sizes as their words are measured; titles are bold, which is wider.
TITLE_SIZE, NOTE_SIZE = 14.4, 11.5
TITLE_STEP, NOTE_STEP = 16.0, 14.0
#: Room left of the words for the shape, and around them.
GLYPH, PAD = 26.0, 8.0


@dataclass(frozen=True, slots=True)
class Face:
    """The words on a sign, broken into lines that fit."""

    title: tuple[str, ...]
    note: tuple[str, ...]

    @property
    def height(self) -> float:
        """Return how much room the words take, in pixels, with what is left free around them."""
        return 2 * PAD + TITLE_STEP * len(self.title) + NOTE_STEP * len(self.note)


@dataclass(frozen=True, slots=True)
class Placed:
    """A sign with its place and words."""

    sign: Sign
    face: Face
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A box around the signs of a place, or a band behind a layer."""

    title: str
    x: float
    y: float
    width: float
    height: float
    is_band: bool = False
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line from the source to the target of a tie, and where its label ends.

    A branch starts at the `trunk` it shares with others, which leads there from the sign they hang on.
    """

    tie: Tie
    points: tuple[Point, ...]
    label_at: Point | None = None
    trunk: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A laid-out map."""

    width: float
    height: float
    placed: tuple[Placed, ...]
    frames: tuple[Frame, ...]
    drawn: tuple[Drawn, ...]


def face_of(sign: Sign, width: float) -> Face:
    """Return the words of a sign as they fit on a tile of a width in pixels."""
    room = width - GLYPH - 2 * PAD
    parts = sign.note.split("\n") if sign.note else []
    most = 2 if len(parts) < 2 else 1
    note = [line for part in parts for line in lines_of(part, room, NOTE_SIZE, most)]
    return Face(tuple(lines_of(sign.title, room, TITLE_SIZE)), tuple(note))
