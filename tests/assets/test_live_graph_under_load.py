"""Writers and readers at once: no reader sees a wrong edge, every writer sees its own commit."""

import threading
from collections.abc import Callable
from random import Random

import pytest
from django.db import connections, transaction

from assets.graph.dependency_graph import DependencyGraph
from assets.models import ConfigurationItem, Relation
from assets.queries.graph_log import log_of
from assets.queries.live_graph import current_graph, forget
from tests.factories.assets import AssetFactory, ItemClassFactory, LocationFactory, RelationFactory

PLACES = range(1, 19, 2)


class Writer:
    """Adds or removes two relations at a time, some of the time for nothing."""

    def __init__(self, items: list[ConfigurationItem], seed: int) -> None:
        self.items = items
        self.dice = Random(seed)

    def seen(self, graph: DependencyGraph) -> set[int]:
        row = graph.providers_of(graph.index_of(self.items[0].pk))
        return set(graph.ids_of(row.neighbours.astype("int64")).tolist())

    def halves(self, graph: DependencyGraph) -> list[int]:
        seen = self.seen(graph)
        pks = [item.pk for item in self.items]
        return [place for place in PLACES if (pks[place] in seen) != (pks[place + 1] in seen)]

    def turn(self, pair: list[ConfigurationItem]) -> bool:
        """Return whether the pair is there afterwards."""
        with transaction.atomic():
            known = Relation.objects.filter(source=self.items[0], target__in=pair)
            is_added = not known.exists()
            known.delete()
            for target in pair if is_added else ():
                RelationFactory(source=self.items[0], target=target)
            is_undone = self.dice.random() < 0.2
            transaction.set_rollback(is_undone)
        return is_added != is_undone

    def work(self) -> None:
        for _ in range(60):
            place = self.dice.choice(PLACES)
            pair = self.items[place : place + 2]
            is_there = self.turn(pair)
            seen = self.seen(current_graph()).issuperset(item.pk for item in pair)
            assert seen == is_there, "a writer does not see its own commit"


def all_at_once(jobs: list[Callable[[], None]]) -> list[BaseException]:
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001  (a dead thread must fail the test)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.skipif(
    "connections['default'].vendor != 'postgresql'", reason="needs several connections"
)
@pytest.mark.django_db(transaction=True)
def test_writers_and_readers_at_once_see_no_wrong_edge() -> None:
    forget()
    where, what = LocationFactory(), ItemClassFactory()
    batches = [AssetFactory.create_batch(20, location=where, item_class=what) for _ in range(2)]
    writers = [Writer(batch, seed) for seed, batch in enumerate(batches)]

    def read() -> None:
        for _ in range(150):
            graph = current_graph()
            assert [writer.halves(graph) for writer in writers] == [[], []]

    assert all_at_once([writers[0].work, writers[1].work, read, read]) == []
    stored = log_of(connections["default"]).load().graph
    assert [w.seen(current_graph()) for w in writers] == [w.seen(stored) for w in writers]
    forget()
