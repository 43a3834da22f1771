"""Loads the demonstration plant through the ordinary importer, then puts its matrices and board in force."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.models import Team
from assets.imports.catalogue import load_catalogue
from common.actor import Actor
from common.imports import ImportContext, ImportReport, apply
from common.imports.kinds import kind_named, kinds_in_order
from common.imports.tables import table_of_file
from governance.models import BoardPolicy
from governance.services import create_policy
from raci.choices import MatrixStatus
from raci.models import Matrix, Role
from raci.services import change_matrix, publish_matrix

MATRICES = {
    "HW-MODEL-2026": ("Operating model of the group", "INFRA-HEAD"),
    "NF-MODEL-2026": ("Operating model of Northfield", "SITE-MGR"),
    "SB-MODEL-2026": ("Operating model of Stahlbach", "SITE-MGR"),
}
BOARD = "ARB"


def load_plant(folder: Path, *, actor: Actor, now: datetime) -> Iterator[ImportReport]:
    """Import the shipped item classes and every file of a folder; yield the reports."""
    context = ImportContext(actor=actor, now=now, is_console=True, comment="demonstration plant")
    yield load_catalogue(context)
    for kind in kinds_in_order():
        path = folder / f"{kind.name}.csv"
        if path.exists():
            yield _load(kind.name, path, context)


def _load(kind: str, path: Path, context: ImportContext) -> ImportReport:
    with path.open("rb") as file:
        return apply(kind=kind_named(kind), table=table_of_file(file), context=context)


def put_in_force(*, actor: Actor, now: datetime) -> list[str]:
    """Publish the drafted matrices and set up the review board; return what was done."""
    done = []
    for draft in Matrix.objects.filter(status=MatrixStatus.DRAFT, code__in=MATRICES):
        name, role = MATRICES[draft.code]
        escalation = Role.objects.filter(code=role).first()
        values: dict[str, Any] = {"name": name, "escalation_role": escalation}
        change_matrix(actor=actor, matrix=draft, values=values, now=now)
        publish_matrix(actor=actor, matrix=draft, now=now)
        done.append(f"published {draft.code}")
    return done + _set_up_board(actor, now)


def _set_up_board(actor: Actor, now: datetime) -> list[str]:
    board = Team.objects.filter(code=BOARD).first()
    if board is None or BoardPolicy.objects.filter(code="review-board").exists():
        return []
    rules = {"code": "review-board", "name": "Architecture review board", "board": board}
    create_policy(actor=actor, values=rules, now=now)
    return ["set up the review board"]
