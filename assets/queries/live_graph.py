"""The plant's dependency graph as it is in the database at this moment, held in the process.

Loaded once (from a snapshot file or the tables), then kept fresh: every call reads the log's news.
"""

import logging
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from assets.graph.changes import ReloadNeeded
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.snapshot_file import UnreadableSnapshot, read_snapshot, write_snapshot
from assets.queries.graph_log import GraphLog, Loaded, News, log_of
from common.files import writing
from common.freed_memory import give_back_freed_memory

logger = logging.getLogger(__name__)

#: Alias and name of a database: test databases come and go under one alias.
_Key: TypeAlias = tuple[str, str]
_held: dict[_Key, Loaded] = {}
_lock = Lock()


def current_graph(
    *, using: str = DEFAULT_DB_ALIAS, snapshot_dir: Path | None = None
) -> DependencyGraph:
    """Return the graph as the calling thread's connection sees it now: an immutable view.

    Never older than the last commit. Inside a transaction the view holds its own uncommitted edits
    too, and is given to nobody else.
    """
    connection = connections[using]
    log = log_of(connection)
    key = (using, str(connection.settings_dict["NAME"]))
    held = _held.get(key)
    news = log.news(held.position) if held else None
    fresh = _followed(held, news) if held and news else None
    if fresh is None:
        fresh = _load(log, _directory(snapshot_dir))
        is_shareable = log.shows_committed_only()
    else:
        # Of a transaction only what it saw before its own edits could be shared: not worth telling apart.
        is_shareable = not connection.in_atomic_block and connection.get_autocommit()
    if is_shareable:
        _hold(key, held, fresh)
    return fresh.graph


def _hold(key: _Key, before: Loaded | None, fresh: Loaded) -> None:
    """Share a newer state, unless another thread has meanwhile shared one."""
    with _lock:
        if _held.get(key) is before:
            _held[key] = fresh


def _followed(held: Loaded, news: News) -> Loaded | None:
    """Return the state after the news, None when the graph has to be loaded again."""
    if news.changes is None or news.epoch != held.epoch:
        return None
    if not news.changes:
        return held._replace(position=news.position)
    try:
        graph = held.graph.with_changes(news.changes)
    except ReloadNeeded:
        return None
    if graph.overlay.applied > most_edits(graph):
        return None
    return Loaded(held.epoch, news.position, graph)


def most_edits(graph: DependencyGraph) -> int:
    """Return how many edits beside the arrays are cheaper than loading again."""
    return min(50_000, 1_000 + graph.edge_count // 20)


def _load(log: GraphLog, directory: Path) -> Loaded:
    """Return the graph from the snapshot and the news since, else from the tables."""
    epoch = log.epoch()
    try:
        graph, origin = read_snapshot(_snapshot_path(directory, epoch))
    except FileNotFoundError:
        return _from_tables(log)
    except UnreadableSnapshot:
        logger.warning("graph snapshot unreadable, loading from the database", exc_info=True)
        return _from_tables(log)
    snapshot = Loaded(origin["epoch"], origin["position"], graph)
    return _followed(snapshot, log.news(snapshot.position)) or _from_tables(log)


def _from_tables(log: GraphLog) -> Loaded:
    loaded = log.load()
    give_back_freed_memory()
    return loaded


def _directory(given: Path | None) -> Path:
    return given or Path(settings.GRAPH_SNAPSHOT_DIR)


def _snapshot_path(directory: Path, epoch: str) -> Path:
    return directory / f"graph-{epoch}.snapshot"


def save_snapshot(*, using: str = DEFAULT_DB_ALIAS, snapshot_dir: Path | None = None) -> Path:
    """Load the graph, write the file other processes start from, and trim the log behind it.

    Call it from a task, outside of a transaction. Raises FileNotWrittenError: then the file and the log stay as they
    were.
    """
    log = log_of(connections[using])
    loaded = log.load()
    path = _snapshot_path(_directory(snapshot_dir), loaded.epoch)
    with writing(path):
        write_snapshot(path, loaded.graph, {"epoch": loaded.epoch, "position": loaded.position})
    with transaction.atomic(using=using):
        log.trim(loaded.position)
    return path


def renew_log(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Tell every process to load again: call it after restoring or copying a database."""
    with transaction.atomic(using=using):
        log_of(connections[using]).renew()


def forget(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop what this process holds (the next question loads again)."""
    with _lock:
        for key in [key for key in _held if key[0] == using]:
            del _held[key]
