"""A process that only asks about impact pays for numpy and for some 35 bytes a relation."""

import subprocess
import sys
from pathlib import Path

from assets.graph.impact import impact
from assets.graph.loading import graph_of_rows

ROOT = Path(__file__).parents[3]
QUESTIONS = "import assets.graph.impact, assets.graph.causes, assets.graph.snapshot_file, sys;"


def test_asking_about_impact_imports_neither_networkx_nor_scipy() -> None:
    check = QUESTIONS + "print({'networkx', 'scipy'} & sys.modules.keys())"
    found = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "set()"


def test_a_relation_weighs_less_than_forty_bytes() -> None:
    count = 20_000
    relations = [(item, item % 997 + 1, 0, -1) for item in range(1000, count)]
    graph = graph_of_rows(range(1, count), relations * 3)
    impact(graph, [1])
    spare = len(graph.csr.maybe_edited) + len(graph.csr.maybe_edited_groups)
    weight = graph.csr.nbytes + graph.effect_indexes.nbytes - spare
    assert weight / graph.edge_count < 40
