"""Relations out of cables, clusters and device bays.

A network link makes the device lower in the network depend on the higher one (`connects_via`); at the same height the
lower id depends on the other. NetBox does not say how many of several links, feeds or hosts are needed, so they form a
redundancy group without a declared number: the impact says "unknown" until somebody declares it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from assets.imports.netbox.classes import step_of
from assets.imports.netbox.records import Records, Termination, clip, code
from assets.imports.netbox.rows import Rows
from assets.imports.netbox.tracing import ENDPOINTS, LIVE, Path, Tracer

PREFIX = {"dcim.device": "DEV", "circuits.circuit": "CIR"}
PORTS = {"dcim.powerport", "dcim.poweroutlet"}
Pair = tuple[str, str]


@dataclass
class Links:
    """Links found so far: ports by pair of codes, and what lies between by dependent."""

    network: dict[Pair, list[str]] = field(default_factory=dict)
    power: dict[Pair, list[str]] = field(default_factory=dict)
    between: dict[Pair, None] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    console: set[int] = field(default_factory=set)


def map_links(records: Records, rows: Rows) -> None:
    """Write the relations that cables make, and account for every cable."""
    links = Links()
    for path in Tracer(records).paths():
        _sort_in(records, path, links)
    _write(rows, links.network, "connects_via", "Ethernet", "uplinks")
    _write(rows, {pair: [] for pair in links.between}, "connects_via", "patch", "paths")
    _write(rows, links.power, "powered_by", "power", "power supplies")
    _account(records, rows, links)


def _sort_in(records: Records, path: Path, links: Links) -> None:
    kind = ENDPOINTS[path.start[0]]
    if kind == "console":
        links.console.update(path.cables)
        return
    if path.end is None:
        if kind == "network" and any(model == "circuits.circuit" for model, _pk in path.passed):
            links.used.update(path.cables)
            _note_between(records, path, links)
        return
    links.used.update(path.cables)
    if kind == "power":
        _note_power(records, path, links)
    else:
        _note_network(records, path, links)
        _note_between(records, path, links)


def _note_network(records: Records, path: Path, links: Links) -> None:
    assert path.end is not None  # noqa: S101 -- the caller asked
    ends = [path.start, path.end]
    ends.sort(key=lambda plug: (_step(records, plug), _device(records, plug)))
    low, high = ends
    pair = (code("DEV", _device(records, low)), code("DEV", _device(records, high)))
    if pair[0] != pair[1]:
        links.network.setdefault(pair, []).append(f"{_port(records, low)} - {_port(records, high)}")


def _note_between(records: Records, path: Path, links: Links) -> None:
    """Each end depends on the panels up to the first circuit, and on that circuit."""
    for plug, passed in ((path.start, path.passed), (path.end, tuple(reversed(path.passed)))):
        if plug is None:
            continue
        source = code("DEV", _device(records, plug))
        for model, pk in passed:
            if code(PREFIX[model], pk) != source:
                links.between[source, code(PREFIX[model], pk)] = None
            if model == "circuits.circuit":
                break


def _note_power(records: Records, path: Path, links: Links) -> None:
    plugs = sorted(
        (path.start, path.end or path.start), key=lambda plug: plug[0] != "dcim.powerport"
    )
    taker, giver = plugs
    source = code("DEV", _device(records, taker))
    if giver[0] == "dcim.powerfeed":
        target, name = code("PF", giver[1]), ""
    else:
        target, name = code("DEV", _device(records, giver)), _port(records, giver)
    if source != target:
        links.power.setdefault((source, target), []).append(f"{_port(records, taker)} - {name}")


def _write(
    rows: Rows, links: dict[Pair, list[str]], relation_class: str, protocol: str, group: str
) -> None:
    many = _repeated(source for source, _target in links)
    for (source, target), ports in sorted(links.items()):
        rows.add(
            "relations",
            source=source,
            relation_class=relation_class,
            target=target,
            protocol=protocol,
            redundancy_group=group if source in many else "",
            note=clip("; ".join(sorted(ports)), 250),
        )


def _repeated(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]


def _account(records: Records, rows: Rows, links: Links) -> None:
    for pk, cable in records.cables.items():
        if pk in links.used:
            rows.into["dcim.cable", "relations"] += 1
        elif cable.status not in LIVE:
            reason = _("is %(status)s, not connected") % {"status": cable.status}
            rows.leave("dcim.cable", reason)
        elif pk in links.console:
            rows.leave("dcim.cable", _("is a console cable, which carries no dependency"))
        else:
            rows.leave("dcim.cable", _("leads to no device at its far end"))


def map_hosting(records: Records, rows: Rows) -> None:
    """Write what runs on what: machines on clusters and hosts, clusters on hosts, blades in chassis."""
    hosts = [(pk, row["cluster"]) for pk, row in records.all("dcim.device") if row.get("cluster")]
    many = _repeated(str(cluster) for _pk, cluster in hosts)
    for pk, cluster in hosts:
        group = "hosts" if str(cluster) in many else ""
        rows.add("relations", source=code("DEV", pk), relation_class="member_of", target=code("CLU", cluster), redundancy_group=group)  # fmt: skip
    for pk, machine in records.all("virtualization.virtualmachine"):
        for prefix, host in (("CLU", machine.get("cluster")), ("DEV", machine.get("device"))):
            if host:
                rows.add("relations", source=code("VM", pk), relation_class="runs_on", target=code(prefix, host))  # fmt: skip
    for _pk, bay in records.all("dcim.devicebay"):
        if bay.get("installed_device"):
            rows.take("dcim.devicebay", "relations", source=code("DEV", bay["installed_device"]), relation_class="runs_on", target=code("DEV", bay["device"]))  # fmt: skip
        else:
            rows.leave("dcim.devicebay", _("is empty"))


def _device(records: Records, plug: Termination) -> int:
    return int(records.get(*plug).get("device") or 0)


def _port(records: Records, plug: Termination) -> str:
    return str(records.get(*plug).get("name", ""))


def _step(records: Records, plug: Termination) -> int:
    device = records.get("dcim.device", _device(records, plug))
    return step_of(str(records.get("dcim.devicerole", device.get("role")).get("slug", "")))
