"""Writing evidence packs: a checkpoint first, then proof, page and signature; the export is an entry itself."""

from datetime import datetime
from typing import Any

from common.actor import Actor
from evidence.packs import PackContent


def build_pack(
    *, content: PackContent, actor: Actor, now: datetime, signer: Any = None
) -> bytes:
    """Return the signed PDF/A-3 of a pack and record the export in the ledger.

    `signer` is the site's SigningKey (default: the one in settings.KEY_DIR, made on first use).
    Call it outside of a transaction: it takes a second or more. Raises DomainError.
    """
    raise NotImplementedError
