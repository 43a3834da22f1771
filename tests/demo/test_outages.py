"""The graph engine and the naive reading of the same files give the same answers."""

import csv
from pathlib import Path

import pytest

from assets.graph.causes import single_points_of_failure
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.impact import impact
from assets.graph.loading import graph_of
from tests.demo.naive_impact import TARGET_DEPENDS, Row, outage

PLANT = Path(__file__).resolve().parents[2] / "demo" / "plant"


def read(kind: str) -> list[Row]:
    with (PLANT / f"{kind}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def ids() -> dict[str, int]:
    codes = [row["code"] for kind in ("systems", "assets") for row in read(kind)]
    return {code: number for number, code in enumerate(codes, start=1)}


@pytest.fixture(scope="module")
def relations(ids: dict[str, int]) -> list[Row]:
    return [row for row in read("relations") if row["source"] in ids and row["target"] in ids]


@pytest.fixture(scope="module")
def graph(ids: dict[str, int], relations: list[Row]) -> DependencyGraph:
    groups: dict[tuple[int, str], tuple[int, int, int | None]] = {}
    edges = []
    for row in relations:
        source, kind, target = ids[row["source"]], row["relation_class"], ids[row["target"]]
        group = -1
        if row["redundancy_group"]:
            dependent = target if kind in TARGET_DEPENDS else source
            required = int(row["required"]) if row["required"] else None
            key = (dependent, row["redundancy_group"])
            group = groups.setdefault(key, (len(groups), dependent, required))[0]
        edges.append((source, kind, target, group))
    return graph_of(edges, groups.values(), ids.values())


@pytest.mark.parametrize("change_type", ["reboot", "power_off"])
@pytest.mark.parametrize(
    "target",
    ["NF-NET-CSW01", "SB-NET-CSW01", "S-NF-MES", "SB-SRA-UPS01", "NF-FIL-L1-PLC01", "HW-DC-PDU01"],
)
def test_the_engine_agrees_with_the_naive_reading(
    target: str,
    change_type: str,
    graph: DependencyGraph,
    ids: dict[str, int],
    relations: list[Row],
):
    codes = {number: code for code, number in ids.items()}
    states = impact(graph, [ids[target]], change_type).states()
    found = {codes[number]: state.label for number, state in states.items()}
    assert found == outage(relations, [target], change_type)


@pytest.mark.parametrize(
    ("system", "points"),
    [
        ("S-NF-SCADA", {"NF-SRA-HV09", "NF-SRA-UPS03"}),
        ("S-SB-SCADA", {"SB-SRA-UPS01", "SB-NET-CSW01"}),
    ],
)
def test_the_engine_finds_what_nobody_noticed(
    system: str, points: set[str], graph: DependencyGraph, ids: dict[str, int]
):
    found = single_points_of_failure(graph, ids[system])
    codes = {number: code for code, number in ids.items()}
    assert {codes[point.item] for point in found.points} == points
