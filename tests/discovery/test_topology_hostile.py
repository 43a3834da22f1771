"""Whatever a device tells, a topology comes of it: wrong types, odd indexes, absurd numbers, rows without columns."""

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.collectors.snmp.plan import SCALARS, TABLES
from discovery.rules.readings import Oid, Reading, Value
from discovery.topology.drift import link_drift
from discovery.topology.identity import merge_candidates, sighting_of
from discovery.topology.links import links_of
from discovery.topology.observations import Observation

COLUMNS = [root for table in TABLES for root in table.roots]
NUMBERS = st.one_of(st.integers(0, 8), st.sampled_from([255, 256, 65_535, 2**31, 2**32 - 1]))
MACS = st.sampled_from([b"\0\x90\xe8\xaa\xbb" + bytes([n]) for n in range(4)])
VALUES = st.one_of(
    st.integers(-(2**31), 2**64 - 1),
    st.integers(0, 8),
    st.binary(max_size=8),
    MACS,
    st.sampled_from(
        [b"port 1", b"\xff" * 300, b"00:90:e8:aa:bb:00", b"<private>", b"\x01\x0a\0\0\x01"]
    ),
    st.lists(NUMBERS, max_size=12).map(tuple),
)
INDEXES = st.one_of(
    st.lists(NUMBERS, max_size=12).map(tuple),
    st.sampled_from([(1,), (2,), (0, 1, 1), (0, 1, 2), (0, 2, 1), (1, 10, 0, 0, 1), (10, 0, 0, 1)]),
    MACS.map(tuple),
)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    varbinds: dict[Oid, Value] = {}
    for name in draw(st.lists(st.sampled_from(SCALARS), max_size=6)):
        varbinds[name] = draw(VALUES)
    for _ in range(draw(st.integers(0, 40))):
        varbinds[*draw(st.sampled_from(COLUMNS)), *draw(INDEXES)] = draw(VALUES)
    return Reading(varbinds)


@settings(max_examples=100)
@given(st.lists(readings(), min_size=1, max_size=3))
def test_nothing_that_a_device_tells_is_an_error(told):
    seen = [Observation(f"device {n}", one, "plant", "10.0.0.1") for n, one in enumerate(told)]
    found = links_of(seen)
    assert links_of(reversed(seen)) == found
    assert not link_drift(found, found)
    merge_candidates(sighting_of(one) for one in seen)


def test_topology_knows_neither_django_nor_a_network():
    code = (
        "import importlib, pkgutil, sys, discovery.topology as t\n"
        "[importlib.import_module(f'{t.__name__}.{m.name}') for m in pkgutil.iter_modules(t.__path__)]\n"
        "print(sorted({'django', 'celery', 'asyncio', 'socket'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
