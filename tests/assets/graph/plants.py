"""Random plants for property tests: small, dense, with cycles, parallel relations and groups."""

from hypothesis import strategies as st

from assets.graph.relation_effects import RELATION_CLASSES
from tests.assets.graph.naive import Plant

ITEMS = range(10, 19)
GROUPS = range(1, 5)


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    """Draw a plant of nine items."""
    item = st.sampled_from(ITEMS)
    groups = [(group, draw(item), draw(st.sampled_from([None, None, 1, 2, 3]))) for group in GROUPS]
    edge = st.tuples(item, st.sampled_from(RELATION_CLASSES), item)
    relations = draw(st.lists(edge, max_size=14))
    # Members of groups are drawn towards the group's item, else a random group would stay empty.
    for group, owner, _ in groups:
        for provider in draw(st.lists(item, max_size=4)):
            name = draw(st.sampled_from(("depends_on", "runs_on", "connects_via", "backs_up")))
            relations.append((owner, name, provider, group))
        for provider in draw(st.lists(item, max_size=2)):
            name = draw(st.sampled_from(("feeds_data", "member_of")))
            relations.append((provider, name, owner, group))
    return Plant(relations, groups, ITEMS)


some_items = st.lists(st.sampled_from(ITEMS), max_size=2, unique=True)
targets = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True)
