"""What every laid-out map keeps to."""

from itertools import combinations, pairwise

from discovery.rules.map_chart import Chart
from discovery.rules.map_plan import Plan


def assert_drawn_well(plan: Plan, chart: Chart) -> None:
    """Every sign stands once, apart from all others and inside the frame; lines join their signs at their edges."""
    assert {one.sign.key for one in plan.placed} == {one.key for one in chart.signs}
    for one in plan.placed:
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.width <= plan.width
        assert one.y + one.height <= plan.height
    for one, other in combinations(plan.placed, 2):
        is_apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert is_apart, (one.sign.title, other.sign.title)
    places = {one.sign.key: one for one in plan.placed}
    assert len(plan.drawn) == len(chart.ties)
    for drawn in plan.drawn:
        ends = [drawn.points[0], drawn.points[-1]]
        if drawn.trunk:
            ends[ends.index(drawn.trunk[-1])] = drawn.trunk[0]
        assert at_edge(places[drawn.tie.source], ends[0]), drawn
        assert at_edge(places[drawn.tie.target], ends[1]), drawn
        for x, y in drawn.points:
            assert 0 <= x <= plan.width
            assert 0 <= y <= plan.height


def at_edge(box, point) -> bool:
    """Tell whether a point lies on the border of a sign (half a pixel is rounding)."""
    x, y = point
    is_near = (
        box.x - 0.6 <= x <= box.x + box.width + 0.6 and box.y - 0.6 <= y <= box.y + box.height + 0.6
    )
    gaps = (x - box.x, box.x + box.width - x, y - box.y, box.y + box.height - y)
    return is_near and min(abs(gap) for gap in gaps) <= 0.6


def shared_runs(plan: Plan) -> list[tuple[object, object]]:
    """Return the pairs of lines that run on top of each other for more than a corner."""
    runs = []
    for drawn in plan.drawn:
        for (x, y), (to_x, to_y) in pairwise(drawn.points):
            if abs(x - to_x) < 0.05 and abs(y - to_y) > 8:
                runs.append((drawn.tie, "v", x, *sorted((y, to_y))))
            elif abs(y - to_y) < 0.05 and abs(x - to_x) > 8:
                runs.append((drawn.tie, "h", y, *sorted((x, to_x))))
    return [
        (one[0], other[0])
        for one, other in combinations(runs, 2)
        if one[0] is not other[0]
        and one[1:2] == other[1:2]
        and abs(one[2] - other[2]) < 0.5
        and min(one[4], other[4]) - max(one[3], other[3]) > 8
    ]
