"""Checkpoints as they are shipped and verified."""

from evidence.models import Checkpoint, LedgerHead
from evidence.verification.checkpoints import Signed


def signed_checkpoints(*, last: int | None = None) -> list[Signed]:
    """Return the checkpoints in order; with `last`, only that many from the end."""
    rows = Checkpoint.objects.order_by("-id").values_list("statement", "signature")
    return [Signed(*row) for row in (rows[:last] if last else rows)][::-1]


def ledger_head() -> tuple[int, str]:
    """Return the sequence and hash of the last entry."""
    head = LedgerHead.objects.get(pk=1)
    return head.sequence, head.hash
