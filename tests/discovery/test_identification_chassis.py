"""Which row of ENTITY-MIB stands for the device."""

import pytest

from discovery.identification.chassis import chassis_index
from discovery.rules.readings import Reading, Value, oid

ENTITY = oid("1.3.6.1.2.1.47.1.1.1.1")
COLUMNS = {"inside": 4, "kind": 5, "name": 7, "serial": 11, "model": 13}


def entities(**rows: dict[str, Value]) -> Reading:
    """Rows are named r1, r2001, …"""
    return Reading(
        {
            (*ENTITY, COLUMNS[column], int(name[1:])): value
            for name, row in rows.items()
            for column, value in row.items()
        }
    )


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        ({}, None),
        ({"r1": {"kind": 3}, "r2": {"kind": 9, "serial": b"A1"}}, 1),
        ({"r1": {"kind": 11, "inside": 0}, "r2": {"kind": 3, "inside": 1, "serial": b"A1"}}, 2),
        ({"r1": {"kind": 11, "inside": 0, "serial": b"A1"}}, 1),
        (
            {
                "r1001": {"kind": 3, "inside": 1, "serial": b"A1", "model": b"M"},
                "r2001": {"kind": 3, "inside": 1, "serial": b"A2", "model": b"M"},
            },
            1001,
        ),
        (
            {
                "r1": {"kind": 3, "inside": 5, "serial": b"BAY1", "model": b"B"},
                "r5": {"kind": 3, "inside": 0, "serial": b"OUTER1"},
            },
            5,
        ),
        ({"r1001": {"inside": 0, "serial": b"A1"}, "r1002": {"inside": 1001}}, 1001),
        ({"r7": {"name": b"Chassis", "inside": 3}}, 7),
        ({"r1": {"serial": b"A1"}}, 1),
        ({"r8": {"serial": b"A1"}, "r9": {"serial": b"A2"}}, None),
        ({"r1": {"kind": 6, "inside": 0, "serial": b"PSU1"}, "r2": {"kind": 7, "inside": 0}}, None),
        ({"r4": {"kind": 9, "inside": 0, "serial": b"A1"}}, 4),
        ({"r4": {"kind": 9, "inside": 0}, "r5": {"kind": 9, "inside": 0, "serial": b"A1"}}, None),
    ],
)
def test_the_row_of_the_device_is_its_chassis_or_what_is_most_like_one(rows, index):
    assert chassis_index(entities(**rows)) == (None if index is None else (index,))
