"""Debian's net-snmp as an independent peer: its walker and its agent, where they are installed."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from discovery.rules.readings import Oid, oid

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
WALKER, AGENT = shutil.which("snmpbulkwalk"), shutil.which("snmpd", path=PATH)
needs_walker = pytest.mark.skipif(
    WALKER is None, reason="snmpbulkwalk (Debian: snmp) is not installed"
)
needs_agent = pytest.mark.skipif(AGENT is None, reason="snmpd (Debian: snmpd) is not installed")
#: Numeric names, raw values, no unit hints, names that do not increase are an error.
PLAIN = ("-m", "", "-On", "-Oe", "-OU", "-Ot", "-Cc", "-t", "5", "-r", "1")


def walk(
    where: str, root: str, *options: str, auth: tuple[str, ...] = ("-v2c", "-c", "public")
) -> dict[Oid, str]:
    """Return what snmpbulkwalk prints below a root: its own spelling of each value by name."""
    command = ["snmpbulkwalk", *auth, *PLAIN, *options, where, root]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    found = {}
    for line in done.stdout.decode("latin-1").splitlines():
        name, separator, value = line.partition(" = ")
        if (
            separator
            and name.startswith(".")
            and "No more variables" not in value
            and "No Such" not in value
        ):
            found[oid(name)] = value
    return found


@contextmanager
def running_agent(folder: Path, address: str, port: int, lines: str) -> Iterator[None]:
    """Run net-snmp's agent in the foreground with a configuration of ours, and end it."""
    settings = folder / "snmpd.conf"
    settings.write_text(f"{lines}\n")
    with (folder / "log").open("wb") as log:
        command = [
            AGENT or "snmpd",
            "-f",
            "-Lo",
            "-C",
            "-c",
            str(settings),
            "-I",
            "-smux",
            f"udp:{address}:{port}",
        ]
        agent = subprocess.Popen(
            command, stdout=log, stderr=log, env={"PATH": PATH, "SNMP_PERSISTENT_DIR": str(folder)}
        )
    try:
        wait_until_bound(address, port, agent)
        yield
    finally:
        agent.terminate()
        agent.wait(10)


def wait_until_bound(address: str, port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return when somebody has the UDP port. Raises RuntimeError when the process ends first."""
    for _try in range(100):
        if process.poll() is not None:
            raise RuntimeError(f"the agent ended with {process.returncode}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            try:
                one.bind((address, port))
            except OSError:
                return
        time.sleep(0.05)
    raise RuntimeError("the agent did not start within five seconds")
