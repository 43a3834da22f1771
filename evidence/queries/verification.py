"""Verifying the ledger in this database, while others go on writing to it."""

from collections.abc import Callable, Sequence

from django.db.models import Max

from evidence.models import LedgerEntry
from evidence.packs.machinery import chain_verification, signing
from evidence.queries.chain_reading import link_batches
from evidence.queries.checkpoints import ledger_head, signed_checkpoints
from evidence.rules.statements import Signed
from evidence.verification import Verdict
from evidence.verification.ledger import LedgerCheck

Progress = Callable[[int, int], None]


def verify_ledger(
    *, shipped: Sequence[Signed] = (), progress: Progress | None = None
) -> list[Verdict]:
    """Recompute the whole chain; `shipped` are checkpoints kept off this machine.

    The end is fixed before reading starts: entries written meanwhile are left for the next run.
    """
    highest = LedgerEntry.objects.aggregate(last=Max("sequence"))["last"] or 0
    checkpoints = signed_checkpoints()
    sequence, digest = ledger_head()
    check = LedgerCheck(checkpoints)
    for batch in link_batches(last=max(sequence, highest)):
        check.feed(batch)
        if progress:
            progress(check.count, sequence)
    check.finish(head_sequence=sequence, head_hash=digest)
    chain = chain_verification()
    accepted = chain.check_checkpoints(
        checkpoints, signing().known_certificates(), check.checkpoints
    )
    chain.compare_shipped(shipped, checkpoints, check.last, check.checkpoints)
    check.checkpoints.facts = {
        "checkpoints": len(checkpoints),
        "signed_up_to": accepted[-1]["last"] if accepted else 0,
    }
    check.checkpoints.limits.append(
        "Entries after the last checkpoint could be cut without trace; a checkpoint kept on another "
        "machine shows what the database and its own checkpoints cannot."
    )
    return check.verdicts
