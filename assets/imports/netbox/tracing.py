"""Follows a cable from a port to the far end, through patch panels and circuits. Pure.

Front and rear ports of a panel are joined by position: a rear port that carries several front ports (a trunk) is left
at the position it was entered by, also when a circuit lies between, so a stack of positions is kept on the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assets.imports.netbox.records import Cable, Records, Termination

ENDPOINTS = {
    "dcim.interface": "network",
    "dcim.powerport": "power",
    "dcim.poweroutlet": "power",
    "dcim.powerfeed": "power",
    "dcim.consoleport": "console",
    "dcim.consoleserverport": "console",
}
CIRCUIT_END = "circuits.circuittermination"
LIVE = {"connected", ""}


@dataclass(frozen=True)
class Path:
    """From one port to another: the cables used, and panels (device ids) and circuits passed, in order.

    `end` is None when the path ends nowhere; a circuit may still be the last thing passed.
    """

    start: Termination
    end: Termination | None = None
    cables: tuple[int, ...] = ()
    passed: tuple[tuple[str, int], ...] = ()
    positions: tuple[int, ...] = ()


class Tracer:
    """The plugs of all cables, ready to be followed."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._far: dict[Termination, tuple[Cable, tuple[Termination, ...]]] = {}
        for cable in records.cables.values():
            if cable.status in LIVE:
                for near, far in ((cable.a, cable.b), (cable.b, cable.a)):
                    self._far.update(dict.fromkeys(near, (cable, far)))
        self._fronts: dict[tuple[int, int], int] = {}
        for pk, front in records.all("dcim.frontport"):
            if front.get("rear_port") is not None:
                self._fronts[front["rear_port"], front.get("rear_port_position") or 1] = pk
        self._circuit_ends: dict[int, list[int]] = {}
        for pk, end in records.all(CIRCUIT_END):
            self._circuit_ends.setdefault(end["circuit"], []).append(pk)

    def paths(self) -> Iterator[Path]:
        """Yield each path between two ports once, and paths that end nowhere."""
        for plug in sorted(self._far):
            if plug[0] in ENDPOINTS:
                for path in self._follow(Path(start=plug), plug):
                    if path.end is None or path.start < path.end:
                        yield path

    def _follow(self, path: Path, plug: Termination) -> Iterator[Path]:
        waiting = [(path, plug)]
        while waiting:
            path, plug = waiting.pop()
            if plug not in self._far:
                yield path
                continue
            cable, far = self._far[plug]
            if cable.pk in path.cables:
                continue
            path = replace(path, cables=(*path.cables, cable.pk))
            for other in far:
                if other[0] in ENDPOINTS:
                    yield replace(path, end=other)
                else:
                    waiting.append(self._through(path, other))

    def _through(self, path: Path, plug: Termination) -> tuple[Path, Termination]:
        """Return the path and the plug on the other side of a panel or circuit; a dead plug where it ends."""
        model, pk = plug
        if model == "dcim.frontport":
            return self._to_rear(path, pk)
        if model == "dcim.rearport":
            return self._to_front(path, pk)
        if model == CIRCUIT_END:
            return self._over_circuit(path, pk)
        return path, ("", 0)

    def _to_rear(self, path: Path, pk: int) -> tuple[Path, Termination]:
        front = self._records.get("dcim.frontport", pk)
        rear = front.get("rear_port")
        path = _passing(path, "dcim.device", front["device"])
        if rear is None:
            return path, ("", 0)
        if (self._records.get("dcim.rearport", rear).get("positions") or 1) > 1:
            position = front.get("rear_port_position") or 1
            path = replace(path, positions=(*path.positions, position))
        return path, ("dcim.rearport", rear)

    def _to_front(self, path: Path, pk: int) -> tuple[Path, Termination]:
        rear = self._records.get("dcim.rearport", pk)
        path = _passing(path, "dcim.device", rear["device"])
        position = 1
        if (rear.get("positions") or 1) > 1:
            if not path.positions:
                return path, ("", 0)
            position = path.positions[-1]
            path = replace(path, positions=path.positions[:-1])
        front = self._fronts.get((pk, position))
        return path, ("", 0) if front is None else ("dcim.frontport", front)

    def _over_circuit(self, path: Path, pk: int) -> tuple[Path, Termination]:
        circuit = self._records.get(CIRCUIT_END, pk)["circuit"]
        path = _passing(path, "circuits.circuit", circuit)
        other = next((end for end in self._circuit_ends[circuit] if end != pk), None)
        return path, ("", 0) if other is None else (CIRCUIT_END, other)


def _passing(path: Path, model: str, pk: int) -> Path:
    return replace(path, passed=(*path.passed, (model, pk)))
