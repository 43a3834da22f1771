"""Whether the ledger can do its work, and how long it is: for /health/ready and /metrics."""

from collections.abc import Iterator
from datetime import datetime

from evidence.keys import signing_key
from evidence.models import LedgerHead


def check_signing_key(now: datetime) -> str:
    """Return a word when packs can be signed; makes the key on a new site. Raises SigningKeyError."""
    signing_key(now=now)
    return "present"


def ledger_length() -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the number of entries, as a gauge without labels."""
    head = LedgerHead.objects.values_list("sequence", flat=True).first()
    yield (), float(head or 0)
