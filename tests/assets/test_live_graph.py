"""The live graph is never older than the last commit, whoever made it and however."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from assets.graph.dependency_graph import DependencyGraph
from assets.graph.impact import impact
from assets.graph.loading import graph_of_rows
from assets.graph.relation_effects import CLASS_CODE, RELATION_CLASSES, TARGET_DEPENDS
from assets.models import ConfigurationItem, RedundancyGroup, Relation
from assets.queries import graph_log, live_graph
from assets.queries.live_graph import current_graph, forget, renew_log, save_snapshot
from tests.factories.assets import (
    AssetFactory,
    ItemClassFactory,
    LocationFactory,
    RedundancyGroupFactory,
    RelationFactory,
)

outside_of_transactions = pytest.mark.django_db(transaction=True)
on_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="needs a second connection to the same database"
)


@pytest.fixture(autouse=True)
def _fresh_process(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.GRAPH_SNAPSHOT_DIR = tmp_path / "graph"
    forget()
    yield
    forget()


def picture(graph: DependencyGraph) -> list[tuple[int, int, str, tuple[int, int] | None]]:
    """Return every relation of a graph: dependent, provider, class, (k, n) of its group."""
    edges = []
    for item in graph.items():
        row = graph.providers_of(graph.index_of(item))
        ends = graph.ids_of(row.neighbours.astype("int64")).tolist()
        for end, code, group in zip(ends, row.classes.tolist(), row.groups.tolist(), strict=True):
            facts = graph.group(group)[1:] if group >= 0 else None
            edges.append((item, end, RELATION_CLASSES[code], facts))
    return sorted(edges, key=str)


def as_stored() -> DependencyGraph:
    return graph_log.log_of(connection).load().graph


def items(count: int) -> list[ConfigurationItem]:
    """Create items that share a class and a location: quick."""
    where, what = LocationFactory(), ItemClassFactory()
    return AssetFactory.create_batch(count, location=where, item_class=what)


def run(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL packs its tables")
@pytest.mark.parametrize("piece", [3, 1 << 17], ids=["in pieces", "at once"])
@pytest.mark.parametrize("narrow_below", [0, 1 << 26], ids=["wide", "narrow"])
@pytest.mark.django_db
def test_packed_tables_hold_what_the_rows_say(
    monkeypatch: pytest.MonkeyPatch, piece: int, narrow_below: int
) -> None:
    some = items(3)
    undeclared = RedundancyGroupFactory(item=some[0], required_count=None)
    groups = [None, RedundancyGroupFactory(item=some[0], required_count=2), undeclared]
    for step, name in enumerate(RELATION_CLASSES * 2):
        group = groups[step % 3] if name not in TARGET_DEPENDS else None
        RelationFactory(
            source=some[0],
            target=some[1 + step % 2],
            relation_class=name,
            protocol=str(step),
            redundancy_group=group,
        )
    rows = graph_of_rows(
        [item.pk for item in some],
        [
            (source, target, CLASS_CODE[name], -1 if group is None else group)
            for source, target, name, group in Relation.objects.values_list(
                "source", "target", "relation_class", "redundancy_group"
            )
        ],
        [
            (group.pk, group.item_id, -1 if group.required_count is None else group.required_count)
            for group in groups
            if group is not None
        ],
    )
    monkeypatch.setattr(graph_log, "NARROW_BELOW", narrow_below)
    monkeypatch.setattr(graph_log, "_PIECE", piece)
    assert picture(as_stored()) == picture(rows)
    assert sorted(as_stored().items()) == sorted(rows.items())


EDITS: dict[str, Callable[[Relation, list[ConfigurationItem]], object]] = {
    "a new relation": lambda relation, some: RelationFactory(source=some[2], target=some[0]),
    "a deleted relation": lambda relation, some: relation.delete(),
    "a turned relation": lambda relation, some: run(
        "UPDATE assets_relation SET source_id = target_id, target_id = source_id"
    ),
    "another class": lambda relation, some: Relation.objects.update(relation_class="feeds_data"),
    "bulk statements": lambda relation, some: Relation.objects.bulk_create(
        RelationFactory.build_batch(3, source=some[2], target=some[1], relation_class="runs_on")[:1]
    ),
    "an end that becomes unknown": lambda relation, some: Relation.objects.update(
        target=None, unresolved_target="A-404"
    ),
    "a relation that joins a group": lambda relation, some: Relation.objects.update(
        redundancy_group=RedundancyGroupFactory(item=some[0], required_count=1)
    ),
    "a new item": lambda relation, some: items(1),
    "a deleted item with its relations": lambda relation, some: some[1].delete(),
    "nothing that matters": lambda relation, some: Relation.objects.update(note="checked"),
}


@outside_of_transactions
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_follows_an_edit_without_loading_again(
    edit: Callable[[Relation, list[ConfigurationItem]], object],
) -> None:
    some = items(3)
    relation = RelationFactory(source=some[0], target=some[1])
    before = current_graph()
    edit(relation, some)
    after = current_graph()
    assert after.csr is before.csr
    assert picture(after) == picture(as_stored())
    assert sorted(after.items()) == sorted(as_stored().items())
    assert after.edge_count == as_stored().edge_count


@outside_of_transactions
def test_follows_a_change_of_the_declared_need() -> None:
    some = items(3)
    group = RedundancyGroupFactory(item=some[0], required_count=1)
    for provider in some[1:]:
        RelationFactory(source=some[0], target=provider, redundancy_group=group)
    words = impact(current_graph(), [some[1].pk]).states()
    assert words[some[0].pk].label == "redundancy_lost"
    RedundancyGroup.objects.update(required_count=2)
    assert impact(current_graph(), [some[1].pk]).states()[some[0].pk].label == "down"
    RedundancyGroup.objects.update(required_count=None)
    assert impact(current_graph(), [some[1].pk]).states()[some[0].pk].label == "unknown"


@outside_of_transactions
def test_a_transaction_sees_its_own_edits_and_nobody_else_does() -> None:
    some = items(2)
    before = picture(current_graph())
    with transaction.atomic():
        RelationFactory(source=some[0], target=some[1])
        assert len(picture(current_graph())) == 1
        with transaction.atomic():
            Relation.objects.all().delete()
            assert picture(current_graph()) == []
            transaction.set_rollback(True)
        assert len(picture(current_graph())) == 1
        transaction.set_rollback(True)
    assert picture(current_graph()) == before == []
    RelationFactory(source=some[0], target=some[1])
    assert picture(current_graph()) == picture(as_stored())


@pytest.mark.django_db
def test_a_graph_loaded_inside_a_transaction_is_not_kept() -> None:
    some = items(2)
    RelationFactory(source=some[0], target=some[1])
    assert len(picture(current_graph())) == 1
    assert not live_graph._held


@outside_of_transactions
def test_an_emptied_table_is_noticed() -> None:
    some = items(2)
    RelationFactory(source=some[0], target=some[1])
    assert current_graph().edge_count == 1
    if connection.vendor == "postgresql":
        run("TRUNCATE assets_relation CASCADE")
    else:
        run("DELETE FROM assets_relation")
    assert current_graph().edge_count == 0


@outside_of_transactions
def test_loads_again_when_too_much_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    some = items(3)
    before = current_graph()
    monkeypatch.setattr(live_graph, "most_edits", lambda graph: 1)
    RelationFactory(source=some[0], target=some[1])
    RelationFactory(source=some[1], target=some[2])
    after = current_graph()
    assert after.csr is not before.csr
    assert picture(after) == picture(as_stored())


@outside_of_transactions
def test_loads_again_in_another_epoch() -> None:
    some = items(2)
    before = current_graph()
    renew_log()
    RelationFactory(source=some[0], target=some[1])
    after = current_graph()
    assert after.csr is not before.csr
    assert after.edge_count == 1


@outside_of_transactions
def test_starts_from_the_snapshot_and_follows_what_came_after_it(tmp_path: Path) -> None:
    some = items(3)
    RelationFactory(source=some[0], target=some[1])
    path = save_snapshot()
    RelationFactory(source=some[1], target=some[2])
    graph = current_graph()
    assert path.parent == tmp_path / "graph"
    assert len(graph.csr.dependents.neighbours) == 1
    assert graph.edge_count == 2
    assert picture(graph) == picture(as_stored())


@outside_of_transactions
@pytest.mark.parametrize(
    "spoil", [b"", b"{}", b"not a snapshot"], ids=["empty", "alien", "garbage"]
)
def test_a_spoilt_snapshot_is_not_used(spoil: bytes) -> None:
    some = items(2)
    RelationFactory(source=some[0], target=some[1])
    save_snapshot().write_bytes(spoil)
    assert picture(current_graph()) == picture(as_stored())


@outside_of_transactions
def test_a_cut_snapshot_is_not_used() -> None:
    some = items(2)
    RelationFactory(source=some[0], target=some[1])
    path = save_snapshot()
    path.write_bytes(path.read_bytes()[:-64])
    assert picture(current_graph()) == picture(as_stored())


@outside_of_transactions
def test_a_trimmed_log_makes_late_readers_load_again() -> None:
    some = items(2)
    late = current_graph()
    RelationFactory(source=some[0], target=some[1])
    run("DELETE FROM assets_graphdelta")
    run("UPDATE assets_graphlog SET trimmed = '1000000000000'")
    graph = current_graph()
    assert graph.csr is not late.csr
    assert picture(graph) == picture(as_stored())


@outside_of_transactions
def test_a_snapshot_trims_what_the_one_before_it_has_seen() -> None:
    some = items(3)
    for target in some[1:]:
        RelationFactory(source=some[0], target=target)
        save_snapshot()
    RelationFactory(source=some[1], target=some[2])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assets_graphdelta")
        left = cursor.fetchone()[0]
    # On PostgreSQL any older transaction in the cluster holds the trimming back.
    assert left == 2 if connection.vendor == "sqlite" else left >= 2
    assert picture(current_graph()) == picture(as_stored())


@outside_of_transactions
def test_random_edits_never_lead_astray() -> None:
    dice, some = Random(3), items(6)
    groups = [RedundancyGroupFactory(item=item, required_count=1) for item in some[:2]]
    for step in range(120):
        source, target = dice.sample(some, 2)
        known = Relation.objects.order_by("?").first()
        match dice.randrange(5):
            case 0 | 1:
                fits = [group for group in groups if group.item_id == source.pk]
                RelationFactory(
                    source=source,
                    target=target,
                    relation_class=dice.choice(RELATION_CLASSES),
                    protocol=str(step),
                    redundancy_group=fits[0] if fits else None,
                )
            case 2 if known:
                known.delete()
            case 3 if known:
                Relation.objects.filter(pk=known.pk).update(
                    redundancy_group=dice.choice([None, *groups])
                )
            case _:
                RedundancyGroup.objects.filter(pk=dice.choice(groups).pk).update(
                    required_count=dice.choice([None, 1, 2])
                )
        assert picture(current_graph()) == picture(as_stored())


@on_postgres
@outside_of_transactions
def test_transactions_that_commit_out_of_order_are_not_lost() -> None:
    some = items(3)
    pairs = [(some[0], some[1]), (some[1], some[2])]
    built = [RelationFactory(source=a, target=b) for a, b in pairs]
    Relation.objects.all().delete()
    current_graph()
    with closing(connection.copy()) as early, closing(connection.copy()) as late:
        early.set_autocommit(False)
        for other, relation in ((early, built[0]), (late, built[1])):
            with other.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO assets_relation (created_at, updated_at, version, source_id, target_id,"
                    " unresolved_source, unresolved_target, relation_class, protocol, data_model,"
                    " middleware, note, provenance_source, confidence)"
                    " VALUES (now(), now(), 1, %s, %s, '', '', 'runs_on', '', '', '', '', 'manual', 100)",
                    (relation.source_id, relation.target_id),
                )
        assert [edge[0] for edge in picture(current_graph())] == [some[1].pk]
        early.commit()
        assert [edge[0] for edge in picture(current_graph())] == [some[0].pk, some[1].pk]
