"""The site's signing key: made on first use, kept in a file that only its owner can read.

ECDSA P-256 with a self-signed certificate; both stand in one file, so that it appears complete or not at all.
"""

import os
import platform
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.files import write_file

KEY_FILE, CERTIFICATE_FILE, RETIRED = "evidence-signing.pem", "evidence-certificate.pem", "retired"
VALIDITY = timedelta(days=5 * 365)


class SigningKeyError(DomainError):
    """The signing key cannot be used; says which file and what to do."""

    status = 503
    code = "signing_key"


@dataclass(frozen=True)
class SigningKey:
    """The private key with its certificate."""

    private_key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as hex: what an auditor notes and pins."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def certificate_pem(self) -> str:
        """The certificate as PEM text."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def sign(self, data: bytes) -> str:
        """Return the ECDSA signature with SHA-256, DER, as hex."""
        return self.private_key.sign(data, ec.ECDSA(hashes.SHA256())).hex()


def signing_key(*, now: datetime, folder: Path | None = None) -> SigningKey:
    """Return the site's key; create it when there is none. Raises SigningKeyError.

    Two processes starting at once agree: the file is linked into place exclusively.
    """
    folder = folder or settings.KEY_DIR
    path = folder / KEY_FILE
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_new(path, _new_key(now))
        key = _read(path)
    except OSError as error:
        raise SigningKeyError(
            _("The signing key %(path)s cannot be read or written: %(reason)s.")
            % {"path": path, "reason": error.strerror}
        ) from error
    _refuse_expired(key, now)
    return key


def rotate(*, now: datetime, folder: Path | None = None) -> tuple[SigningKey, SigningKey]:
    """Replace the key by a new one; the old certificate is kept, the old private key is not.

    Returns the old and the new key. Raises FileNotWrittenError; the old key then stays in force.
    """
    folder = folder or settings.KEY_DIR
    path = folder / KEY_FILE
    old = _read(path)
    retired = folder / RETIRED
    retired.mkdir(mode=0o700, exist_ok=True)
    write_file(retired / f"{old.fingerprint[:16]}.pem", old.certificate_pem.encode())
    new = _new_key(now)
    write_file(path, _pem(new), mode=0o600)
    write_file(folder / CERTIFICATE_FILE, new.certificate_pem.encode())
    return old, new


def known_certificates(folder: Path | None = None) -> dict[str, str]:
    """Return the site's certificates, present and retired, as PEM by fingerprint."""
    folder = folder or settings.KEY_DIR
    files = [folder / CERTIFICATE_FILE, *sorted((folder / RETIRED).glob("*.pem"))]
    texts = [file.read_text() for file in files if file.exists()]
    return {fingerprint_of(text): text for text in texts}


def fingerprint_of(certificate_pem: str) -> str:
    """Return the SHA-256 fingerprint of a PEM certificate, as hex."""
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    return certificate.fingerprint(hashes.SHA256()).hex()


def _read(path: Path) -> SigningKey:
    _refuse_loose(path.parent, 0o700)
    _refuse_loose(path, 0o600)
    text = path.read_bytes()
    try:
        private_key = serialization.load_pem_private_key(text, password=None)
        certificate = x509.load_pem_x509_certificate(text)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningKeyError(
            _(
                "%(path)s holds no usable key and certificate (%(reason)s). Restore it from a backup."
            )
            % {"path": path, "reason": error}
        ) from error
    if not isinstance(private_key, ec.EllipticCurvePrivateKey):
        raise SigningKeyError(_("%(path)s holds no elliptic-curve key.") % {"path": path})
    return SigningKey(private_key, certificate)


def _refuse_loose(path: Path, allowed: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~allowed:
        raise SigningKeyError(
            _("%(path)s is open to others (mode %(mode)s). Run: chmod %(allowed)s %(path)s")
            % {"path": path, "mode": f"{mode:04o}", "allowed": f"{allowed:04o}"}
        )


def _refuse_expired(key: SigningKey, now: datetime) -> None:
    if now > key.certificate.not_valid_after_utc:
        raise SigningKeyError(
            _(
                "The signing certificate ended on %(date)s. "
                "Run `manage.py evidence_key --rotate` to make a new one."
            )
            % {"date": key.certificate.not_valid_after_utc.date()}
        )


def _write_new(path: Path, key: SigningKey) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        _write_private(draft, _pem(key))
        os.link(draft, path)
        write_file(path.parent / CERTIFICATE_FILE, key.certificate_pem.encode())
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _pem(key: SigningKey) -> bytes:
    private = key.private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + key.certificate_pem.encode()


def _new_key(now: datetime) -> SigningKey:
    private_key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Raceway"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Raceway evidence, {platform.node()[:40]}"),
        ]
    )
    builder = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private_key.public_key()), critical=False
        )
    )
    return SigningKey(private_key, builder.sign(private_key, hashes.SHA256()))


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
