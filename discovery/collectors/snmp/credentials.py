"""What a device wants to know before it answers. No representation of these shows a secret."""

from dataclasses import dataclass, field
from enum import StrEnum


class Version(StrEnum):
    """Versions with a community."""

    V1 = "1"
    V2C = "2c"


class Auth(StrEnum):
    """Digests of the user-based security model (RFC 3414, RFC 7860)."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class Privacy(StrEnum):
    """Ciphers of the user-based security model (RFC 3414, RFC 3826).

    Longer AES keys come in two ways of stretching the pass phrase: Blumenthal's draft, and Cisco's.
    """

    DES = "des"
    AES128 = "aes128"
    AES192 = "aes192"
    AES256 = "aes256"
    AES192_CISCO = "aes192-cisco"
    AES256_CISCO = "aes256-cisco"


class Level(StrEnum):
    """How much of a message is protected."""

    NOTHING = "noAuthNoPriv"
    SIGNED = "authNoPriv"
    ENCRYPTED = "authPriv"


class CredentialError(ValueError):
    """A user that cannot work; the message says what is missing and never names a key."""


@dataclass(frozen=True)
class Community:
    """SNMPv1 and v2c: a word in clear."""

    name: str = field(repr=False)
    version: Version = Version.V2C


@dataclass(frozen=True)
class User:
    """SNMPv3 (user-based security model): keys are pass phrases of eight or more characters."""

    name: str
    auth: Auth | None = None
    auth_key: str = field(default="", repr=False)
    privacy: Privacy | None = None
    privacy_key: str = field(default="", repr=False)
    context: str = ""

    def __post_init__(self) -> None:
        if self.privacy is not None and self.auth is None:
            raise CredentialError(f"User {self.name}: encryption needs a digest as well.")
        for protocol, key in ((self.auth, self.auth_key), (self.privacy, self.privacy_key)):
            if protocol is not None and len(key) < 8:
                raise CredentialError(
                    f"User {self.name}: the key for {protocol.value} has fewer than 8 characters."
                )

    @property
    def level(self) -> Level:
        """Return what the keys amount to.

        >>> User("ops", Auth.SHA256, "a pass phrase").level.value
        'authNoPriv'
        """
        if self.privacy is not None:
            return Level.ENCRYPTED
        return Level.NOTHING if self.auth is None else Level.SIGNED


Credentials = Community | User
