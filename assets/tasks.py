"""Background work of the plant: the graph's snapshot, from which processes start without loading."""

from celery import shared_task

from assets.queries.live_graph import save_snapshot


@shared_task(name="assets.save_graph", ignore_result=True)
def save_graph() -> None:
    """Write the snapshot and trim the log of changes it holds; runs on beat."""
    save_snapshot()
