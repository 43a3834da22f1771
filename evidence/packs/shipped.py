"""The file in which checkpoints leave the machine: statements, signatures, and the certificates to read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from common.errors import DomainError
from common.files import write_file
from evidence.rules.statements import Signed


class NotShippedCheckpointsError(DomainError):
    """The file does not hold checkpoints."""


@dataclass(frozen=True)
class Shipped:
    """Checkpoints with the certificates they were signed with, PEM by fingerprint."""

    checkpoints: Sequence[Signed]
    certificates: Mapping[str, str]


def shipped_bytes(shipped: Shipped) -> bytes:
    """Return the file's content."""
    return orjson.dumps(
        {
            "format": "raceway-checkpoints-1",
            "checkpoints": [
                {"statement": one.statement, "signature": one.signature}
                for one in shipped.checkpoints
            ],
            "certificates": dict(shipped.certificates),
        },
        option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2,
    )


def write_shipped(path: Path, shipped: Shipped) -> None:
    """Write the file, whole or not at all."""
    write_file(path, shipped_bytes(shipped))


def read_shipped(path: Path) -> Shipped:
    """Read such a file. Raises NotShippedCheckpointsError."""
    try:
        return shipped_from(path.read_bytes())
    except OSError as error:
        raise NotShippedCheckpointsError(f"{path} cannot be read: {error.strerror}.") from error


def shipped_from(content: bytes) -> Shipped:
    """Read the content of such a file. Raises NotShippedCheckpointsError."""
    try:
        data = orjson.loads(content)
        checkpoints = [Signed(one["statement"], one["signature"]) for one in data["checkpoints"]]
        certificates = {str(name): str(pem) for name, pem in data["certificates"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotShippedCheckpointsError(
            "This is not a file of checkpoints; `manage.py checkpoint --out FILE` writes one."
        ) from error
    return Shipped(checkpoints, certificates)
