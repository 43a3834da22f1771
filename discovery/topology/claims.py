"""What each device claims of its neighbours: who is meant, on which port, told by whom, and what is not believed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from discovery.topology.directory import Device, Directory
from discovery.topology.neighbours import Neighbour
from discovery.topology.ports import UNKNOWN_PORT
from discovery.topology.results import Doubt, End, Evidence, KnownBy, Method, Stale
from discovery.topology.strangers import Strangers, are_one


@dataclass(frozen=True, order=True)
class Claim:
    """A device says that a port of it leads to a port of another; the far port may be unknown."""

    near: End
    far: End
    evidence: tuple[Evidence, ...]

    @property
    def method(self) -> Method:
        """Return the most telling method that the claim rests on."""
        return best(self.evidence)

    def agrees_with(self, other: "Claim") -> int:
        """Return how well a claim fits one from the other end: 2 fully, 1 as far as known, 0 unknown, -1 not."""
        here = _fits(self.far, other.near)
        there = _fits(other.far, self.near)
        return -1 if -1 in {here, there} else here + there


def best(evidence: tuple[Evidence, ...]) -> Method:
    """Return the most telling method among pieces of evidence."""
    methods = {one.method for one in evidence}
    return next(one for one in Method if one in methods)


def claims_of(directory: Directory, strangers: Strangers) -> tuple[list[Claim], list[Stale]]:
    """Return what all devices claim, each device's claims about one neighbour on one port as one; and what is stale.

    An entry on a port that is down is old, unless the neighbour still says the same from its side.
    """
    claims: dict[tuple[End, str], Claim] = {}
    stale: list[Stale] = []
    down: list[Claim] = []
    for device in directory.devices:
        for claim in _of_device(device, directory, strangers, stale):
            if device.is_down(claim.near.index):
                down.append(claim)
            else:
                _add(claims, claim)
    confirmed = {(claim.far.node, claim.near.node) for claim in claims.values()}
    for claim in down:
        if (claim.near.node, claim.far.node) in confirmed:
            _add(claims, claim)
        else:
            who = claim.far.node
            stale.append(Stale(claim.near.node, claim.near.port, who, Doubt.PORT_DOWN))
    return sorted(claims.values()), stale


def _add(claims: dict[tuple[End, str], Claim], claim: Claim) -> None:
    place = claim.near, claim.far.node
    known = claims.get(place)
    claims[place] = claim if known is None else _both(known, claim)


def _of_device(
    device: Device, directory: Directory, strangers: Strangers, stale: list[Stale]
) -> Iterator[Claim]:
    believed: list[tuple[Neighbour, str]] = []
    for neighbour in sorted(device.neighbours, key=lambda one: not one.chassis.text):
        known = (node for other, node in believed if _is_same(neighbour, other))
        node, known_by = directory.meant_by(neighbour, device.network)
        node = node or next(known, "")
        if node not in directory.of_node:
            node = strangers.met(device, neighbour, node)
        far = _far_end(directory, node, neighbour)
        if far.node == device.node and far.index in {neighbour.local, UNKNOWN_PORT}:
            near_port = neighbour.local_port
            stale.append(Stale(device.node, near_port, device.node, Doubt.HEARS_ITSELF))
            continue
        believed.append((neighbour, node))
        near = End(device.node, neighbour.local, neighbour.local_port)
        yield Claim(near, far, (_evidence(device, neighbour, known_by),))


def _is_same(one: Neighbour, other: Neighbour) -> bool:
    return (one.local, one.local_port) == (other.local, other.local_port) and are_one(one, other)


def _far_end(directory: Directory, node: str, neighbour: Neighbour) -> End:
    index = directory.heard_port(node, neighbour)
    heard = neighbour.port.text if not neighbour.port.mac else ""
    return End(
        node,
        index,
        directory.label(node, index) or heard or neighbour.port_description or neighbour.port.text,
    )


def _both(one: Claim, other: Claim) -> Claim:
    """Return two claims about one neighbour on one port as one; the better method names the far port."""
    first, second = sorted((one, other), key=lambda each: (list(Method).index(each.method), each))
    far = first.far
    if far.index == UNKNOWN_PORT and (second.far.index != UNKNOWN_PORT or not far.port):
        far = second.far
    return replace(first, far=far, evidence=tuple(sorted({*one.evidence, *other.evidence})))


def _evidence(device: Device, neighbour: Neighbour, known_by: KnownBy) -> Evidence:
    said = (
        str(neighbour.chassis),
        neighbour.name,
        neighbour.port.text,
        neighbour.port_description,
        *neighbour.addresses,
    )
    detail = ", ".join(dict.fromkeys(part for part in said if part))
    return Evidence(
        neighbour.method, device.observation.key, detail, neighbour.local_port, known_by
    )


def _fits(heard: End, own: End) -> int:
    if heard.index == UNKNOWN_PORT or own.index == UNKNOWN_PORT:
        return 0
    return 1 if heard.index == own.index else -1
