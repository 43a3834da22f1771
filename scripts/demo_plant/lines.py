"""The lines of both plants: which machines stand where, on whose controls, in which subnet."""

from __future__ import annotations

from typing import NamedTuple


class Family(NamedTuple):
    """The products a line was built with."""

    line_plc: str
    machine_plc: str
    safety: str
    panel: str
    drive: str
    station: str
    ring: str
    protocol: str


SIEMENS = Family(
    "s7-1516", "s7-1512sp", "s7-1515f", "tp1200", "g120", "et200sp", "xc208", "PROFINET"
)
SIEMENS_NEW = SIEMENS._replace(panel="mtp1500", drive="s120")
SIEMENS_OLD = SIEMENS._replace(
    line_plc="s7-315", machine_plc="s7-315", safety="pnozmulti", ring="eds408"
)
ROCKWELL = Family(
    "clx-l83", "cmx-l330", "guard-l320", "pvp7", "pf525", "point-io", "stratix", "EtherNet/IP"
)
BR = Family("x20cp", "x20cp", "pss4000", "t50", "acopos", "x20bc", "rsp25", "POWERLINK")
BECKHOFF = SIEMENS._replace(line_plc="cx5140", machine_plc="cx5140", drive="acs880", ring="rsp25")


class Line(NamedTuple):
    """One line: its own /24 in the control zone and one behind the machine controllers."""

    code: str
    name: str
    short: str
    year: int
    family: Family
    machines: tuple[str, ...]
    net: str
    field_net: str
    zone: str
    control: str
    criticality: int
    system_text: str
    gateway: str = "ipc227"
    status: str = "active"


def _line(code: str, name: str, short: str, year: int, family: Family, machines: str, net: int,
          criticality: int, text: str, **more: str) -> Line:  # fmt: skip
    site, area = code.split("-")[:2]
    second = {"NF": 20, "SB": 40}[site]
    return Line(
        code, name, short, year, family, tuple(machines.split()), f"10.{second}.{net}",
        f"192.168.{net}" if site == "NF" else f"172.16.{net}", f"{site}-Z-{area}",
        more.pop("control", f"S-{code}-CTL"), criticality, text, **more,
    )  # fmt: skip


LINES: tuple[Line, ...] = (
    _line("NF-FIL-L1", "PET line 1", "PET 1", 2016, SIEMENS, "blow filler label pack conv", 101, 4,
          "Controls PET line 1, 36,000 bottles an hour, still water and lemonade."),
    _line("NF-FIL-L2", "PET line 2", "PET 2", 2018, SIEMENS, "blow filler label pack conv", 102, 4,
          "Controls PET line 2, 40,000 bottles an hour, carbonated drinks."),
    _line("NF-FIL-L3", "Can line", "Can line", 2013, SIEMENS_OLD, "depal can pack conv", 103, 4,
          "Controls the can line, 60,000 cans an hour; depalletiser moved to the mezzanine in 2019."),
    _line("NF-FIL-L4", "Returnable glass line", "Glass", 2014, ROCKWELL, "depal crate filler label conv", 104, 3,
          "Controls the returnable glass line with washer, filler and crate packer.", gateway="flexy"),
    _line("NF-FIL-L5", "Aseptic line", "Aseptic", 2023, BR, "blow aseptic label pack conv", 105, 4,
          "Controls the aseptic line for juices and milk drinks; under the integrator's warranty."),
    _line("NF-SYR-L1", "Blending line", "Syrup room", 2017, SIEMENS, "sugar blend blend cip", 111, 4,
          "", control="S-NF-BATCH"),
    _line("NF-PAL-L1", "Palletising line 1", "PAL 1", 2016, SIEMENS, "robot robot wrap", 121, 3,
          "Robots and wrapper that palletise the PET lines."),
    _line("NF-PAL-L2", "Palletising line 2", "PAL 2", 2013, SIEMENS_OLD, "robot wrap", 122, 3,
          "Robot and wrapper that palletise cans and crates."),
    _line("NF-WHS-L1", "High-bay cranes", "High bay", 2015, SIEMENS, "crane crane crane", 141, 3,
          "Three stacker cranes of the high bay; they run on orders of the warehouse control only."),
    _line("NF-WHS-L2", "Dispatch conveyors", "Docks", 2015, SIEMENS, "dispatch dispatch", 142, 3,
          "Conveyor loop from the high bay to the loading docks."),
    _line("NF-UTL-L1", "Water and CIP supply", "Water plant", 2012, SIEMENS_OLD, "water", 151, 4,
          "Water treatment for product and cleaning.", gateway="mgate"),
    _line("NF-UTL-L2", "Compressed air and cooling", "Cooling hall", 2019, SIEMENS, "comp cool", 152, 4,
          "Compressed air for blow moulding and the ammonia refrigeration plant.", gateway="mgate"),
    _line("SB-PRS-L1", "Press line 1", "Press line 1", 2009, SIEMENS_OLD, "coil press stack", 101, 3,
          "Controls the 800 t transfer press for brackets."),
    _line("SB-PRS-L2", "Press line 2", "Press line 2", 2018, SIEMENS_NEW, "coil press press stack", 102, 4,
          "Controls the 1,600 t transfer press for structural parts."),
    _line("SB-PRS-L3", "Press line 3", "Press line 3", 2021, SIEMENS_NEW, "coil press stack", 103, 3,
          "Controls the 1,000 t servo press."),
    _line("SB-WLD-L1", "Welding line 1", "Cross-member line", 2017, SIEMENS, "weld weld handle check", 111, 3,
          "Four welding robots on the cross-member line."),
    _line("SB-WLD-L2", "Welding line 2", "Seat-frame line", 2019, SIEMENS, "weld weld weld handle", 112, 4,
          "Six welding robots on the seat-frame line."),
    _line("SB-MCH-L1", "Machining cell 1", "Cell 1", 2014, BECKHOFF, "mill mill mill gantry", 121, 2,
          "Three machining centres with gantry loader."),
    _line("SB-MCH-L2", "Machining cell 2", "Cell 2", 2020, BECKHOFF, "turn turn mill gantry", 122, 2,
          "Turning and milling cell for hinge pins."),
    _line("SB-PNT-L1", "Cathodic paint line", "Paint", 2011, SIEMENS_OLD, "wash ecoat oven", 131, 4,
          "Pre-treatment, e-coat tank and oven; every part of the plant passes here."),
    _line("SB-ASM-L1", "Assembly line 1", "Hinge line", 2019, ROCKWELL, "station station station eol", 141, 4,
          "Hinge assembly, built to the customer's sequence.", gateway="flexy"),
    _line("SB-ASM-L2", "Assembly line 2", "Seat-rail line", 2022, ROCKWELL, "station station eol", 142, 4,
          "Seat-rail assembly, built to the customer's sequence.", gateway="flexy"),
    _line("SB-UTL-L1", "Air and cooling water", "Stahlbach", 2010, SIEMENS_OLD, "comp cold-water", 151, 3,
          "Compressed air and cooling water of the whole plant.", gateway="mgate"),
)  # fmt: skip
