"""The site's credential key: secrets of devices are stored only under it.

It comes from RACEWAY_CREDENTIAL_KEY (for a key kept elsewhere), else from a file that is made on first use and that
only its owner can read. Several keys, one a line: the first seals, all open, so that a key can be changed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.files import write_file
from discovery.collectors.machinery import fernet

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

KEY_FILE = "credentials.key"


class CredentialKeyError(DomainError):
    """A secret cannot be opened, or the key is none; says what to do."""

    status = 503
    code = "credential_key"


def seal(secrets: Mapping[str, str]) -> str:
    """Return the secrets encrypted (Fernet: AES-128-CBC with HMAC-SHA256, as text)."""
    return _box().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Return what was sealed. Raises CredentialKeyError when none of the site's keys opens it."""
    try:
        opened: dict[str, str] = json.loads(_box().decrypt(sealed.encode()))
    except fernet().InvalidToken as error:
        raise CredentialKeyError(
            _(
                "A stored credential cannot be opened: the credential key is not the one it was stored under. "
            )
            + _("Put the old key back (a backup holds it), or enter the credential again.")
        ) from error
    return opened


def reseal(sealed: str) -> str:
    """Return the same secrets under the newest key."""
    return _box().rotate(sealed.encode()).decode()


def add_key() -> None:
    """Put a new key in front of the others: in the key file, or by hand in the environment.

    Raises CredentialKeyError when the key is the environment's and no new one was put in front of it.
    """
    if not settings.CREDENTIAL_KEY:
        _write([_new_key(), *_keys()])
    elif len(_keys()) == 1:
        raise CredentialKeyError(
            _(
                "The key comes from RACEWAY_CREDENTIAL_KEY: put a new one in front of it there, with a comma between, "
                "and ask again."
            )
        )


def drop_old_keys() -> None:
    """Keep only the newest key in the key file; call it when everything is sealed under it."""
    if not settings.CREDENTIAL_KEY:
        _write(_keys()[:1])


def _box() -> "MultiFernet":
    try:
        box: MultiFernet = fernet().MultiFernet([fernet().Fernet(key) for key in _keys()])
        return box
    except ValueError as error:
        raise CredentialKeyError(
            _("The credential key is not one: 32 bytes in URL-safe base64 are expected.")
        ) from error


def _new_key() -> str:
    key: bytes = fernet().Fernet.generate_key()
    return key.decode()


def _keys() -> list[str]:
    if settings.CREDENTIAL_KEY:
        return [key.strip() for key in settings.CREDENTIAL_KEY.split(",") if key.strip()]
    path = _path()
    if not path.exists():
        _write([_new_key()])
    return path.read_text().split()


def _write(keys: list[str]) -> None:
    # The signing key refuses a folder that others can look into.
    _path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(_path(), "\n".join([*keys, ""]).encode(), mode=0o600)


def _path() -> Path:
    return Path(settings.KEY_DIR) / KEY_FILE
