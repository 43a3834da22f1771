"""Impact questions on a layered plant: our engine, plain networkx, a PostgreSQL recursive CTE.

`python -m benchmarks.impact [--size N]` prints one JSON object {name, figures, ratios}.
"""

import argparse
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from assets.graph.dependency_graph import DependencyGraph
from assets.graph.impact import Impact, impact
from assets.graph.relation_effects import ItemState
from assets.queries.graph_log import log_of
from assets.queries.graph_oracle import hard_closure, impact_in_database
from assets.queries.live_graph import current_graph, forget, save_snapshot
from benchmarks.graph_baseline import Report, run_networkx, weigh_engine
from benchmarks.graph_data import plant
from benchmarks.graph_store import database, fill
from benchmarks.graph_stress import stress
from benchmarks.stopwatch import timed


def five_thousand(graph: DependencyGraph, size: int) -> list[int]:
    """Return one item whose failure hits about 5,000."""
    dice = np.random.default_rng(1)
    wanted = min(5000, size // 10)
    candidates = dice.integers(1, max(size // 5, 2), 400).tolist()
    return [min(candidates, key=lambda item: abs(len(impact(graph, [item])) - wanted))]


def half_the_graph(graph: DependencyGraph, size: int) -> list[int]:
    """Return the smallest stretch of the bottom layer whose failure hits half of all items."""
    low, high = 1, size // 10
    while low < high:
        middle = (low + high) // 2
        if len(impact(graph, range(1, middle + 1))) < size // 2:
            low = middle + 1
        else:
            high = middle
    return list(range(1, low + 1))


def redundant(graph: DependencyGraph, size: int) -> list[int]:
    """Return scattered items whose joint failure takes groups down and hits about 5,000."""
    dice = np.random.default_rng(2)
    wanted = min(5000, size // 10)
    start = size // 10
    tries = [(dice.integers(start, 3 * start, 60) // 7 * 7 + 1).tolist() for _ in range(60)]
    sized = [targets[:count] for targets in tries for count in (4, 8, 16, 32, 60)]
    return min(sized, key=lambda targets: abs(len(impact(graph, targets)) - wanted))


class Question(NamedTuple):
    """Targets whose failure is asked for, and how often to ask."""

    name: str
    targets: list[int]
    repeats: int


def measure(size: int) -> dict[str, Any]:
    """Run everything on a database of our own."""
    with database() as url:
        fill(plant(size))
        figures: dict[str, Any] = {"size": size, "database": connection.vendor}
        if connection.vendor != "postgresql":
            figures["note"] = "no PostgreSQL answered: the database compared against is SQLite"
        graph = _load(figures)
        questions = [
            Question("affected_5000", five_thousand(graph, size), 60),
            Question("half", half_the_graph(graph, size), 5),
            Question("k_of_n", redundant(graph, size), 60),
        ]
        for question in questions:
            figures[question.name] = _ask_engine(graph, question)
        answers = [_ask_database(question, figures[question.name]) for question in questions]
        baseline = _ask_networkx(questions, figures)
        figures["equal_to_oracle"] = all(
            impact(graph, question.targets).states() == by_database == by_networkx
            for question, by_database, by_networkx in zip(
                questions, answers, baseline.answers, strict=True
            )
        )
        figures["freshness"] = _freshness(size)
        if connection.vendor == "postgresql":
            figures["stress"] = stress(url)
    return {"name": "impact", "figures": figures, "ratios": _ratios(figures)}


def _load(figures: dict[str, Any]) -> DependencyGraph:
    loads = timed(lambda: log_of(connection).load().graph, 3)
    graph: DependencyGraph = loads.result
    impact(graph, [1])
    figures["items"], figures["relations"] = len(graph), graph.edge_count
    figures["groups"] = graph.csr.group_count
    figures["load_s"] = loads.milliseconds / 1000
    figures["arrays_mb"] = (graph.csr.nbytes + graph.effect_indexes.nbytes) / 1e6
    figures["memory_mb"] = _in_own_process(weigh_engine) / 1e6
    save_snapshot()
    figures["memory_from_snapshot_mb"] = _in_own_process(weigh_engine) / 1e6
    figures["load_from_snapshot_s"] = timed(_from_snapshot, 3).milliseconds / 1000
    return graph


def _from_snapshot() -> None:
    forget()
    impact(current_graph(), [1])


def _in_own_process(work: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """Run where nothing else is in memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _ask_engine(graph: DependencyGraph, question: Question) -> dict[str, Any]:
    """Time the question up to a list of ids, as a caller uses it."""

    def ask() -> Impact:
        answer = impact(graph, question.targets)
        answer.ids()
        return answer

    ask()
    milliseconds, answer = timed(ask, question.repeats)
    return {
        "targets": len(question.targets),
        "affected": len(answer),
        "states": {state.label: count for state, count in answer.counts.items()},
        "depth": int(answer.outcome.depths.max()),
        "engine_ms": milliseconds,
    }


def _ask_database(question: Question, figures: dict[str, Any]) -> dict[int, int]:
    repeats = max(question.repeats // 8, 1)
    # The bare recursive statement is a lower bound: it answers neither groups nor soft relations.
    bare = timed(lambda: hard_closure(question.targets), repeats)
    figures["cte_bare_ms"], figures["cte_bare_rows"] = bare.milliseconds, len(bare.result)
    figures["cte_ms"], answer = timed(lambda: impact_in_database(question.targets), repeats)
    return dict(answer)


def _ask_networkx(questions: list[Question], figures: dict[str, Any]) -> Report:
    asked = [question.targets for question in questions]
    repeats = [max(question.repeats // 10, 1) for question in questions]
    report: Report = _in_own_process(run_networkx, asked, repeats)
    figures["networkx_load_s"] = report.load_seconds
    figures["networkx_memory_mb"] = report.load_bytes / 1e6
    for question, milliseconds in zip(questions, report.milliseconds, strict=True):
        figures[question.name]["networkx_ms"] = milliseconds
    return report


def _freshness(size: int) -> dict[str, float]:
    """Add one relation, then ask what its provider hits: the time beyond the commit, and is it fresh?"""
    forget()
    dice = np.random.default_rng(3)
    current_graph()
    asked, committed, fresh = [], [], 0
    for _ in range(200):
        source, target = (int(item) for item in dice.integers(size // 10 * 9, size, 2) + 1)
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO assets_relation (source_id, target_id, relation_class)"
                " VALUES (%s, %s, 'runs_on')",
                (source, target),
            )
        done = time.perf_counter()
        answer = impact(current_graph(), [target])
        asked.append((time.perf_counter() - done) * 1000)
        committed.append((done - started) * 1000)
        fresh += answer.states().get(source) == ItemState.DOWN or source == target
    poll = timed(current_graph, 200)
    return {
        "commit_ms": statistics.median(committed),
        "edit_then_question_ms": statistics.median(asked),
        "edit_then_question_p95_ms": statistics.quantiles(asked, n=20)[-1],
        "poll_without_news_ms": poll.milliseconds,
        "edits": len(asked),
        "stale_answers": len(asked) - fresh,
    }


def _ratios(figures: dict[str, Any]) -> dict[str, float]:
    ratios = {
        "load_vs_networkx": figures["networkx_load_s"] / figures["load_s"],
        # Workers map the snapshot; a process that had to load from the tables keeps some slack.
        "memory_vs_networkx": figures["memory_from_snapshot_mb"] / figures["networkx_memory_mb"],
        "memory_after_loading_vs_networkx": figures["memory_mb"] / figures["networkx_memory_mb"],
    }
    for name in ("affected_5000", "half", "k_of_n"):
        own = figures[name]["engine_ms"]
        for other in ("cte_bare", "cte", "networkx"):
            ratios[f"{name}_vs_{other}"] = figures[name][f"{other}_ms"] / own
    return {name: round(ratio, 3) for name, ratio in ratios.items()}


def main() -> None:
    """Parse the size and print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    print(json.dumps(measure(parser.parse_args().size), indent=1))


if __name__ == "__main__":
    main()
