"""What goes over the broker: sealed with the collector's key, so that the broker can neither read nor write it."""

import hashlib
import os
import secrets
import time
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from discovery.collectors.machinery import fernet, scanning
from discovery.collectors.remote.codec import shape_of

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PROTOCOL = 1
#: More than this, uncompressed, is no message of ours (octets).
LARGEST = 128 * 1024 * 1024
#: Names of broker objects end at 255 octets.
LONGEST_NAME = 120


class Kind(StrEnum):
    """What a message says."""

    HELLO = "hello"  # to the collector: are you there, and what is your challenge?
    READY = "ready"  # to the centre: yes, and this is it
    ORDER = "order"  # to the collector: read this, in answer to your challenge
    REFUSED = "refused"  # to the centre: not this, and why
    EVENTS = "events"  # to the centre: what happened since the last of these
    WORD = "word"  # to the collector: got these, and go on, or stop


class Side(StrEnum):
    """Who a message is for: nobody takes his own for the other's."""

    COLLECTOR = "collector"
    CENTRE = "centre"


class NotGenuineError(ValueError):
    """A text that the other end did not seal, or not for us."""


class BadKeyError(ValueError):
    """A collector key that is none."""


@dataclass(frozen=True)
class Message:
    """One message: `session` is the conversation it belongs to, `number` its place there, `at` its sender's clock."""

    kind: Kind
    to: Side
    session: str
    body: dict[str, Any]
    number: int = 0
    at: float = field(default_factory=time.time)


class Box:
    """Seals and opens with one key: Fernet, which is AES-128-CBC with HMAC-SHA256."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet: Fernet = fernet().Fernet(key.strip().encode())
        except ValueError as error:
            raise BadKeyError(
                "The collector key is not one: 32 bytes in URL-safe base64 are expected."
            ) from error

    def seal(self, message: Message) -> str:
        """Return a message as text that only a holder of the key can read or have written."""
        written = {
            "v": PROTOCOL,
            "kind": message.kind.value,
            "to": message.to.value,
            "session": message.session,
            "number": message.number,
            "at": message.at,
            "body": message.body,
        }
        return self._fernet.encrypt(zlib.compress(orjson.dumps(written), 6)).decode()

    def open(self, text: str, me: Side) -> Message:
        """Return the message. Raises NotGenuineError for anything but one sealed with the key for this side."""
        try:
            unpacker = zlib.decompressobj()
            raw = unpacker.decompress(self._fernet.decrypt(text.encode()), LARGEST)
            written = orjson.loads(raw)
            is_ours = written.pop("v") == PROTOCOL
            message = Message(
                **{**written, "kind": Kind(written["kind"]), "to": Side(written["to"])}
            )
        except (
            fernet().InvalidToken,
            zlib.error,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
        ) as error:
            raise NotGenuineError("A message was not sealed with this collector's key.") from error
        if not is_ours or message.to is not me:
            raise NotGenuineError("A message is of another protocol, or for the other side.")
        return message


def new_key() -> str:
    """Return a new collector key."""
    key: bytes = fernet().Fernet.generate_key()
    return key.decode()


def nonce() -> str:
    """Return a word nobody can guess and nobody has used."""
    return secrets.token_urlsafe(18)


def queue_of(site: str) -> str:
    """Return the queue on which a site's collector is spoken to; it has two parts, whatever the site is called.

    >>> queue_of("FIL"), queue_of("hall 3.1/a")
    ('discovery.FIL', 'discovery.hall%203%2E1%2Fa')
    """
    name = quote(site, safe="").replace(".", "%2E")
    if len(name) > LONGEST_NAME:
        name = f"{name[:80]}-{hashlib.sha256(site.encode()).hexdigest()[:16]}"
    return f"discovery.{name}"


def reply_queue(site: str, name: str) -> str:
    """Return a queue on which a site's collector answers; it uses no others."""
    return f"{queue_of(site)}.{name}"


@cache
def our_shape() -> str:
    """Return the shape of orders and events in this build of Raceway."""
    return shape_of(scanning().ScanOrder, scanning().Event)


def our_name() -> str:
    """Return what this process calls itself in a log: host and process."""
    return f"{os.uname().nodename}:{os.getpid()}"
