"""Counts the TCP frames sent to an address, as they pass on the loopback interface (Linux, root)."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address

import pytest

ETH_P_IP = 0x0800
INCOMING = 0
TCP = 6


def _may_listen() -> bool:
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP)).close()
    except (OSError, AttributeError):
        return False
    return True


needs_frames = pytest.mark.skipif(
    not _may_listen(), reason="packet sockets take root's rights on Linux"
)


@dataclass
class Frames:
    """TCP frames sent to an address: the flags of each by port, in order."""

    by_port: dict[int, list[str]] = field(default_factory=dict)

    def count(self, port: int) -> int:
        return len(self.by_port.get(port, ()))

    def opened(self, port: int) -> int:
        """Return how many connections were begun."""
        return self.by_port.get(port, []).count("S")


@contextmanager
def frames_to(address: str) -> Iterator[Frames]:
    """Count while the block runs; what comes back from the address is not counted."""
    found, ended = Frames(), threading.Event()
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
    wire.bind(("lo", 0))
    wire.settimeout(0.1)
    goal = IPv4Address(address).packed

    def listen() -> None:
        while not ended.is_set():
            try:
                frame, sender = wire.recvfrom(65_535)
            except TimeoutError:
                continue
            if sender[2] == INCOMING and frame[16:20] == goal and frame[9] == TCP:
                _note(found, frame)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield found
    finally:
        ended.wait(0.3)
        ended.set()
        thread.join()
        wire.close()


def _note(found: Frames, frame: bytes) -> None:
    head = (frame[0] & 0x0F) * 4
    port = struct.unpack("!H", frame[head + 2 : head + 4])[0]
    flags = frame[head + 13]
    shown = "".join(sign for bit, sign in enumerate("FSRPA") if flags & (1 << bit))
    found.by_port.setdefault(port, []).append(shown)
