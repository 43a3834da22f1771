"""A NetBox behind TLS: a certificate nobody vouches for is refused before the token is sent; a company's own authority is trusted when told so."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assets.imports.netbox import Limits, NetBoxError, records_of_server
from tests.netbox.server import TOKEN, FakeNetBox, serving

QUICK = Limits(silence=5, pause=0)


@pytest.fixture
def certificate(tmp_path):
    """Return the file of a certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Northfield own authority")])
    now = datetime.now(tz=UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "netbox.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    file.write_bytes(
        built.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    return file


@pytest.fixture
def context(certificate):
    """Return what the server needs."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


class Noting(BaseHTTPRequestHandler):
    """Remembers that somebody asked."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)

    def log_message(self, *_arguments):
        pass


def test_a_certificate_nobody_vouches_for_is_refused_before_the_token_is_sent(context):
    with serving(Noting, tls=context) as address, pytest.raises(NetBoxError) as refusal:
        records_of_server(address, token=TOKEN, limits=QUICK)

    assert "certificate is not one this server trusts" in str(refusal.value)
    assert Noting.asked == []


def test_a_company_s_own_authority_is_trusted_when_told_so(context, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(FakeNetBox, "requests", [])

    with serving(FakeNetBox, tls=context) as address:
        records = records_of_server(address, token=TOKEN, limits=QUICK)

    assert len(list(records.all("dcim.device"))) == 8
