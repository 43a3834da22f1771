"""What a device says of its neighbours, over whatever protocol."""

from discovery.rules.readings import Reading
from discovery.topology.cdp import cdp_neighbours
from discovery.topology.lldp import lldp_neighbours
from discovery.topology.neighbours import Neighbour
from discovery.topology.speakers import Speaker


def neighbours_of(reading: Reading, speaker: Speaker) -> list[Neighbour]:
    """Return the neighbours a device tells of, in order, each once per port and protocol."""
    return sorted({*lldp_neighbours(reading, speaker), *cdp_neighbours(reading, speaker.ports)})
