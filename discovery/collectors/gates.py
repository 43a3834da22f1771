"""What a collector needs of a gate: leave for every single probe, and an ear for how it ended."""

from typing import Protocol

from discovery.rules.probes import Outcome, Probe


class Gate(Protocol):
    """Passes or refuses probes at the moment of sending."""

    async def admit(self, probe: Probe) -> None:
        """Return when the probe may be sent. Raises RefusedError when it must not be."""

    def outcome(self, probe: Probe, ended: Outcome) -> None:
        """Take in how an admitted probe ended; called exactly once for each."""


class WatchfulGate(Gate, Protocol):
    """A gate for what takes longer than a datagram: it also says whether an admitted probe may go on."""

    def recheck(self, probe: Probe) -> None:
        """Return while the probe may go on. Raises RefusedError as soon as it may not."""
