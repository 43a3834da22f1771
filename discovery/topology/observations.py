"""What a topology is made of: one device as one scan saw it, and how much of it was seen."""

from dataclasses import dataclass, field
from typing import Protocol

from discovery.rules.readings import Reading


class Told(Protocol):
    """What a collector hands over of a device: `discovery.collectors.snmp.reading.DeviceRead` is one."""

    @property
    def reading(self) -> Reading:
        """What the device told; what went wrong stands in its problems."""

    @property
    def has_answered(self) -> bool:
        """Whether the device answered at all."""

    @property
    def is_complete(self) -> bool:
        """Whether everything planned was asked."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """Tables the limits did not allow."""


@dataclass(frozen=True)
class Observation:
    """One device as one scan saw it.

    `key` names it within the scan (and, where links are compared over time, between scans). `network` is the
    address space `address` belongs to: the same address in two networks is two devices. `left_out` are tables
    that were not asked for, by their names in the plan.
    """

    key: str
    reading: Reading
    network: str = ""
    address: str = ""
    has_answered: bool = True
    is_complete: bool = True
    left_out: tuple[str, ...] = field(default=())

    def has_whole(self, *tables: str) -> bool:
        """Return whether these tables were read to their end, so that what is absent from them is not there.

        >>> told = Reading({}, ("dot1qTpFdbTable: cut after 4096 rows",))
        >>> Observation("sw1", told).has_whole("lldpRemTable")
        True
        >>> Observation("sw1", told).has_whole("dot1qTpFdbTable")
        False
        """
        if not (self.has_answered and self.is_complete):
            return False
        problems = self.reading.problems
        return not any(
            table in self.left_out or any(one.startswith(f"{table}:") for one in problems)
            for table in tables
        )


def observation_of(key: str, told: Told, *, network: str = "", address: str = "") -> Observation:
    """Return the observation that a collector's reading of a device amounts to."""
    return Observation(
        key, told.reading, network, address, told.has_answered, told.is_complete, told.left_out
    )
