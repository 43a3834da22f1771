"""Imports in one line: `run("assets", "code,name...", apply=True)`."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from common.actor import Actor
from common.imports import ImportContext, ImportReport, apply, preview
from common.imports.exporting import csv_lines, export_rows
from common.imports.kinds import kind_named
from common.imports.tables import table_of_file


@pytest.fixture
def run(db: None, actor: Actor, now: datetime) -> Callable[..., ImportReport]:
    """Preview or apply text as a user, or as the console when no user is given."""

    def start(kind: str, text: str | bytes, *, write: bool = True, user: Any = None, **more: Any):
        context = ImportContext(
            actor=actor, now=now, user=user, is_console=user is None and not more, **more
        )
        data = text.encode() if isinstance(text, str) else text
        table = table_of_file(io.BytesIO(data))
        return (apply if write else preview)(kind=kind_named(kind), table=table, context=context)

    return start


@pytest.fixture
def export(db: None, actor: Actor, now: datetime) -> Callable[..., bytes]:
    """Export a kind as a user, or as the console."""

    def start(kind: str, *, user: Any = None) -> bytes:
        context = ImportContext(actor=actor, now=now, user=user, is_console=user is None)
        return b"".join(csv_lines(export_rows(kind=kind_named(kind), context=context)))

    return start
