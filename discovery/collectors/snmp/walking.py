"""Walking many columns at once with as few requests as possible: decides what to ask next; sends nothing.

Every open column is asked for in the same bulk: with many of them few rows of each, so that short tables end
early and cheaply, with few of them many rows.
"""

from dataclasses import dataclass, field

from discovery.collectors.snmp.messages import Answer, Kind, Query, Status
from discovery.collectors.snmp.plan import Limits
from discovery.collectors.snmp.varbinds import Missing
from discovery.rules.readings import Oid, Value


@dataclass(slots=True)
class Column:
    """A subtree being read: `at` is the last name seen in it, `most` how many variables are taken of it.

    `is_sample` says that it was never meant to be read to its end.
    """

    label: str
    root: Oid
    most: int
    is_sample: bool = False
    at: Oid = ()
    taken: int = 0
    is_open: bool = True

    def __post_init__(self) -> None:
        self.at = self.at or self.root


@dataclass
class Walk:
    """Columns to read, what was found in them, and what went wrong.

    `size` is how many variables an answer may hold, `width` how many names a request; both shrink when a device
    cannot keep up. `has_bulk` is False for SNMPv1.
    """

    columns: list[Column]
    limits: Limits
    has_bulk: bool = True
    found: dict[Oid, Value] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    size: int = field(init=False)
    width: int = field(init=False)
    _asked: list[Column] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.size, self.width = self.limits.varbinds, self.limits.names

    def next_query(self) -> Query | None:
        """Return what to ask next, None when every column has ended."""
        self.columns = [column for column in self.columns if column.is_open]
        if not self.columns:
            return None
        width = max(1, min(self.width, self.size // 2))
        self._asked = self.columns[:width]
        names = tuple(column.at for column in self._asked)
        if not self.has_bulk:
            return Query(Kind.GET_NEXT, names)
        rows = max(column.most - column.taken for column in self._asked) + 1
        repetitions = min(self.size // len(names), self.limits.repetitions, rows)
        return Query(Kind.GET_BULK, names, max(1, repetitions))

    def take(self, answer: Answer) -> None:
        """Take in the answer to the last query."""
        if answer.status is not Status.FINE:
            self._take_error(answer)
            return
        columns = self._asked
        if len(answer.bindings) < len(columns):
            self._narrow(len(answer.bindings))
        for place, (name, value) in enumerate(answer.bindings):
            column = columns[place % len(columns)]
            if column.is_open:
                self._take_one(column, name, value)

    def shrink(self, divisor: int) -> None:
        """Ask for so many times less from now on."""
        self.size = max(1, self.size // divisor)

    def _take_one(self, column: Column, name: Oid, value: Value | Missing) -> None:
        if isinstance(value, Missing) or name[: len(column.root)] != column.root:
            column.is_open = False
        elif name <= column.at:
            self._end(column, "the device goes round in circles")
        elif column.taken >= column.most:
            self._cut(column)
        else:
            self.found[name] = value
            column.at = name
            column.taken += 1

    def _take_error(self, answer: Answer) -> None:
        guilty = self._asked[answer.index - 1] if 0 < answer.index <= len(self._asked) else None
        if answer.status is Status.NO_SUCH_NAME and guilty is not None:
            guilty.is_open = False
        elif answer.status is Status.OTHER and guilty is not None:
            self._end(guilty, "the device reports an error")
        elif len(self._asked) > 1 or self.size > 1:
            self.shrink(2)
            self.width = max(1, min(self.width, len(self._asked) // 2))
        else:
            self._end(self._asked[0], "the device reports an error")

    def _narrow(self, received: int) -> None:
        """Take in that a device returned less than a row; nothing at all ends what was asked for."""
        if received:
            self.width = received
            return
        if len(self._asked) > 1:
            self.width = max(1, len(self._asked) // 2)
        else:
            self._end(self._asked[0], "the device answers with nothing")

    def _cut(self, column: Column) -> None:
        if column.is_sample:
            column.is_open = False
        else:
            self._end(column, f"cut after {column.taken} rows")

    def _end(self, column: Column, why: str) -> None:
        column.is_open = False
        problem = f"{column.label}: {why}"
        if problem not in self.problems:
            self.problems.append(problem)
