"""Thousands of simulated SNMP agents on loopback addresses in one event loop, one socket an address.

`python -m demo.simulator.snmp_responder --recordings DIR --first 127.10.0.1 --count 500 --port 1161`
prints `ready N`, serves until standard input closes, then prints {address: packets} as JSON.
"""

import argparse
import asyncio
import json
import resource
import socket
import sys
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent, Faults

LOOPBACK = "127."


class Responder:
    """Agents by address; an asynchronous context manager that serves them."""

    def __init__(self, agents: dict[str, Agent], port: int) -> None:
        wrong = [address for address in agents if not address.startswith(LOOPBACK)]
        if wrong:
            raise ValueError(f"a simulated device lives on loopback only, not at {wrong[0]}")
        self.agents = agents
        self.port = port
        self._sockets: list[socket.socket] = []

    async def __aenter__(self) -> Self:
        allow_sockets(len(self.agents) + 100)
        try:
            for address, agent in self.agents.items():
                self._listen(address, agent)
        except OSError:
            self._close()
            raise
        return self

    def _listen(self, address: str, agent: Agent) -> None:
        loop = asyncio.get_running_loop()
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sockets.append(one)
        one.setblocking(False)
        one.bind((address, self.port))
        loop.add_reader(one, self._serve, loop, one, agent)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        loop = asyncio.get_running_loop()
        for one in self._sockets:
            loop.remove_reader(one)
            one.close()
        self._sockets = []

    @property
    def packets(self) -> dict[str, int]:
        """How many datagrams arrived at each address."""
        return {address: agent.packets for address, agent in self.agents.items()}

    def _serve(self, loop: asyncio.AbstractEventLoop, one: socket.socket, agent: Agent) -> None:
        while True:
            try:
                data, peer = one.recvfrom(65_535)
            except BlockingIOError:
                return
            response = agent.answer(data)
            if response is None:
                continue
            if agent.faults.latency:
                loop.call_later(agent.faults.latency, self._send, one, response, peer)
            else:
                self._send(one, response, peer)

    @staticmethod
    def _send(one: socket.socket, response: bytes, peer: tuple[str, int]) -> None:
        if one.fileno() >= 0:
            one.sendto(response, peer)


def allow_sockets(needed: int) -> None:
    """Raise the number of files this process may open, as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, needed), hard))


def addresses(first: str, count: int) -> list[str]:
    """Return so many addresses from a first one on.

    >>> addresses("127.10.0.255", 2)
    ['127.10.0.255', '127.10.1.0']
    """
    start = IPv4Address(first)
    return [str(start + number) for number in range(count)]


async def serve(options: argparse.Namespace) -> None:
    """Serve the recordings of a folder, in turn, until standard input closes."""
    recordings = [load(path) for path in sorted(options.recordings.glob("*.snmprec"))]
    faults = Faults(latency=options.latency / 1000)
    agents = {
        address: Agent(recordings[number % len(recordings)], faults=faults)
        for number, address in enumerate(addresses(options.first, options.count or len(recordings)))
    }
    async with Responder(agents, options.port) as responder:
        sys.stdout.write(f"ready {len(agents)}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        json.dump(responder.packets, sys.stdout)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=Path, required=True)
    parser.add_argument("--first", default="127.10.0.1")
    parser.add_argument("--count", type=int, default=0, help="addresses; 0: one a recording")
    parser.add_argument("--port", type=int, default=1161)
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
