"""Serves the demonstration's network until it is told to stop: `python -m demo.simulator --port 16161`.

`manage.py up` starts it in a demonstration only. Where the addresses or the port cannot be had it says so and goes on
trying: the rest of the site runs on.
"""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from demo.simulator.network import DEMO, agents
from demo.simulator.snmp_responder import Responder

#: How long until the addresses are tried again: another demonstration may have ended.
AGAIN_SECONDS = 5
COMPLAINT = (
    "No simulated network: its addresses 127.20.x at UDP port {port} cannot be had ({problem})."
    " A scan finds nobody; everything else runs."
)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="demo.simulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, default=DEMO, help="where network and plant are")
    parser.add_argument(
        "--count", action="store_true", help="say 'ready', and at the end the packets by address"
    )
    options = parser.parse_args()
    asyncio.run(serve(options.folder, options.port, is_counting=options.count))


async def serve(folder: Path, port: int, *, is_counting: bool) -> None:
    """Answer until SIGTERM or SIGINT; say once when the addresses cannot be had, and go on trying."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    has_complained = False
    while not ended.is_set():
        try:
            await _answer(folder, port, ended, is_counting=is_counting)
        except OSError as error:
            if not has_complained:
                _say(COMPLAINT.format(port=port, problem=error.strerror))
            has_complained = True
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), AGAIN_SECONDS)


async def _answer(folder: Path, port: int, ended: asyncio.Event, *, is_counting: bool) -> None:
    async with Responder(agents(folder), port) as responder:
        _say("ready" if is_counting else "")
        await ended.wait()
        _say(json.dumps(responder.packets) if is_counting else "")


def _say(text: str) -> None:
    if text:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
