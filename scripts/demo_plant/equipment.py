"""Unrolls a line into its assets and relations: controllers, panels, drives, ring, power, gateway.

A line is an island: its controllers hang on their own ring of switches. Only what leaves the line
(gateway, line camera) needs the plant network above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo_plant.catalogue import PRODUCTS
from demo_plant.lines import LINES, Line
from demo_plant.machines import MACHINES, Machine

if TYPE_CHECKING:
    from demo_plant.book import Plant

CODES = {
    "vision-system": "VIS", "barcode-scanner": "SCN", "label-printer": "LPR", "scale": "SCL",
    "robot": "ROB", "sensor-gateway": "IOL", "cnc-controller": "CNC",
}  # fmt: skip
READERS = {"vision-system", "barcode-scanner", "scale", "sensor-gateway"}
SAFETY_SYSTEM = {"NF": "S-NF-SIS", "SB": "S-SB-SIS"}
CNC_FACTS = {"cnc-840d": (5, "37"), "cnc-31i": (4, "22.5")}


@dataclass
class Built:
    """What the chapters on networks and systems need to know of a line."""

    line: Line
    plc: str
    safety: str
    gateway: str
    ring: list[str]
    printers: list[str]
    machine_plcs: list[str]
    readers: list[str]


class LineBuilder:
    """Writes one line."""

    def __init__(self, plant: Plant, line: Line) -> None:
        """Remember where to write and what."""
        self.plant = plant
        self.line = line
        self.site = line.code[:2]
        self.built = Built(line, "", "", "", [], [], [], [])
        self._turn = 0

    def build(self) -> Built:
        """Write everything; the order decides the numbering."""
        line, plant = self.line, self.plant
        plant.add("locations", code=line.code, name=line.name, level="line",
                  parent=line.code.rsplit("-", 1)[0])  # fmt: skip
        self._ring()
        self._line_controller()
        for number, kind in enumerate(line.machines, start=1):
            self._machine(f"{line.code}-C{number}", number, MACHINES[kind])
        self._gateway()
        return self.built

    def _asset(self, prefix: str, what: str, product: str, **more: object) -> str:
        line = self.line
        values: dict[str, object] = {
            "location": line.code, "zone": line.zone, "subnet": line.net, "year": line.year,
            "system": line.control, "status": line.status,
        } | more  # fmt: skip
        return self.plant.asset(
            self.plant.number(f"{line.code}-{prefix}"), f"{line.short} {what}", product,
            **values,  # type: ignore[arg-type]
        )  # fmt: skip

    def _ring(self) -> None:
        line, link_group = self.line, self.plant.link_group
        self.ups = self._asset("UPS", "24 V DC UPS", "quint", stops_line=True,
                               function="24 V supply of the line's controllers")  # fmt: skip
        self.psu = self._asset("UPS", "second 24 V DC UPS", "quint",
                               function="Second feed of switches and line controller")  # fmt: skip
        size = max(3, (len(line.machines) + 2) // 2 + 1)
        ring = [
            self._asset("SW", f"ring switch {n}", line.family.ring, function="Ring switch (MRP)")
            for n in range(1, size + 1)
        ]
        for place, switch in enumerate(ring):
            beside = [ring[place - 1], ring[(place + 1) % size]]
            link_group(switch, "connects_via", beside, "Ring paths", 1, "MRP")
            link_group(switch, "powered_by", [self.ups, self.psu], "24 V feeds", 1)
        self.built.ring = ring

    def _line_controller(self) -> None:
        line, plant, site = self.line, self.plant, self.site
        self.plc = self._asset("PLC", "line controller", line.family.line_plc, stops_line=True,
                               function="Line control and interlocks")  # fmt: skip
        self.safety = self._asset(
            "FPLC", "safety controller", line.family.safety, stops_line=True,
            zone=f"{site}-Z-SAF", subnet=f"10.{20 if site == 'NF' else 40}.99",
            system=SAFETY_SYSTEM[site], function="Emergency stop and guard circuits",
        )  # fmt: skip
        plant.link_group(self.plc, "powered_by", [self.ups, self.psu], "24 V feeds", 1)
        plant.link(self.plc, "connects_via", self.built.ring[0], line.family.protocol)
        plant.link(self.safety, "powered_by", self.ups)
        plant.link(self.safety, "connects_via", self.built.ring[1], line.family.protocol)
        plant.link(self.plc, "depends_on", self.safety, safe_protocol(line),
                   note="Guards and emergency stop release the line.")  # fmt: skip
        plant.link(self.safety, "member_of", SAFETY_SYSTEM[site])
        panel = self._asset("HMI", "line panel", line.family.panel, function="Line overview")
        plant.link(panel, "depends_on", self.plc, line.family.protocol)
        plant.link(panel, "connects_via", self.built.ring[0], line.family.protocol)
        plant.link(panel, "powered_by", self.ups)
        self.built.plc, self.built.safety = self.plc, self.safety

    def _machine(self, cell: str, number: int, machine: Machine) -> None:
        line, plant = self.line, self.plant
        same = [kind for kind in line.machines if MACHINES[kind] is machine]
        before = line.machines[: number - 1].count(same[0])
        name = machine.name + (f" {before + 1}" if len(same) > 1 else "")
        plant.add("locations", code=cell, name=f"{line.short} {name}", level="cell",
                  parent=line.code)  # fmt: skip
        switch = self.built.ring[number % len(self.built.ring)]
        control = self._asset("PLC", f"{name} controller", line.family.machine_plc, location=cell,
                              stops_line=machine.stops_line, function="Machine control")  # fmt: skip
        self.built.machine_plcs.append(control)
        plant.link(control, "connects_via", switch, line.family.protocol)
        plant.link(control, "powered_by", self.ups)
        plant.link(self.plc, "controls", control, line.family.protocol, data_model="PackML state")
        panel = self._asset("HMI", f"{name} panel", line.family.panel, location=cell,
                            function="Machine operation")  # fmt: skip
        plant.link(panel, "depends_on", control, line.family.protocol)
        plant.link(panel, "connects_via", switch, line.family.protocol)
        self._field(cell, name, control, machine)
        for product, what in machine.others:
            self._other(cell, name, control, switch, product, what)
        if not number % 2:
            plant.link(self.safety, "controls", control, safe_protocol(line), note="Safe stop 1")

    def _field(self, cell: str, name: str, control: str, machine: Machine) -> None:
        line, plant = self.line, self.plant
        place = {"location": cell, "zone": f"{self.site}-Z-FLD", "subnet": line.field_net}
        stations = [
            self._asset("RIO", f"{name} {what} I/O", line.family.station, function=what, **place)
            for what in machine.stations
        ]
        for what in machine.drives:
            drive = self._asset("DRV", f"{name} {what} drive", line.family.drive, function=what,
                                **place)  # fmt: skip
            plant.link(control, "controls", drive, line.family.protocol)
            plant.link(drive, "connects_via", stations[0], line.family.protocol,
                       note="Daisy chain behind the I/O station")  # fmt: skip
        for station in stations:
            plant.link(control, "controls", station, line.family.protocol)
            plant.link(station, "powered_by", self.ups)

    def _other(self, cell: str, name: str, control: str, switch: str, product: str,
               what: str) -> None:  # fmt: skip
        line, plant = self.line, self.plant
        item_class = PRODUCTS[product].item_class
        place = {"location": cell, "zone": f"{self.site}-Z-FLD", "subnet": line.field_net}
        if item_class in {"label-printer", "cnc-controller", "robot"}:
            place = {"location": cell}
        facts: dict[str, object] = {}
        if product in CNC_FACTS:
            axes, power = CNC_FACTS[product]
            facts = {"attr.controlled_axes": axes, "attr.spindle_power_kw": power}
        code = self._asset(CODES[item_class], f"{name} {what}", product, function=what,
                           **place, **facts)  # fmt: skip
        plant.link(code, "connects_via", switch, line.family.protocol)
        if item_class in READERS:
            plant.link(code, "feeds_data", control, line.family.protocol)
            self.built.readers.append(code)
        else:
            plant.link(control, "controls", code, line.family.protocol)
        if item_class == "label-printer":
            self.built.printers.append(code)

    def _gateway(self) -> None:
        line, plant = self.line, self.plant
        gateway = self._asset("GW", "data gateway", line.gateway,
                              function="Collects machine data for historian and MES")  # fmt: skip
        plant.link(gateway, "connects_via", self.built.ring[0], "OPC UA")
        plant.link(gateway, "powered_by", self.psu)
        plant.link(self.plc, "feeds_data", gateway, "OPC UA", data_model="OPC 40084 / PackML")
        for control in self.built.machine_plcs:
            plant.link(control, "feeds_data", gateway, "OPC UA", data_model="PackML")
        self.built.gateway = gateway


def safe_protocol(line: Line) -> str:
    """The safety protocol that goes with the line's bus."""
    protocols = {"EtherNet/IP": "CIP Safety", "POWERLINK": "openSAFETY"}
    return protocols.get(line.family.protocol, "PROFIsafe")


def write_lines(plant: Plant) -> dict[str, Built]:
    """Write every line; the result is keyed by line code."""
    return {line.code: LineBuilder(plant, line).build() for line in LINES}
