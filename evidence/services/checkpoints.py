"""Signing where the chain stands, so that a cut tail shows."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError
from evidence.models import Checkpoint, LedgerHead
from evidence.packs.machinery import signing
from evidence.queries.chain_reading import link_batches
from evidence.queries.checkpoints import signed_checkpoints
from evidence.rules.canonical import canonical_bytes
from evidence.rules.chain import GENESIS
from evidence.rules.merkle import merkle_root
from evidence.rules.statements import FORMAT
from evidence.services.entries import Entry, append
from evidence.verification.ledger import HASH, LedgerCheck

if TYPE_CHECKING:
    from evidence.keys import SigningKey

LARGEST = 65_536


class LedgerBrokenError(DomainError):
    """The ledger does not verify; signing it would bless what was done to it."""

    status = 409
    code = "ledger_broken"


@transaction.atomic
def make_checkpoint(*, now: datetime, key: "SigningKey | None" = None) -> list[Checkpoint]:
    """Sign what was appended since the last checkpoint; returns what was made, nothing when nothing is new.

    Verifies those entries first. Raises LedgerBrokenError.
    """
    key = key or signing().signing_key(now=now)
    head = LedgerHead.objects.select_for_update().get(pk=1)
    latest = Checkpoint.objects.order_by("-id").first()
    covered = latest.last_sequence if latest else 0
    if head.sequence < covered:
        raise LedgerBrokenError(
            _(
                "The ledger ends at entry %(head)s but entry %(covered)s was signed: a tail was removed."
            )
            % {"head": head.sequence, "covered": covered}
        )
    hashes = _verified_hashes(head, covered)
    previous = signed_checkpoints(last=1)[0].digest if latest else GENESIS
    made = []
    for start in range(0, len(hashes), LARGEST):
        checkpoint = _checkpoint(
            covered + start + 1, hashes[start : start + LARGEST], previous, key, now
        )
        previous = signed_checkpoints(last=1)[0].digest
        made.append(checkpoint)
    return made


def _verified_hashes(head: LedgerHead, covered: int) -> list[str]:
    check = LedgerCheck()
    hashes: list[str] = []
    start = max(covered, 1)
    for batch in link_batches(first=start):
        if not hashes and covered:
            check.last, check.last_hash = covered - 1, batch[0][16]
        check.feed(batch)
        hashes += [row[HASH] for row in batch if row[0] > covered]
    if head.sequence:
        check.finish(head_sequence=head.sequence, head_hash=head.hash)
    broken = [finding for verdict in check.verdicts for finding in verdict.findings]
    if broken:
        raise LedgerBrokenError(
            _("The ledger does not verify and is not signed: %(finding)s")
            % {"finding": broken[0].message}
        )
    return hashes


def _checkpoint(
    first: int, hashes: list[str], previous: str, key: "SigningKey", now: datetime
) -> Checkpoint:
    last = first + len(hashes) - 1
    statement = canonical_bytes(
        {
            "certificate": key.fingerprint,
            "created_at": now.astimezone(UTC).isoformat(),
            "first": first,
            "format": FORMAT,
            "head_hash": hashes[-1],
            "last": last,
            "previous": previous,
            "root": merkle_root(hashes),
        }
    )
    return Checkpoint.objects.create(
        created_at=now,
        first_sequence=first,
        last_sequence=last,
        statement=statement.decode(),
        signature=key.sign(statement),
        certificate_fingerprint=key.fingerprint,
    )


def rotate_key(*, actor: Actor, now: datetime) -> "SigningKey":
    """Close the old key's time with a checkpoint, make a new key, and record both fingerprints."""
    make_checkpoint(now=now)
    keys: tuple[SigningKey, SigningKey] = signing().rotate(now=now)
    old, new = keys
    entry = Entry(
        action="rotate-key",
        object_type="evidence.signingkey",
        object_id=None,
        object_label="Signing key",
        before={"certificate": old.fingerprint},
        after={
            "certificate": new.fingerprint,
            "valid_until": new.certificate.not_valid_after_utc,
        },
    )
    append(actor=actor, entries=[entry], now=now)
    return new
