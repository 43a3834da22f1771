"""Writers in processes of their own, readers in threads of one: does any reader see a wrong edge?

A writer adds or removes two relations per transaction; a view with one of the two is wrong.
"""

import multiprocessing
import random
import threading
import time

import psycopg
from django.db import connection, connections

from assets.graph.dependency_graph import DependencyGraph
from assets.queries.graph_log import log_of
from assets.queries.live_graph import current_graph, forget

PAIRS = 40


def first_item(writer: int) -> int:
    """Return the item whose relations a writer owns."""
    return 1 + writer * (2 * PAIRS + 1)


def write(url: str, writer: int, seconds: float) -> None:
    """Turn pairs of relations on and off, some with a pause before the commit, some rolled back."""
    dice, item = random.Random(writer), first_item(writer)
    until = time.monotonic() + seconds
    with psycopg.connect(url, autocommit=True) as database:
        while time.monotonic() < until:
            place = item + 1 + 2 * dice.randrange(PAIRS)
            pair = [place, place + 1]
            with database.transaction() as change:
                gone = database.execute(
                    "DELETE FROM assets_relation WHERE source_id = %s AND target_id = ANY(%s)"
                    " AND protocol = 'stress'",
                    (item, pair),
                )
                for end in pair if not gone.rowcount else ():
                    database.execute(
                        "INSERT INTO assets_relation (source_id, target_id, relation_class, protocol)"
                        " VALUES (%s, %s, 'runs_on', 'stress')",
                        (item, end),
                    )
                if dice.random() < 0.3:
                    time.sleep(dice.random() * 0.01)  # others commit meanwhile: out of order
                if dice.random() < 0.1:
                    raise psycopg.Rollback(change)


def ends_of(graph: DependencyGraph, item: int) -> list[int]:
    """Return the providers an item names, over every relation of the writers' class."""
    row = graph.providers_of(graph.index_of(item))
    return sorted(graph.ids_of(row.neighbours.astype("int64")).tolist())


def halves(graph: DependencyGraph, before: dict[int, list[int]]) -> int:
    """Return how many pairs a view shows half of."""
    wrong = 0
    for item, known in before.items():
        ends = ends_of(graph, item)
        for end in known:
            ends.remove(end)
        places = range(item + 1, item + 1 + 2 * PAIRS, 2)
        wrong += sum(ends.count(place) != ends.count(place + 1) for place in places)
    return wrong


def stress(url: str, *, writers: int = 4, readers: int = 4, seconds: float = 5) -> dict[str, int]:
    """Run both at once; return how often readers looked and how many wrong edges they saw."""
    forget()
    before = {
        first_item(writer): ends_of(current_graph(), first_item(writer))
        for writer in range(writers)
    }
    counts = {"looks": 0, "wrong_edges": 0}
    is_over = threading.Event()
    lock = threading.Lock()

    def read() -> None:
        while not is_over.is_set():
            wrong = halves(current_graph(), before)
            with lock:
                counts["looks"] += 1
                counts["wrong_edges"] += wrong
        connections.close_all()

    processes = [
        multiprocessing.get_context("spawn").Process(target=write, args=(url, writer, seconds))
        for writer in range(writers)
    ]
    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    is_over.set()
    for thread in threads:
        thread.join()
    stored = log_of(connection).load().graph
    final = sum(ends_of(current_graph(), i) != ends_of(stored, i) for i in before)
    counts["wrong_edges"] += final + abs(current_graph().edge_count - stored.edge_count)
    counts["commits_applied"] = current_graph().overlay.applied
    return counts
