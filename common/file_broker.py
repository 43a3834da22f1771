"""The embedded broker: a folder of messages, for a site without Redis or RabbitMQ.

Kombu's own file transport lets a reader see a message that is still being written, and moves messages through the
shared temporary directory. Here a message appears under its name complete, and is taken by one rename.
"""

import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

SCHEME = "folder"


class Channel(filesystem.Channel):
    """A channel whose messages are put and taken atomically."""

    def __init__(self, connection: filesystem.Transport, **options: object) -> None:
        super().__init__(connection, **options)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _put(  # type: ignore[override]  # kombu itself names the message in two ways
        self, queue: str, payload: dict[str, Any], **_options: object
    ) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}"
        draft = folder / f"{name}.draft"
        try:
            draft.write_text(dumps(payload))
            draft.rename(folder / f"{name}.{queue}.msg")
        finally:
            draft.unlink(missing_ok=True)  # there is one only on a full disk

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            mine = folder / f"{name}.{uuid.uuid4().hex}.taken"
            try:
                (folder / name).rename(mine)
            except FileNotFoundError:
                continue
            text = mine.read_text()
            mine.unlink()
            try:
                payload: dict[str, Any] = loads(text)
            except ValueError:
                # Cut short by a loss of power: the reaper sends it again.
                logger.warning("message_unreadable", extra={"file": name})
                continue
            return payload
        raise Empty


class Transport(filesystem.Transport):
    """Kombu's file transport with the atomic channel."""

    Channel = Channel
    driver_type = SCHEME
    driver_name = SCHEME


def register() -> None:
    """Let broker URLs start with folder://."""
    TRANSPORT_ALIASES[SCHEME] = "common.file_broker:Transport"
