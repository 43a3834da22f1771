"""A ledger with something in it, a key of its own, and a way to tamper that no application has."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection, transaction

from common.actor import Actor
from evidence import triggers
from evidence.choices import PackKind
from evidence.keys import SigningKey, signing_key
from evidence.packs import PackContent, Total
from evidence.services import Entry, record_many
from evidence.services.packs import build_pack
from evidence.verification.ledger import LedgerCheck

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
ROSA = Actor(label="Rosa Delgado", user_id=3, channel="web", request_id="r1")


def entries(count: int, *, path: str = "1/4/") -> list[Entry]:
    return [
        Entry(
            action="create",
            object_type="assets.configurationitem",
            object_id=number,
            object_label=f"Filler PLC {number}",
            scope_path=path,
            after={"code": f"A-{number:05}", "firmware": "V2.9"},
        )
        for number in range(1, count + 1)
    ]


def decision(**changes) -> PackContent:
    values = {
        "kind": PackKind.DECISION,
        "title": "Firmware update of the filler PLCs",
        "subject": "CHG-000012",
        "template": "pdf/pack.html",
        "data": {
            "votes": [{"who": "Ida", "choice": "approve"}, {"who": "Ben", "choice": "reject"}]
        },
        "sequences": (2, 3, 7),
        "totals": (Total("Approvals", "votes", {"choice": "approve"}),),
    }
    return PackContent(**{**values, **changes})


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> None:
    """Keys and files of the test's own."""
    settings.KEY_DIR = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def key(folders: None) -> SigningKey:
    return signing_key(now=NOW)


@pytest.fixture
def ledger(db: None) -> Callable[[int], None]:
    """Write that many entries."""

    def write(count: int, **options) -> None:
        record_many(actor=ROSA, entries=entries(count, **options), now=NOW)

    return write


@pytest.fixture
def tamper(db: None) -> Callable[..., None]:
    """Run SQL as somebody who owns the database and lifts the triggers."""

    def run(*statements: str) -> None:
        triggers.remove(connection)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        triggers.install(connection)

    return run


@pytest.fixture(scope="package")
def pack_pdf(django_db_setup, django_db_blocker, tmp_path_factory) -> bytes:
    """One signed pack for all tests that only read or damage its bytes."""
    original, site.KEY_DIR = site.KEY_DIR, tmp_path_factory.mktemp("pack") / "keys"
    with django_db_blocker.unblock(), transaction.atomic():
        record_many(actor=ROSA, entries=entries(9), now=NOW)
        pdf = build_pack(content=decision(), actor=ROSA, now=NOW)
        transaction.set_rollback(True)
    site.KEY_DIR = original
    return pdf


def kinds(check: LedgerCheck | list) -> set[str]:
    verdicts = check if isinstance(check, list) else check.verdicts
    return {finding.kind for verdict in verdicts for finding in verdict.findings}
