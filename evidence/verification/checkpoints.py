"""The chain of signed checkpoints: each valid, each joined to the one before, from entry 1 without a gap."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.rules.chain import GENESIS
from evidence.rules.statements import Signed
from evidence.verification.signatures import is_signed
from evidence.verification.verdicts import Verdict


def check_checkpoints(
    checkpoints: Sequence[Signed], certificates: Mapping[str, str], verdict: Verdict
) -> list[dict[str, Any]]:
    """Check signatures and joints into `verdict`; return the statements that are signed, in order."""
    accepted = []
    previous, expected = GENESIS, 1
    for number, checkpoint in enumerate(checkpoints, start=1):
        fields = checkpoint.read()
        if fields is None:
            verdict.find("checkpoint", f"Checkpoint {number} is not a checkpoint statement.")
            continue
        _check_one(number, checkpoint, fields, certificates, verdict)
        if fields["previous"] != previous or fields["first"] != expected:
            verdict.find(
                "checkpoint-gap",
                f"Checkpoint {number} starts at entry {fields['first']}; it should join the one "
                f"before at entry {expected}. A checkpoint is missing, or the ledger was replaced.",
            )
        previous, expected = checkpoint.digest, fields["last"] + 1
        accepted.append(fields)
    return accepted


def _check_one(
    number: int,
    checkpoint: Signed,
    fields: dict[str, Any],
    certificates: Mapping[str, str],
    verdict: Verdict,
) -> None:
    pem = certificates.get(fields["certificate"])
    if pem is None:
        verdict.find(
            "unknown-key",
            f"Checkpoint {number} is signed with a certificate that is not at hand "
            f"({fields['certificate'][:16]}...).",
        )
    elif not is_signed(
        certificate_pem=pem, data=checkpoint.statement.encode(), signature=checkpoint.signature
    ):
        verdict.find("checkpoint", f"The signature of checkpoint {number} is not valid.")


def compare_shipped(
    shipped: Sequence[Signed], own: Sequence[Signed], last_sequence: int, verdict: Verdict
) -> None:
    """Check that the history known elsewhere is a beginning of this one."""
    for number, checkpoint in enumerate(shipped, start=1):
        fields = checkpoint.read()
        last = fields["last"] if fields else 0
        if last > last_sequence:
            verdict.find(
                "removed-tail",
                f"Checkpoint {number} kept elsewhere covers entries up to {last}; here the ledger "
                f"ends at {last_sequence}. The tail was removed.",
                last_sequence + 1,
            )
        elif number > len(own):
            verdict.find("checkpoint-gap", f"Checkpoint {number} kept elsewhere is missing here.")
        elif own[number - 1].statement != checkpoint.statement:
            verdict.find(
                "rewritten",
                f"Checkpoint {number} kept elsewhere differs from the one here: history was rewritten.",
            )
