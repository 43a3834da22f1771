"""How well neighbours, links and merges of recorded devices are found, compared with what is proven of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from discovery.identification.identify import Identity
from discovery.topology.identity import merge_candidates, sighting_of
from discovery.topology.links import links_of
from discovery.topology.observations import Observation
from discovery.topology.results import Evidence, Topology
from discovery.topology.sightings import Sighting


def topology_figures(
    expected: Mapping[str, Any],
    observations: Iterable[Observation],
    identities: Mapping[str, Identity],
) -> dict[str, Any]:
    """Return the figures of neighbours, links and merges.

    A neighbour is found when a link or segment of the device goes back to an entry that carries its chassis id,
    name or port. A false link connects two recordings that nothing proves to be connected. Every recording is a device of
    its own, so every merge is false; `conflicts` are left to a person.
    """
    every = list(observations)
    topology = links_of(every)
    devices = expected["devices"]
    neighbours = [(d["file"], one) for d in devices for one in d.get("neighbours", ())]
    found = sum(_is_found(topology, name, one) for name, one in neighbours)
    proven = {frozenset(pair) for pair in expected.get("links_between_recordings", ())}
    recorded = {device["file"] for device in devices}
    claimed = {frozenset(link.nodes) for link in topology.links if set(link.nodes) <= recorded}
    merges = merge_candidates(_sighting(one, identities[one.key]) for one in every)
    return {
        "neighbours": {"known": len(neighbours), "found": found},
        "links": {
            "known": len(proven),
            "found": len(proven & claimed),
            "wrong": len(claimed - proven),
        },
        "merges": {
            "devices": len(every),
            "false": sum(len(group.members) - 1 for group in merges.merged),
            "conflicts": len(merges.conflicts),
        },
    }


def _sighting(observation: Observation, identity: Identity) -> Sighting:
    serials = (identity.key_serial,) if identity.key_serial else ()
    return sighting_of(
        observation,
        kind=identity.item_class,
        vendor=identity.vendor,
        model=identity.model,
        serials=serials,
    )


def _is_found(topology: Topology, name: str, neighbour: Mapping[str, Any]) -> bool:
    names = ("remote_chassis_id", "remote_sysName", "remote_port_id", "remote_port_desc")
    words = [str(neighbour[key]).lower() for key in names if neighbour.get(key)]
    details = [piece.detail.lower() for piece in _evidence(topology, name, neighbour)]
    if not words:
        return bool(details)
    return any(word in detail for word in words for detail in details)


def _evidence(topology: Topology, name: str, neighbour: Mapping[str, Any]) -> Iterable[Evidence]:
    wires = (
        *(link.evidence for link in topology.links_of_node(name)),
        *(segment.evidence for segment in topology.segments_of_node(name)),
    )
    for evidence in wires:
        for piece in evidence:
            if piece.observer == name and piece.method.value == neighbour.get("protocol"):
                yield piece
