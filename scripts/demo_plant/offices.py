"""Clients, terminals, printers, hand-helds, cameras and instruments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_plant.places import SUBNETS

if TYPE_CHECKING:
    from demo_plant.book import Plant
    from demo_plant.equipment import Built

# prefix, how many, name, product, location, zone, year, system, switch, what it depends on
GROUPS: tuple[tuple[str, int, str, str, str, str, int, str, str, str], ...] = (
    ("NF-ADM-WS", 7, "Office PC ground floor", "optiplex", "NF-ADM", "NF-Z-ENT", 2022, "", "NF-ADM-ASW01", ""),
    ("NF-ADM-WS", 7, "Office PC first floor", "optiplex", "NF-ADM", "NF-Z-ENT", 2022, "", "NF-ADM-ASW02", ""),
    ("NF-ADM-PRN", 3, "Office printer Northfield", "m507", "NF-ADM", "NF-Z-ENT", 2020, "", "NF-ADM-ASW01", ""),
    ("NF-FIL-OWS", 5, "Filling control room client", "ipc477", "NF-FIL", "NF-Z-SUP", 2018, "S-NF-SCADA", "NF-FIL-DSW01", "S-NF-SCADA"),
    ("NF-SYR-OWS", 2, "Syrup control room client", "ipc477", "NF-SYR", "NF-Z-SUP", 2017, "S-NF-BATCH", "NF-SYR-DSW01", "S-NF-BATCH"),
    ("NF-WHS-OWS", 2, "Warehouse control desk", "ipc477", "NF-WHS", "NF-Z-SUP", 2017, "S-NF-WCS", "NF-WHS-DSW01", "S-NF-WCS"),
    ("NF-FIL-ES", 2, "Northfield engineering station", "t30", "NF-FIL", "NF-Z-SUP", 2023, "", "NF-FIL-DSW02", ""),
    ("NF-LAB-WS", 3, "Laboratory PC", "optiplex", "NF-LAB", "NF-Z-LAB", 2021, "S-NF-LIMS", "NF-LAB-ASW01", "S-NF-LIMS"),
    ("NF-LAB-GC", 1, "Gas chromatograph PC", "win7pc", "NF-LAB", "NF-Z-LAB", 2013, "S-NF-LIMS", "NF-LAB-ASW01", ""),
    ("NF-WHS-LPR", 4, "Dock label printer", "zt411", "NF-WHS", "NF-Z-OPS", 2019, "S-NF-LBL", "NF-WHS-ASW01", "S-NF-LBL"),
    ("SB-ADM-WS", 9, "Office PC Stahlbach", "optiplex", "SB-ADM", "SB-Z-ENT", 2022, "", "SB-ADM-ASW01", ""),
    ("SB-ADM-PRN", 2, "Office printer Stahlbach", "m507", "SB-ADM", "SB-Z-ENT", 2019, "", "SB-ADM-ASW01", ""),
    ("SB-PRS-OWS", 3, "Press shop control client", "ipc477", "SB-PRS", "SB-Z-SUP", 2018, "S-SB-SCADA", "SB-PRS-DSW01", "S-SB-SCADA"),
    ("SB-WLD-OWS", 2, "Welding control client", "ipc477", "SB-WLD", "SB-Z-SUP", 2018, "S-SB-SCADA", "SB-WLD-DSW01", "S-SB-SCADA"),
    ("SB-PNT-OWS", 2, "Paint control room client", "ipc477", "SB-PNT", "SB-Z-SUP", 2021, "S-SB-PNT", "SB-PNT-DSW01", "S-SB-PNT"),
    ("SB-PRS-ES", 2, "Stahlbach engineering station", "t30", "SB-PRS", "SB-Z-SUP", 2023, "", "SB-PRS-DSW01", ""),
    ("SB-QLB-WS", 2, "Measuring room PC", "win7pc", "SB-QLB", "SB-Z-QLB", 2013, "S-SB-CMM", "SB-QLB-ASW01", ""),
    ("SB-QLB-CMM", 2, "Coordinate measuring machine", "cmm", "SB-QLB", "SB-Z-QLB", 2013, "S-SB-CMM", "SB-QLB-ASW01", ""),
)  # fmt: skip
# prefix, how many, name, location, zone, switch: cameras belong to no system
CAMERAS = (
    ("NF-FIL-CAM", 5, "Filling hall camera", "NF-FIL", "NF-Z-INF", "NF-FIL-DSW02"),
    ("NF-WHS-CAM", 4, "Warehouse camera", "NF-WHS", "NF-Z-INF", "NF-WHS-ASW01"),
    ("SB-PRS-CAM", 4, "Press shop camera", "SB-PRS", "SB-Z-INF", "SB-PRS-DSW01"),
    ("SB-ASM-CAM", 3, "Assembly camera", "SB-ASM", "SB-Z-INF", "SB-ASM-DSW01"),
)  # fmt: skip
TERMINAL_LINES = {
    "NF-FIL": "NF-FIL-DSW01", "SB-PRS": "SB-PRS-DSW01", "SB-WLD": "SB-WLD-DSW01",
    "SB-PNT": "SB-PNT-DSW01", "SB-ASM": "SB-ASM-DSW01", "SB-MCH": "SB-MCH-DSW01",
}  # fmt: skip


def write_clients(plant: Plant) -> None:
    """PCs, printers and instruments."""
    for prefix, count, name, product, place, zone, year, system, switch, needs in GROUPS:
        for number in range(1, count + 1):
            title = f"{name} {number}" if count > 1 else name
            code = plant.asset(plant.number(prefix), title, product, location=place, zone=zone,
                               subnet=SUBNETS[zone], year=year, system=system)  # fmt: skip
            plant.link(code, "connects_via", switch, "Ethernet")
            if needs:
                plant.link(code, "depends_on", needs)
    for number in (1, 2):
        plant.link(f"SB-QLB-WS0{number}", "controls", f"SB-QLB-CMM0{number}", "I++ DME")
        plant.link("S-SB-CMM", "runs_on", f"SB-QLB-WS0{number}", group="Measuring PCs", need=1)
    for number in (1, 2):
        plant.link_group(f"SB-PRS-ES0{number}", "depends_on", ["SB-LIC-VM01", "SB-SRB-SRV04"],
                         "Licence servers", None, "FlexLM")  # fmt: skip
    plant.link("NF-LAB-GC01", "feeds_data", "S-NF-LIMS", "SMB", data_model="Chromatogram")
    for number in (1, 2, 3, 4):
        plant.link("S-NF-LBL", "feeds_data", f"NF-WHS-LPR0{number}", "TCP 9100")


def write_cameras(plant: Plant) -> None:
    """Cameras, recorded nowhere in particular."""
    for prefix, count, name, place, zone, switch in CAMERAS:
        for number in range(1, count + 1):
            code = plant.asset(plant.number(prefix), f"{name} {number}", "axis", location=place,
                               zone=zone, subnet=SUBNETS[zone], year=2020)  # fmt: skip
            plant.link(code, "connects_via", switch, "PoE Ethernet")


def write_terminals(plant: Plant, lines: dict[str, Built]) -> None:
    """One MES terminal at each production line."""
    for code, built in lines.items():
        area, site = code.rsplit("-", 1)[0], code[:2]
        if area not in TERMINAL_LINES:
            continue
        zone = f"{site}-Z-OPS"
        terminal = plant.asset(f"{code}-TRM01", f"{built.line.short} MES terminal", "ipc477",
                               location=code, zone=zone, subnet=SUBNETS[zone], year=2019,
                               system=f"S-{site}-MES", function="Orders and down-time reasons")  # fmt: skip
        plant.link(terminal, "connects_via", TERMINAL_LINES[area], "Ethernet")
        plant.link(terminal, "depends_on", f"S-{site}-MES", "HTTPS")


def write_handhelds(plant: Plant) -> None:
    """Hand-held terminals: how many access points the high bay needs nobody has declared."""
    points = [f"NF-WHS-AP{n:02d}" for n in range(1, 9)]
    for number in range(1, 15):
        code = plant.asset(f"NF-WHS-HHT{number:02d}", f"Warehouse hand-held terminal {number}",
                           "tc52", location="NF-WHS", zone="NF-Z-WLN", subnet="10.20.61",
                           year=2022, system="S-NF-WMS")  # fmt: skip
        heard = [points[(number + step) % 8] for step in (0, 2, 4, 5)]
        plant.link_group(code, "depends_on", heard, "Radio coverage", None, "Wi-Fi")
        plant.link(code, "depends_on", "S-NF-WMS", "HTTPS")
    for number in range(1, 7):
        code = plant.asset(f"SB-ASM-HHT{number:02d}", f"Assembly hand-held scanner {number}", "ds3678",
                           location="SB-ASM", zone="SB-Z-WLN", subnet="10.40.61", year=2021,
                           system="S-SB-MES")  # fmt: skip
        heard = [f"SB-ASM-AP0{n}" for n in (1, 2, 3)]
        plant.link_group(code, "connects_via", heard, "Radio coverage", 1, "Wi-Fi")


def write_offices(plant: Plant, lines: dict[str, Built]) -> None:
    """The whole chapter."""
    write_clients(plant)
    write_cameras(plant)
    write_terminals(plant, lines)
    write_handhelds(plant)
