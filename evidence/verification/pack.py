"""Verifying a pack offline: signature, content, chain and sequence, each with its own verdict."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from evidence.packs.assembly import (
    CHECKPOINTS,
    CONTENT,
    FORMAT,
    LEDGER,
    MANIFEST,
    identifier_of,
    ranges_of,
)
from evidence.packs.content import total_of
from evidence.packs.shipped import NotShippedCheckpointsError, Shipped, shipped_from
from evidence.rules.canonical import canonical_bytes
from evidence.rules.sampling import sample_of
from evidence.verification.checkpoints import check_checkpoints, compare_shipped
from evidence.verification.document import read_document
from evidence.verification.extract import check_entries, check_proofs
from evidence.verification.verdicts import Verdict

MOST_STATED = 1_000_000
FILES = (CONTENT, LEDGER, CHECKPOINTS, MANIFEST)


@dataclass(frozen=True)
class PackReport:
    """The four verdicts on a pack, and what it says of itself."""

    verdicts: Sequence[Verdict]
    manifest: Mapping[str, Any]

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return all(verdict.holds for verdict in self.verdicts)

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON."""
        described = ("identifier", "kind", "title", "subject", "created_at", "requested_by")
        return {
            "holds": self.holds,
            "pack": {name: self.manifest.get(name) for name in described},
            "verdicts": [verdict.as_dict() for verdict in self.verdicts],
        }


def verify_pack(
    pdf: bytes, *, trusted: frozenset[str] = frozenset(), shipped: Shipped | None = None
) -> PackReport:
    """Verify a pack; `trusted` pins certificates by fingerprint, `shipped` are checkpoints kept elsewhere."""
    document = read_document(pdf, trusted=trusted)
    content = Verdict(
        "content", "Do the embedded files match the manifest, and the totals the data?"
    )
    chain = Verdict("chain", "Is every embedded ledger entry as it was written, and in its place?")
    sequence = Verdict("sequence", "Is the sequence complete: no gap, no entry or tail removed?")
    manifest: dict[str, Any] = {}
    statements: list[dict[str, Any]] = []
    entries: dict[int, str] = {}
    with well_formed(content):
        manifest = _read_manifest(document.files, content)
        _check_content(manifest, document.files, content)
    with well_formed(chain):
        extract = _read(document.files.get(LEDGER), LEDGER, chain)
        site = _read_checkpoints(document.files.get(CHECKPOINTS), chain)
        if trusted:
            site = Shipped(
                site.checkpoints, {k: v for k, v in site.certificates.items() if k in trusted}
            )
        statements = check_checkpoints(site.checkpoints, site.certificates, chain)
        entries = check_entries(extract.get("entries", ()), chain)
        check_proofs(entries, extract.get("proofs", ()), statements, chain)
    with well_formed(sequence):
        _check_sequence(entries, manifest, statements, sequence)
        if shipped is not None:
            last = statements[-1]["last"] if statements else 0
            compare_shipped(shipped.checkpoints, site.checkpoints, last, sequence)
    with well_formed(content):
        _check_population(entries, document.files.get(CONTENT), content)
    return PackReport([document.signature, content, chain, sequence], manifest)


@contextmanager
def well_formed(verdict: Verdict) -> Iterator[None]:
    """Turn whatever a file of another shape provokes into a finding: its author may be an enemy."""
    try:
        yield
    except Exception as error:  # noqa: BLE001
        verdict.find(
            "malformed", f"The file is not of the shape of a pack: {type(error).__name__}: {error}."
        )


def _read(content: bytes | None, name: str, verdict: Verdict) -> dict[str, Any]:
    if content is None:
        verdict.find("missing-file", f"{name} is not embedded.")
        return {}
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        verdict.find("unreadable", f"{name} is not JSON: {error}.")
        return {}
    return data if isinstance(data, dict) else {}


def _read_checkpoints(content: bytes | None, verdict: Verdict) -> Shipped:
    try:
        return shipped_from(content or b"")
    except NotShippedCheckpointsError:
        verdict.find("missing-file", f"{CHECKPOINTS} is not embedded or not readable.")
        return Shipped((), {})


def _read_manifest(files: Mapping[str, bytes], verdict: Verdict) -> dict[str, Any]:
    manifest = _read(files.get(MANIFEST), MANIFEST, verdict)
    if manifest.get("format") != FORMAT:
        verdict.find("not-a-pack", "The file holds no pack manifest that this version knows.")
        return {}
    return manifest


def _check_content(
    manifest: Mapping[str, Any], files: Mapping[str, bytes], verdict: Verdict
) -> None:
    if not manifest:
        return
    for name, expected in manifest["files"].items():
        _check_file(name, files.get(name), expected, verdict)
    for name in sorted(set(files) - set(FILES)):
        verdict.find("foreign-file", f"'{name}' is embedded but not part of the pack.")
    _check_identifier(manifest, verdict)
    _check_totals(manifest, files.get(CONTENT), verdict)
    verdict.facts = {
        "identifier": manifest["identifier"],
        "files": len(manifest["files"]),
        "content_sha256": manifest["files"].get(CONTENT, ""),
        "totals": len(manifest["totals"]),
    }


def _check_file(name: str, content: bytes | None, expected: str, verdict: Verdict) -> None:
    if content is None:
        verdict.find("missing-file", f"{name} is named by the manifest but not embedded.")
        return
    if hashlib.sha256(content).hexdigest() != expected:
        verdict.find("swapped", f"{name} is not the file the manifest names: its hash differs.")
        return
    if canonical_bytes(orjson.loads(content)) != content:
        verdict.find("not-canonical", f"{name} is not canonical JSON.")


def _check_identifier(manifest: Mapping[str, Any], verdict: Verdict) -> None:
    expected = identifier_of(
        manifest["kind"],
        manifest["files"].get(CONTENT, ""),
        manifest["created_at"],
        manifest["requested_by"]["label"],
    )
    if manifest["identifier"] != expected:
        verdict.find("identifier", "The document id does not belong to this content.")


def _check_totals(manifest: Mapping[str, Any], content: bytes | None, verdict: Verdict) -> None:
    data = _read(content, CONTENT, verdict)
    for total in manifest["totals"]:
        counted = total_of(total, data)
        if counted != total["value"]:
            verdict.find(
                "total",
                f"'{total['name']}' is stated as {total['value']}; the data gives {counted}.",
            )


def _check_population(entries: Mapping[int, str], content: bytes | None, verdict: Verdict) -> None:
    """An audit pack's population must be what is embedded, and its sample the one its seed draws."""
    data = _read(content, CONTENT, Verdict("", ""))
    if "population" not in data or "sample" not in data:
        return
    stated, sample = data["population"]["embedded"], data["sample"]
    if stated != len(entries):
        verdict.find(
            "population", f"The population states {stated} entries, {len(entries)} are embedded."
        )
    drawn = sample_of(entries, seed=sample["seed"], size=sample["size"])
    if drawn != sample["sequences"]:
        verdict.find("sample", "The sample is not the one its seed draws from the population.")
    verdict.facts["sample"] = f"{len(drawn)} of {len(entries)}, drawn again"


def _check_sequence(
    entries: Mapping[int, str],
    manifest: Mapping[str, Any],
    statements: Sequence[Mapping[str, Any]],
    verdict: Verdict,
) -> None:
    stated = manifest.get("entries", {"count": 0, "ranges": []})
    if any(last - first > MOST_STATED for first, last in stated["ranges"]):
        verdict.find("count", f"A range of more than {MOST_STATED} entries is stated.")
        return
    for first, last in stated["ranges"]:
        missing = [number for number in range(first, last + 1) if number not in entries]
        for start, end in ranges_of(missing):
            kind = "removed-tail" if end == stated["ranges"][-1][1] else "missing"
            verdict.find(kind, f"Entries {start} to {end} are stated but not embedded.", start)
    stated_numbers = sum(last - first + 1 for first, last in stated["ranges"])
    if stated_numbers != stated["count"] or len(entries) > stated_numbers:
        verdict.find("count", f"{stated['count']} entries are stated, {len(entries)} are embedded.")
    signed = statements[-1]["last"] if statements else 0
    _check_joints(statements, verdict)
    if entries and max(entries) > signed:
        verdict.find(
            "unsigned-tail", f"Entries after {signed} are not covered by a checkpoint.", signed + 1
        )
    verdict.facts = {
        "embedded_entries": len(entries),
        "ranges": stated["ranges"],
        "ledger_signed_from_1_to": signed,
        "checkpoints": len(statements),
    }
    verdict.limits += [
        "The checkpoints show that the ledger had no gap up to the signed entry. They cannot show "
        "that nothing was cut after it; a checkpoint kept elsewhere can (--checkpoint).",
        "Which entries belong to the subject was chosen by the site: an entry in the ledger but not "
        "in this pack is hidden from it, though not from its numbering.",
    ]


def _check_joints(statements: Sequence[Mapping[str, Any]], verdict: Verdict) -> None:
    expected = 1
    for fields in statements:
        if fields["first"] != expected:
            verdict.find(
                "gap",
                f"The checkpoints leave out entries {expected} to {fields['first'] - 1}.",
                expected,
            )
        expected = fields["last"] + 1
