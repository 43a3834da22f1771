"""The PDF around a pack: its certification signature, what it covers, and the files inside.

Imports pyHanko and pikepdf, so it is loaded only where packs are checked (evidence.packs.machinery).
"""

import hashlib
import logging
import re
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
from asn1crypto import parser  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from evidence.verification.verdicts import Verdict

logging.getLogger("pikepdf").setLevel(logging.WARNING)
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+\d+\s+(\d+)\s+(\d+)\s*\]")


#: SHA-256 as an algorithm identifier, with and without its empty parameters (RFC 5754).
SHA_256 = (
    bytes.fromhex("300d06096086480165030402010500"),
    bytes.fromhex("300b0609608648016503040201"),
)


@dataclass
class Document:
    """What a PDF turned out to hold."""

    signature: Verdict
    files: dict[str, bytes] = field(default_factory=dict)
    certificate_pem: str = ""


def read_document(pdf: bytes, *, trusted: frozenset[str] = frozenset()) -> Document:
    """Check the signature of a PDF and take out its files; `trusted` are fingerprints to pin."""
    document = Document(
        Verdict("signature", "Is the signature valid, and does it cover the entire file?")
    )
    document.signature.facts = {"size": len(pdf), "sha256": hashlib.sha256(pdf).hexdigest()}
    try:
        _check_signature(pdf, document, trusted)
    except Exception as error:  # noqa: BLE001 - a damaged or hostile file fails in any way it likes
        document.signature.find("unreadable", f"The signature cannot be read: {error}.")
        _check_end(pdf, document.signature)
    document.files = _files(pdf, document.signature)
    return document


def _check_signature(pdf: bytes, document: Document, trusted: frozenset[str]) -> None:
    signatures = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
    if len(signatures) != 1:
        document.signature.find(
            "unsigned" if not signatures else "more-signatures",
            f"The file carries {len(signatures)} signatures; a pack carries exactly one.",
        )
        if not signatures:
            return
    signature = signatures[0]
    _check_coverage(pdf, signature, document.signature)
    _check_container(signature, document.signature)
    certificate = _certificate(signature.signer_cert.dump())
    document.certificate_pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    _check_certificate(certificate, document.signature, trusted)
    _check_cryptography(signature, document.signature)


def _check_coverage(pdf: bytes, signature: EmbeddedPdfSignature, verdict: Verdict) -> None:
    """The byte range must be everything but the signature's own hex string, to the last byte."""
    start, before, after, rest = list(signature.byte_range)
    end = after + rest
    hole = pdf[before:after]
    if start != 0 or hole[:1] != b"<" or hole[-1:] != b">":
        verdict.find("coverage", "The signature leaves out more of the file than itself.")
    elif not _is_one_signature(hole[1:-1].decode("ascii")):
        verdict.find("coverage", "The room left for the signature holds more than the signature.")
    _compare_end(end, len(pdf), verdict)


def _is_one_signature(digits: str) -> bool:
    """Tell whether hex digits are one DER value filled up with zeros, in letters of one case."""
    content = bytes.fromhex(digits)
    return digits in {digits.upper(), digits.lower()} and not any(content[parser.peek(content) :])


def _check_container(signature: EmbeddedPdfSignature, verdict: Verdict) -> None:
    """The words around a signature that it does not cover may say one thing only (RFC 5652)."""
    data, signer = signature.signed_data, signature.signer_info
    versions = {data["version"].native, signer["version"].native}
    listed = data["digest_algorithms"].dump()
    if (
        versions != {"v1"}
        or listed not in {b"\x31" + bytes([len(one)]) + one for one in SHA_256}
        or signer["digest_algorithm"].dump() not in SHA_256
    ):
        verdict.find("container", "The signature's container is not written as the standard says.")


def _check_end(pdf: bytes, verdict: Verdict) -> None:
    """Find by its text how far the last signature reaches, when the structure cannot be read."""
    ranges = BYTE_RANGE.findall(pdf)
    if ranges:
        after, rest = (int(number) for number in ranges[-1])
        _compare_end(after + rest, len(pdf), verdict)


def _compare_end(end: int, size: int, verdict: Verdict) -> None:
    if end < size:
        verdict.find(
            "appended",
            f"{size - end} bytes were appended after the signed part (byte {end}); "
            "they are not covered, though many readers would still call the signature valid.",
        )
    elif end > size:
        verdict.find("truncated", f"{end - size} bytes are missing from the end of the file.")


def _check_cryptography(signature: EmbeddedPdfSignature, verdict: Verdict) -> None:
    context = ValidationContext(
        trust_roots=[signature.signer_cert], allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(signature, signer_validation_context=context, skip_diff=True)
    if not status.intact:
        verdict.find("altered", "Signed bytes were altered: their hash is not the one signed.")
    elif not status.valid:
        verdict.find("invalid", "The signature value is not valid for its certificate.")
    if signature.docmdp_level != MDPPerm.NO_CHANGES:
        verdict.find("not-certified", "The signature does not certify the file against changes.")


def _certificate(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


def _check_certificate(
    certificate: x509.Certificate, verdict: Verdict, trusted: frozenset[str]
) -> None:
    fingerprint = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
    verdict.facts["signed_by"] = certificate.subject.rfc4514_string()
    verdict.facts["certificate_sha256"] = fingerprint
    if trusted and fingerprint not in trusted:
        verdict.find(
            "untrusted", f"The signing certificate ({fingerprint[:16]}...) is not the pinned one."
        )
    elif not trusted:
        verdict.limits.append(
            "The certificate was not pinned: compare its fingerprint with the one the site "
            "published, or give it with --trust."
        )


def _files(pdf: bytes, verdict: Verdict) -> dict[str, bytes]:
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return {
                name: opened.attachments[name].get_file().read_bytes()
                for name in opened.attachments
            }
    except Exception as error:  # noqa: BLE001 - as above
        verdict.find("unreadable", f"The embedded files cannot be read: {error}.")
        return {}
