"""Writing evidence packs: a checkpoint first, then proof, pages and signature; the export is an entry itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common.actor import Actor
from common.files import write_file
from evidence.models import EvidencePack
from evidence.packs import PackContent
from evidence.packs.assembly import (
    CHECKPOINTS,
    CONTENT,
    LEDGER,
    MANIFEST,
    Assembly,
    assemble,
    sha256,
)
from evidence.packs.machinery import certifying, signing, typesetting
from evidence.packs.shipped import Shipped, shipped_from
from evidence.queries.checkpoints import signed_checkpoints
from evidence.queries.extracts import extract_of
from evidence.services.checkpoints import make_checkpoint
from evidence.services.writing import create_object

if TYPE_CHECKING:
    from evidence.keys import SigningKey

Progress = Callable[[int, int, str], None]
ENCLOSURES = {
    CONTENT: ("What the pages show, as canonical JSON", "Data"),
    LEDGER: ("Ledger entries with proofs", "Supplement"),
    CHECKPOINTS: ("Signed checkpoints of the ledger", "Supplement"),
    MANIFEST: ("Hashes of the embedded files, totals, limits", "Supplement"),
}


@dataclass(frozen=True)
class Written:
    """A finished pack in memory."""

    assembly: Assembly
    pdf: bytes


def pack_folder() -> Path:
    """Return where packs are kept."""
    return Path(settings.MEDIA_ROOT) / "packs"


def build_pack(
    *, content: PackContent, actor: Actor, now: datetime, signer: "SigningKey | None" = None
) -> bytes:
    """Return the signed PDF/A-3 of a pack and record the export in the ledger.

    `signer` defaults to the site's key in settings.KEY_DIR, made on first use. Call it outside of a
    transaction: it takes a second or more. Raises DomainError.
    """
    written = _write(content, actor, now, signer, _silent)
    _register(written, content, actor, now, file_name="")
    return written.pdf


def export_pack(
    *,
    content: PackContent,
    path: Path,
    actor: Actor,
    now: datetime,
    signer: "SigningKey | None" = None,
) -> EvidencePack:
    """Write a pack to a file of the caller's, whole or not at all, and record the export."""
    written = _write(content, actor, now, signer, _silent)
    write_file(path, written.pdf)
    return _register(written, content, actor, now, file_name="")


def store_pack(
    *,
    content: PackContent,
    actor: Actor,
    now: datetime,
    signer: "SigningKey | None" = None,
    progress: Progress | None = None,
) -> EvidencePack:
    """Write a pack into the site's files, for download, and record the export."""
    written = _write(content, actor, now, signer, progress or _silent)
    name = f"{written.assembly.identifier}.pdf"
    write_file(pack_folder() / name, written.pdf)
    return _register(written, content, actor, now, file_name=name)


def _silent(_done: int, _total: int, _message: str) -> None:
    """Nobody watches."""


def _write(
    content: PackContent,
    actor: Actor,
    now: datetime,
    signer: "SigningKey | None",
    progress: Progress,
) -> Written:
    engine = typesetting()
    key = signer or signing().signing_key(now=now)
    progress(1, 5, _("Signing the state of the ledger"))
    make_checkpoint(now=now, key=key)
    progress(2, 5, _("Collecting entries and proofs"))
    certificates = {**signing().known_certificates(), key.fingerprint: key.certificate_pem}
    assembly = assemble(
        content=content,
        extract=extract_of(content.sequences),
        shipped=Shipped(signed_checkpoints(), certificates),
        actor=actor,
        now=now,
        key=key,
    )
    progress(3, 5, _("Typesetting"))
    pdf = engine.typeset(
        html=render_to_string(content.template, page_context(content, assembly, actor, now, key)),
        enclosures=[
            engine.Enclosure(name, assembly.files[name], *ENCLOSURES[name]) for name in ENCLOSURES
        ],
        identifier=assembly.identifier,
        created_at=now,
    )
    progress(4, 5, _("Certifying"))
    reason = f"{content.title} ({assembly.identifier})"
    return Written(assembly, certifying().certify(pdf=pdf, key=key, reason=reason))


def page_context(
    content: PackContent, assembly: Assembly, actor: Actor, now: datetime, key: "SigningKey"
) -> dict[str, Any]:
    """Return what the templates of pages may use."""
    shipped = shipped_from(assembly.files[CHECKPOINTS])
    latest = shipped.checkpoints[-1].read() if shipped.checkpoints else None
    return {
        "pack": content,
        "identifier": assembly.identifier,
        "manifest": assembly.manifest,
        "content_sha256": assembly.content_sha256,
        "created_at": now,
        "requested_by": actor,
        "certificate": key.certificate,
        "fingerprint": key.fingerprint,
        "data": content.data,
        "entries": _entries(assembly),
        "checkpoint": latest,
        "checkpoint_count": len(shipped.checkpoints),
        "version": settings.SPECTACULAR_SETTINGS["VERSION"],
    }


def _entries(assembly: Assembly) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = orjson.loads(assembly.files[LEDGER])["entries"]
    return [
        {
            **entry["content"],
            "hash": entry["hash"],
            "at": datetime.fromisoformat(entry["content"]["at"]),
        }
        for entry in entries
    ]


def _register(
    written: Written, content: PackContent, actor: Actor, now: datetime, *, file_name: str
) -> EvidencePack:
    ranges = written.assembly.manifest["entries"]["ranges"]
    pack = EvidencePack(
        identifier=written.assembly.identifier,
        kind=content.kind,
        title=content.title[:200],
        subject=content.subject[:250],
        scope_path=content.scope_path,
        object_type=content.object_type,
        object_id=content.object_id,
        requested_by_user_id=actor.user_id,
        requested_by_label=actor.label[:200],
        file_name=file_name,
        size=len(written.pdf),
        sha256=sha256(written.pdf),
        content_sha256=written.assembly.content_sha256,
        entry_count=written.assembly.manifest["entries"]["count"],
        first_sequence=ranges[0][0] if ranges else None,
        last_sequence=ranges[-1][1] if ranges else None,
    )
    return create_object(actor=actor, instance=pack, now=now, action="export")


def pack_file(pack: EvidencePack) -> Path | None:
    """Return where a pack's file is; None when it was handed out directly or is gone."""
    path = pack_folder() / pack.file_name
    return path if pack.file_name and path.is_file() else None
