"""Laid-out maps: nothing overlaps, everything is inside, the same chart gives the same plan, names are escaped."""

import xml.etree.ElementTree as ET
from itertools import pairwise
from random import Random

import pytest

from discovery.rules.map_chart import Band, Chart, Run, Sign, Tie, Told
from discovery.rules.map_layers import DEEPEST, depths_from_core, stages
from discovery.rules.map_layout import wide
from discovery.rules.map_pages import sheets_of
from discovery.rules.map_rows import WIDTH, narrow
from discovery.rules.map_svg import LegendLine, page_svg, sheet_svg
from tests.discovery.map_checks import assert_drawn_well, shared_runs

LAYOUTS = pytest.mark.parametrize("layout", [wide, narrow])


def network(keys, pairs, **given) -> Chart:
    layers = depths_from_core(keys, pairs)
    signs = [Sign(key, f"Switch {key}", "Switch", "network", layer=layers[key]) for key in keys]
    ties = [Tie(one, other, Told.BOTH) for one, other in pairs]
    return Chart(tuple(signs), tuple(ties), **given)


def star(leaves: int) -> Chart:
    keys = ["core", *(f"s{n:02}" for n in range(leaves))]
    return network(keys, [(key, "core") for key in keys[1:]])


def ring(size: int) -> Chart:
    keys = [f"r{n:02}" for n in range(size)]
    return network(keys, [*pairwise(keys), (keys[-1], keys[0])])


def levels(signs: int, ties: int, seed: int = 5) -> Chart:
    """Bands of zones with ties at random between any two."""
    random = Random(seed)
    made = [
        Sign(f"z{n}", f"Zone number {n} of the plant", f"{n} items", "zone", layer=n % 6)
        for n in range(signs)
    ]
    pairs = {tuple(sorted(random.sample(range(signs), 2))) for _tie in range(ties)}
    told = list(Told)
    joined = [Tie(f"z{a}", f"z{b}", told[(a + b) % 4], a % 12) for a, b in sorted(pairs)]
    bands = tuple(Band(n, f"{n} A level with a long name", n == 2) for n in range(6))
    return Chart(tuple(made), tuple(joined), Run.BANDS, bands)


def flows(signs: int, ties: int, seed: int = 9) -> Chart:
    random = Random(seed)
    keys = [f"f{n}" for n in range(signs)]
    pairs = {tuple(random.sample(keys, 2)) for _tie in range(ties)}
    stage = stages(keys, pairs, most=3)
    made = [
        Sign(key, f"System {key}", "MES", "system", layer=stage[key], group="Hall") for key in keys
    ]
    joined = [Tie(a, b, Told.DECLARED, 1, "OPC UA", is_directed=True) for a, b in sorted(pairs)]
    return Chart(tuple(made), tuple(joined), pitch=14)


CHARTS = {
    "star of 60 switches": star(60),
    "ring of 40 switches": ring(40),
    "zones": levels(22, 60),
    "flows": flows(24, 50),
    "one sign alone": Chart((Sign("a", "Alone"),), ()),
}
EVERY_CHART = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())


@LAYOUTS
@EVERY_CHART
def test_signs_stand_apart_inside_the_frame_and_lines_join_them(layout, chart):
    assert_drawn_well(layout(chart), chart)


@LAYOUTS
@EVERY_CHART
def test_no_two_lines_run_on_top_of_each_other(layout, chart):
    assert shared_runs(layout(chart)) == []


@LAYOUTS
@EVERY_CHART
def test_the_order_lines_come_in_changes_nothing_but_the_same_chart_is_the_same_plan(layout, chart):
    assert layout(chart) == layout(
        Chart(chart.signs, chart.ties, chart.run, chart.bands, chart.pitch)
    )


@EVERY_CHART
def test_a_phone_needs_no_sideways_scrolling(chart):
    assert narrow(chart).width <= WIDTH


def test_nothing_to_draw_is_an_empty_plan():
    empty = Chart((), ())
    assert wide(empty).placed == narrow(empty).placed == ()


def test_a_tie_to_itself_or_to_what_is_not_there_is_not_drawn():
    chart = Chart((Sign("a", "A"),), (Tie("a", "a", Told.SEEN), Tie("a", "gone", Told.SEEN)))
    assert wide(chart).drawn == narrow(chart).drawn == ()


def test_both_cores_stand_first_and_what_hangs_on_them_follows():
    pairs = [(f"d{n}", core) for n in range(6) for core in ("core1", "core2")]
    pairs += [(f"l{n}", f"d{n}") for n in range(6)]
    keys = sorted({key for pair in pairs for key in pair})
    depths = depths_from_core(keys, pairs)
    assert {key for key, depth in depths.items() if depth == 0} == {"core1", "core2"}
    assert {depths[f"d{n}"] for n in range(6)} == {1}
    assert {depths[f"l{n}"] for n in range(6)} == {2}


def test_a_long_chain_is_no_wider_than_a_page():
    keys = [f"c{n}" for n in range(30)]
    depths = depths_from_core(keys, list(pairwise(keys)))
    assert max(depths.values()) == DEEPEST
    assert wide(network(keys, list(pairwise(keys)))).width <= 1160


def test_loops_of_data_do_not_put_everything_into_one_stage():
    found = stages(["plc", "mes", "erp"], [("plc", "mes"), ("mes", "plc"), ("mes", "erp")])
    assert sorted(found.values()) == [0, 1, 1]
    assert found["erp"] == 1


def test_names_are_escaped_and_the_drawing_is_well_formed():
    bad = "<script>alert(\"x\")</script> & 'co'"
    signs = (
        Sign("a", bad, bad, group=bad, url='/x?a="><script>', ring="planned"),
        Sign("b", bad, kind="unknown", layer=1),
    )
    tie = Tie("a", "b", Told.MIXED, 3, bad, bad, bad, is_directed=True)
    for run in Run:
        chart = Chart(signs, (tie,), run, (Band(0, bad), Band(1, bad, is_marked=True)), 14)
        for text in (
            page_svg(wide(chart), label=bad),
            page_svg(narrow(chart), label=bad),
            sheet_svg(wide(chart), title=bad, subtitle=bad, legend=[LegendLine(Told.SEEN, bad)]),
        ):
            assert "<script" not in text
            tags = {one.tag.rpartition("}")[2] for one in ET.fromstring(text).iter()}  # noqa: S314
            assert tags <= {
                "svg",
                "g",
                "a",
                "title",
                "style",
                "rect",
                "text",
                "path",
                "circle",
                "polygon",
            }


def test_who_says_so_shows_in_the_line_and_not_only_in_its_colour():
    looks = set()
    for told in Told:
        chart = Chart((Sign("a", "A"), Sign("b", "B", layer=1)), (Tie("a", "b", told),))
        drawn = page_svg(wide(chart), label="x")
        dashes = (
            'stroke-dasharray="' in drawn and drawn.split('stroke-dasharray="')[1].split('"')[0]
        )
        looks.add((dashes, drawn.count("map-dot"), drawn.count("map-arrow")))
    assert len(looks) == len(Told)


def test_a_large_map_takes_several_sheets_that_cover_all_of_it_legibly():
    plan = wide(star(60))
    sheets = sheets_of(plan, width=1490, height=900)
    assert len(sheets.slices) > 1
    assert sheets.scale >= 0.62
    assert all(one.height * sheets.scale <= 901 for one in sheets.slices)
    for one in plan.placed:
        assert any(
            part.top <= one.y and one.y + one.height <= part.top + part.height
            for part in sheets.slices
        )
