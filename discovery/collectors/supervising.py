"""What takes longer than a datagram, under the eye of the rules: it is broken off as soon as they forbid it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from discovery.collectors.gates import WatchfulGate
from discovery.rules.probes import Probe

#: The rules are asked this often (seconds) while a probe is under way: a stop takes effect within a second.
LOOK = 0.1

Result = TypeVar("Result")


async def supervised(gate: WatchfulGate, probe: Probe, work: Coroutine[Any, Any, Result]) -> Result:
    """Return what comes of an admitted probe's work. Raises RefusedError when the rules end it on the way.

    The work has ended, cleaned up, when this returns or raises.
    """
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK)
            if not task.done():
                gate.recheck(probe)
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
