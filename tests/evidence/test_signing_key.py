"""The signing key: made once, for its owner only, with errors that say what to do."""

import stat
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from evidence.keys import KEY_FILE, SigningKeyError, known_certificates, signing_key
from tests.evidence.conftest import NOW


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_it_for_its_owner_only(settings):
    signing_key(now=NOW)
    assert mode(settings.KEY_DIR) == 0o700
    assert mode(settings.KEY_DIR / KEY_FILE) == 0o600


def test_the_next_start_finds_the_same():
    assert signing_key(now=NOW).fingerprint == signing_key(now=NOW).fingerprint


@pytest.mark.parametrize("loose", [0o640, 0o604, 0o666])
def test_a_key_open_to_others_is_refused(settings, key, loose):
    (settings.KEY_DIR / KEY_FILE).chmod(loose)
    with pytest.raises(SigningKeyError, match=r"open to others.*chmod 0600"):
        signing_key(now=NOW)


def test_a_folder_open_to_others_is_refused(settings, key):
    settings.KEY_DIR.chmod(0o755)
    with pytest.raises(SigningKeyError, match=r"chmod 0700"):
        signing_key(now=NOW)


def test_a_damaged_key_is_named(settings, key):
    (settings.KEY_DIR / KEY_FILE).write_text("nonsense")
    with pytest.raises(SigningKeyError, match="no usable key"):
        signing_key(now=NOW)


def test_a_certificate_past_its_time_is_refused_with_the_way_out(key):
    with pytest.raises(SigningKeyError, match="--rotate"):
        signing_key(now=NOW + timedelta(days=6 * 365))


def test_rotation_keeps_the_old_certificate(db, key):
    out = StringIO()
    call_command("evidence_key", "--rotate", stdout=out)
    certificates = known_certificates()
    assert len(certificates) == 2
    assert key.fingerprint in certificates
    assert key.fingerprint not in out.getvalue()
