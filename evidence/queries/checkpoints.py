"""Checkpoints as they are shipped and verified."""

from dataclasses import dataclass
from datetime import datetime

from evidence.models import Checkpoint, LedgerHead
from evidence.rules.statements import Signed


def signed_checkpoints(*, last: int | None = None) -> list[Signed]:
    """Return the checkpoints in order; with `last`, only that many from the end."""
    rows = Checkpoint.objects.order_by("-id").values_list("statement", "signature")
    return [Signed(*row) for row in (rows[:last] if last else rows)][::-1]


def ledger_head() -> tuple[int, str]:
    """Return the sequence and hash of the last entry."""
    head = LedgerHead.objects.get(pk=1)
    return head.sequence, head.hash


@dataclass(frozen=True)
class LedgerState:
    """Where the chain stands, for people."""

    last_sequence: int
    last_hash: str
    signed_up_to: int
    signed_at: datetime | None
    checkpoints: int

    @property
    def unsigned(self) -> int:
        """How many entries no checkpoint covers yet."""
        return self.last_sequence - self.signed_up_to


def ledger_state() -> LedgerState:
    """Return where the chain stands."""
    sequence, digest = ledger_head()
    latest = Checkpoint.objects.order_by("-id").first()
    return LedgerState(
        last_sequence=sequence,
        last_hash=digest,
        signed_up_to=latest.last_sequence if latest else 0,
        signed_at=latest.created_at if latest else None,
        checkpoints=Checkpoint.objects.count(),
    )
