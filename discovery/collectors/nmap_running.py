"""nmap as a child process: its report is read from its output, and it ends when whoever waits is cancelled."""

import asyncio
import os
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress

#: A report of one address is some kilobytes; a child that writes more is ended.
MOST_OUTPUT = 4 * 1024 * 1024
#: What nmap may take for starting and writing, beyond its own time limit.
GRACE_SECONDS = 5.0
#: How long nmap has to end by itself when it is told to.
TERM_SECONDS = 0.3
NEEDS = "nmap is not installed where this scan runs (Debian: apt-get install nmap); only SNMP and OPC UA were asked."


class NmapMissingError(Exception):
    """There is no nmap; the message is a sentence for people."""


class NmapFailedError(Exception):
    """nmap ended without a report; the message says what it wrote."""


def nmap_path() -> str | None:
    """Return where nmap is, None when it is not installed."""
    return shutil.which("nmap")


def is_privileged() -> bool:
    """Tell whether nmap may open raw sockets: it asks for the user, not for the capability."""
    return os.geteuid() == 0


async def run_nmap(arguments: Sequence[str], *, seconds: float) -> bytes:
    """Return nmap's XML. Raises NmapMissingError, NmapFailedError.

    However it ends, the child is gone when this returns: within `TERM_SECONDS` when it is cancelled.
    """
    path = nmap_path()
    if path is None:
        raise NmapMissingError(NEEDS)
    child = await asyncio.create_subprocess_exec(
        path,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath, "LC_ALL": "C", "HOME": "/nonexistent"},
        cwd="/",
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds + GRACE_SECONDS):
            output, errors = await _read(child)
    except TimeoutError:
        raise NmapFailedError(f"nmap did not end within {seconds + GRACE_SECONDS:.0f} s") from None
    finally:
        await _end(child)
    if child.returncode != 0 or not output:
        told = errors.decode(errors="replace").strip().splitlines()
        raise NmapFailedError(f"nmap failed: {told[-1][:200] if told else 'without a word'}")
    return output


async def _read(child: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    """Return what the child writes, until it ends or has written too much."""
    assert child.stdout is not None  # noqa: S101 - both are pipes
    assert child.stderr is not None  # noqa: S101
    errors = asyncio.ensure_future(child.stderr.read())
    parts: list[bytes] = []
    size = 0
    try:
        while part := await child.stdout.read(65536):
            size += len(part)
            if size > MOST_OUTPUT:
                raise NmapFailedError(f"nmap wrote more than {MOST_OUTPUT:,} bytes")
            parts.append(part)
        await child.wait()
        return b"".join(parts), await errors
    finally:
        errors.cancel()


async def _end(child: asyncio.subprocess.Process) -> None:
    """End the child and whatever it started; its pipes are read to their ends, or they would stay open."""
    if child.returncode is not None:
        return
    _signal(child, signal.SIGTERM)
    with suppress(TimeoutError):
        async with asyncio.timeout(TERM_SECONDS):
            await _drained(child)
            return
    _signal(child, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(TERM_SECONDS):
            await _drained(child)


def _signal(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        # It leads a process group of its own: `start_new_session`.
        os.killpg(child.pid, number)


async def _drained(child: asyncio.subprocess.Process) -> None:
    for pipe in (child.stdout, child.stderr):
        while pipe is not None and await pipe.read(65_536):
            pass
    await child.wait()
