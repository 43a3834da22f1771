"""The PAdES certification of a PDF: no change is allowed after it. Imported only through evidence.packs.machinery."""

from io import BytesIO

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence.keys import SigningKey

FIELD = "RacewayCertification"


def certify(*, pdf: bytes, key: SigningKey, reason: str) -> bytes:
    """Return the PDF with a PAdES B-B certification signature over all of it."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
        name="Raceway",
    )
    signer = signers.PdfSigner(metadata, signer=_signer(key), new_field_spec=_field())
    output = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    content: bytes = output.getvalue()
    return content


def _field() -> fields.SigFieldSpec:
    invisible = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False)
    return fields.SigFieldSpec(FIELD, invis_sig_settings=invisible)


def _signer(key: SigningKey) -> signers.SimpleSigner:
    private = key.private_key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(
            key.certificate.public_bytes(serialization.Encoding.DER)
        ),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
