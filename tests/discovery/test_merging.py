"""Two items that are one device become one; undoing it puts back the very same rows.

press --depends on--> kept <--depends on-- gone --depends on--> ring (group "uplinks")
"""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.choices import ItemStatus, ProvenanceSource
from assets.models import ConfigurationItem, RedundancyGroup, Relation
from common.actor import Actor
from common.errors import ConflictError, DomainError
from discovery.choices import CaseDecision, CaseKind, CaseState
from discovery.models import Case, ItemKey, Merge, NotSame
from discovery.queries.merges import obstacle_to_undo
from discovery.services.deciding import decide_case
from discovery.services.merging import merge_items
from discovery.services.unmerging import undo_merge
from evidence.models import LedgerEntry
from tests.discovery.test_reconciling import MAC, look, network, switch  # noqa: F401 - fixtures
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.assets import (
    AssetFactory,
    LocationFactory,
    ProductFactory,
    RedundancyGroupFactory,
    RelationFactory,
    SystemFactory,
)
from tests.factories.discovery import CaseFactory, ItemKeyFactory, MergeFactory, NotSameFactory
from tests.factories.governance import MONDAY

pytestmark = pytest.mark.django_db
HOUSEKEEPING = {"created_at", "updated_at", "version"}


@pytest.fixture
def kept(db):
    return AssetFactory(code="K", name="sw4", hostname="sw4", serial_number="TAI1")


@pytest.fixture
def gone(kept):
    return AssetFactory(
        code="G",
        name="Cell switch",
        location=kept.location,
        function="Ring of cell 4",
        hostname="sw-4",
        mac_address="00:90:e8:00:00:04",
        is_never_scanned=True,
        installed_date="2020-02-01",
        attributes={"ports": 8},
        provenance={"mac_address": {"source": "discovery"}},
    )


@pytest.fixture
def merged(actor, now, kept, gone):
    def merge(**given):
        values = {"kept": kept, "gone": gone, "note": "One label, two rows."} | given
        return merge_items(actor=actor, now=now, **values)

    return merge


def rows_of(*models) -> dict[str, list[dict[str, object]]]:
    """Return everything stored, without housekeeping."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in HOUSEKEEPING}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in models
    }


EVERYTHING = (ConfigurationItem, Relation, RedundancyGroup, ItemKey, NotSame)


def test_the_kept_item_takes_over_what_it_lacks_and_keeps_what_it_has(merged, kept, gone):
    merged()
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.function, kept.mac_address) == ("Ring of cell 4", "00:90:e8:00:00:04")
    assert (kept.hostname, kept.serial_number, kept.name) == ("sw4", "TAI1", "sw4")
    assert kept.attributes == {"ports": 8}
    assert kept.provenance["mac_address"]["source"] == ProvenanceSource.DISCOVERY
    assert gone.status == ItemStatus.RETIRED


def test_a_mark_never_to_scan_is_not_lost(merged, kept):
    merged()
    kept.refresh_from_db()
    assert kept.is_never_scanned


def test_relations_move_and_none_is_there_twice_or_leads_to_itself(merged, kept, gone):
    press, ring = AssetFactory(), AssetFactory()
    RelationFactory(source=press, target=kept)
    RelationFactory(source=press, target=gone)
    RelationFactory(source=gone, target=kept)
    group = RedundancyGroupFactory(item=gone, name="uplinks")
    RedundancyGroupFactory(item=kept, name="uplinks")
    moved = RelationFactory(source=gone, target=ring, redundancy_group=group)
    merge = merged()
    moved.refresh_from_db()
    group.refresh_from_db()
    assert (moved.source_id, moved.redundancy_group_id) == (kept.pk, group.pk)
    assert (group.item_id, group.name) == (kept.pk, "uplinks (G)")
    assert Relation.objects.count() == 2
    assert [one["target_id"] for one in merge.record["dropped"]] == [gone.pk, kept.pk]


def test_keys_and_refusals_move_along(merged, kept, gone):
    key = ItemKeyFactory(item=gone)
    NotSameFactory(item=gone, value="moxa OTHER")
    merged()
    key.refresh_from_db()
    assert (key.item_id, key.item_label) == (kept.pk, "sw4 (K)")
    assert NotSame.objects.filter(item=kept, value="moxa OTHER").exists()


def test_what_was_merged_away_is_never_matched_again(look, network, merged, gone):  # noqa: F811
    merged()
    ConfigurationItem.objects.filter(pk=gone.pk).update(status=ItemStatus.ACTIVE)
    row = look(switch(9, macs=["00:90:e8:00:00:04"], serials=[]))["127.30.0.9"]
    assert row.item.code == "K"


def test_open_questions_ask_about_the_item_that_is_left(merged, kept, gone, actor, now):
    case = CaseFactory()
    case.candidates.add(gone)
    merge = merged()
    assert list(case.candidates.all()) == [ConfigurationItem.objects.get(pk=kept.pk)]
    undo_merge(actor=actor, merge=merge, now=now)
    assert [one.code for one in case.candidates.all()] == ["G"]


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (lambda k, _g: {"gone": k}, "with itself"),
        (lambda _k, _g: {"gone": SystemFactory(name="MES")}, "'MES' is a system"),
        (lambda _k, g: {"kept": AssetFactory(status="retired"), "gone": g}, "is retired"),
    ],
)
def test_what_cannot_be_merged_is_refused(merged, kept, gone, pair, sentence):
    with pytest.raises(DomainError, match=sentence):
        merged(**pair(kept, gone))
    assert not Merge.objects.exists()


def test_an_item_is_merged_away_once(merged, gone):
    merged()
    with pytest.raises(ConflictError, match="merged into another item already"):
        merged(kept=AssetFactory(), gone=gone)


def test_undoing_writes_who_did_it_and_happens_once(merged, actor, now):
    merge = merged()
    person = PersonFactory()
    found = undo_merge(actor=actor, merge=merge, now=now, person=person)
    assert (found.undone_at, found.undone_by) == (now, person)
    assert LedgerEntry.objects.filter(action="undo merge").count() == 1
    with pytest.raises(ConflictError, match="undone already"):
        undo_merge(actor=actor, merge=merge, now=now)


def test_a_value_changed_since_stays_and_the_others_go_back(merged, actor, now, kept):
    merge = merged()
    ConfigurationItem.objects.filter(pk=kept.pk).update(function="Ring of cell 5")
    undo_merge(actor=actor, merge=merge, now=now)
    kept.refresh_from_db()
    assert (kept.function, kept.mac_address) == ("Ring of cell 5", "")


def test_what_was_changed_since_may_make_undoing_impossible(merged, actor, now, kept, gone):
    press = AssetFactory()
    moved = RelationFactory(source=gone, target=press)
    merge = merged()
    moved.delete()
    with pytest.raises(ConflictError, match="changed or deleted since"):
        undo_merge(actor=actor, merge=merge, now=now)
    gone.refresh_from_db()
    assert gone.status == ItemStatus.RETIRED


def test_a_later_merge_is_undone_first(merged, actor, now, kept):
    first = merged()
    second = merged(gone=AssetFactory(name="Third"))
    first = Merge.objects.get(pk=first.pk)
    assert obstacle_to_undo(first) == "'Third' was merged later; undo that first."
    undo_merge(actor=actor, merge=second, now=now)
    assert obstacle_to_undo(first) == ""


@pytest.mark.parametrize(
    "since",
    [
        lambda m: ConfigurationItem.objects.filter(pk=m.gone_id).update(status="active"),
        lambda m: ItemKey.objects.update(item=AssetFactory()),
        lambda m: RedundancyGroup.objects.update(item=AssetFactory()),
        lambda m: RelationFactory(source_id=m.record["dropped"][0]["source_id"], target=m.gone),
    ],
)
def test_each_obstacle_is_said(merged, gone, kept, since):
    press = AssetFactory()
    ItemKeyFactory(item=gone)
    RedundancyGroupFactory(item=gone)
    RelationFactory(source=press, target=kept)
    RelationFactory(source=press, target=gone)
    merge = merged()
    since(merge)
    merge = Merge.objects.get()
    assert obstacle_to_undo(merge)


def test_a_question_is_answered_by_merging_and_asked_again_when_that_is_undone(
    look,  # noqa: F811
    network,  # noqa: F811
    actor,
    now,
):
    AssetFactory(name="By address", mac_address=MAC.format(1), location=network.location)
    product = ProductFactory(vendor=OrganisationFactory(name="Moxa"), model="EDS-408A")
    kept = AssetFactory(name="By serial", serial_number="TAI1017", product=product)
    look(switch(1))
    before = rows_of(*EVERYTHING)
    case = Case.objects.get(kind=CaseKind.AMBIGUOUS)
    item = ConfigurationItem.objects.get(pk=kept.pk)
    decide_case(
        actor=actor, person=None, case=case, decision=CaseDecision.MERGE, item=item, now=now
    )
    row = look(switch(1))["127.30.0.1"]
    assert (row.verdict, row.item_id) == ("unchanged", kept.pk)

    undo_merge(actor=actor, merge=Merge.objects.get(), now=now)

    assert rows_of(*EVERYTHING) == before
    case.refresh_from_db()
    assert (case.state, case.decision) == (CaseState.OPEN, "")
    look(switch(1))
    assert Case.objects.get(state=CaseState.OPEN).kind == CaseKind.AMBIGUOUS


def test_a_merge_needs_a_second_item(actor, now, kept):
    case = CaseFactory(kind=CaseKind.AMBIGUOUS)
    case.candidates.add(kept)
    item = ConfigurationItem.objects.get(pk=kept.pk)
    with pytest.raises(DomainError, match="no other item"):
        decide_case(actor=actor, person=None, case=case, decision="merge", item=item, now=now)


def test_a_merge_record_can_be_made_by_its_factory():
    assert MergeFactory().record["dropped"] == []


NAMES = st.sampled_from(["function", "hostname", "serial_number", "description"])
PAIRS = st.tuples(
    st.integers(0, 4), st.integers(0, 4), st.sampled_from(["depends_on", "connects_via"])
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.lists(st.tuples(st.integers(0, 1), NAMES, st.text("ab", max_size=2)), max_size=6),
    pairs=st.lists(PAIRS, max_size=12, unique=True),
    grouped=st.booleans(),
    keys=st.lists(st.integers(0, 1), max_size=3),
)
def test_merging_and_undoing_leaves_the_very_same_rows(
    fields: Sequence[tuple[int, str, str]],
    pairs: Sequence[tuple[int, int, str]],
    grouped: bool,
    keys: Sequence[int],
):
    place = LocationFactory()
    values = [{"attributes": {"slot": 1}}, {"attributes": {"slot": 2, "bay": 3}}, {}, {}, {}]
    for side, name, text in fields:
        values[side][name] = text
        values[side].setdefault("provenance", {})[name] = {"source": "discovery"}
    items = [AssetFactory(location=place, **one) for one in values]
    group = RedundancyGroupFactory(item=items[1], name="pair") if grouped else None
    for source, target, relation_class in pairs:
        if source != target:
            RelationFactory(
                source=items[source],
                target=items[target],
                relation_class=relation_class,
                redundancy_group=group if source == 1 else None,
            )
    RelationFactory(source=items[1], target=None, unresolved_target="press")
    for side in keys:
        ItemKeyFactory(item=items[side], item_label=f"{items[side].name} ({items[side].code})")
    before = rows_of(*EVERYTHING)
    actor = Actor(label="Rosa", channel="cli", request_id="test")
    merge = merge_items(actor=actor, kept=items[0], gone=items[1], now=MONDAY)
    assert rows_of(*EVERYTHING) != before
    undo_merge(actor=actor, merge=merge, now=MONDAY + timedelta(days=1))
    assert rows_of(*EVERYTHING) == before
