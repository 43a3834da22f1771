"""Which row of ENTITY-MIB stands for the device: its chassis, in a stack the first one."""

from discovery.rules.readings import Oid, Reading, oid

ENTITY = oid("1.3.6.1.2.1.47.1.1.1.1")
CONTAINED_IN, CLASS = 4, 5
CHASSIS, MODULE, STACK = 3, 9, 11
#: No class, other, unknown, backplane: what agents call a device when they do not say chassis.
WHOLE = frozenset({None, 1, 2, 4})
_DESCRIPTION, _NAME, _SERIAL, _MODEL = 2, 7, 11, 13


def chassis_index(reading: Reading) -> Oid | None:
    """Return the index of the row that stands for the device, None when no row does.

    Chassis and stacks first: those that tell something before those that do not, chassis before the stack, outer
    ones before what is built into them, then the lowest index. Agents that give no class are taken by what they
    call a chassis, by what is contained in nothing, or by their first row.
    """
    rows = _rows(reading)
    kinds = {index: reading.number((*ENTITY, CLASS, *index)) for index in rows}
    for wanted in (
        [index for index in rows if kinds[index] in {CHASSIS, STACK}],
        [index for index in rows if kinds[index] is None and _is_called_chassis(reading, index)],
        _outermost(reading, kinds),
        [index for index in rows if not any(kinds.values()) and (index == (1,) or len(rows) == 1)],
    ):
        if wanted:
            return min(wanted, key=lambda index: _rank(reading, index, kinds[index] == STACK))
    return None


def _outermost(reading: Reading, kinds: dict[Oid, int | None]) -> list[Oid]:
    """Return the rows that are contained in nothing, where their class allows them to be the whole device."""
    outer = [index for index in kinds if reading.number((*ENTITY, CONTAINED_IN, *index)) == 0]
    whole = [index for index in outer if kinds[index] in WHOLE]
    return whole or [index for index in outer if len(outer) == 1 and kinds[index] == MODULE]


def _rows(reading: Reading) -> list[Oid]:
    found: set[Oid] = set()
    for column in (CLASS, CONTAINED_IN, _DESCRIPTION, _NAME, _SERIAL, _MODEL):
        found.update(reading.column((*ENTITY, column)))
    return sorted(found)


def _rank(reading: Reading, index: Oid, is_stack: bool) -> tuple[bool, bool, bool, int, Oid]:
    """Rank a row; the lowest stands for the device."""
    outside = reading.number((*ENTITY, CONTAINED_IN, *index)) in {0, None}
    texts = sum(bool(reading.text((*ENTITY, column, *index))) for column in (_SERIAL, _MODEL))
    return not texts, is_stack, not outside, -texts, index


def _is_called_chassis(reading: Reading, index: Oid) -> bool:
    return "chassis" in reading.text((*ENTITY, _NAME, *index)).lower()
