"""The plant's dependency graph as it is in the database at this moment."""

from django.db import DEFAULT_DB_ALIAS, connections

from assets.graph.dependency_graph import DependencyGraph
from assets.graph.loading import graph_of_rows
from assets.graph.relation_effects import CLASS_CODE


def current_graph(*, using: str = DEFAULT_DB_ALIAS) -> DependencyGraph:
    """Return the graph as the calling thread's connection sees it now."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT id FROM assets_configurationitem")
        items = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT source_id, target_id, relation_class, coalesce(redundancy_group_id, -1)"
            " FROM assets_relation WHERE source_id IS NOT NULL AND target_id IS NOT NULL"
        )
        edges = [(row[0], row[1], CLASS_CODE[row[2]], row[3]) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT id, item_id, coalesce(required_count, -1) FROM assets_redundancygroup"
        )
        return graph_of_rows(items, edges, cursor.fetchall())
