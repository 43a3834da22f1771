"""The plant networks: core, distribution, firewalls, wide area, wireless, time.

Northfield has two core switches, but not everything is patched to both. Stahlbach has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_plant.places import SUBNETS

if TYPE_CHECKING:
    from demo_plant.book import Plant
    from demo_plant.equipment import Built

NF_CORE, NF_BACKUP, SB_CORE = "NF-NET-CSW01", "NF-NET-CSW02", "SB-NET-CSW01"
BOTH = (NF_CORE, NF_BACKUP)

# code, name, product, location, zone, year, uplinks
SWITCHES: tuple[tuple[str, str, str, str, str, int, tuple[str, ...]], ...] = (
    (NF_CORE, "Northfield core switch", "c9500", "NF-SRA", "NF-Z-INF", 2020, ()),
    (NF_BACKUP, "Northfield backup core", "c9500", "NF-SRB", "NF-Z-INF", 2021, ()),
    ("NF-SRA-TOR01", "Server room A rack switch", "c9300", "NF-SRA", "NF-Z-INF", 2020, BOTH),
    ("NF-SRB-TOR01", "Server room B rack switch", "c9300", "NF-SRB", "NF-Z-INF", 2021, BOTH),
    ("NF-FIL-DSW01", "Filling hall distribution 1", "c9300", "NF-FIL", "NF-Z-INF", 2020, BOTH),
    ("NF-FIL-DSW02", "Filling hall distribution 2", "c9300", "NF-FIL", "NF-Z-INF", 2020, BOTH),
    ("NF-SYR-DSW01", "Syrup room distribution", "c9300", "NF-SYR", "NF-Z-INF", 2020, BOTH),
    ("NF-PAL-DSW01", "Palletising distribution", "c9300", "NF-PAL", "NF-Z-INF", 2020, BOTH),
    ("NF-UTL-DSW01", "Utilities distribution", "c9300", "NF-UTL", "NF-Z-INF", 2020, BOTH),
    ("NF-WHS-DSW01", "Warehouse distribution", "c2960x", "NF-WHS", "NF-Z-INF", 2015, (NF_CORE,)),
    ("NF-WHS-ASW01", "Warehouse access switch docks", "c2960x", "NF-WHS", "NF-Z-INF", 2015, ("NF-WHS-DSW01",)),
    ("NF-FIL-ASW03", "Mezzanine access switch", "ie3400", "NF-FIL", "NF-Z-INF", 2019, (NF_CORE,)),
    ("NF-LAB-ASW01", "Laboratory access switch", "c9300", "NF-LAB", "NF-Z-INF", 2020, (NF_BACKUP,)),
    ("NF-ADM-ASW01", "Office access switch ground floor", "c2960x", "NF-ADM", "NF-Z-ENT", 2016, (NF_CORE,)),
    ("NF-ADM-ASW02", "Office access switch first floor", "c2960x", "NF-ADM", "NF-Z-ENT", 2016, (NF_CORE,)),
    (SB_CORE, "Stahlbach core switch", "c9500", "SB-SRA", "SB-Z-INF", 2019, ()),
    ("SB-SRA-TOR01", "Data room rack switch", "c9300", "SB-SRA", "SB-Z-INF", 2019, (SB_CORE,)),
    ("SB-SRB-ASW01", "Press shop data room switch", "c9300", "SB-SRB", "SB-Z-INF", 2019, (SB_CORE,)),
    ("SB-PRS-DSW01", "Press shop distribution", "c9300", "SB-PRS", "SB-Z-INF", 2019, (SB_CORE,)),
    ("SB-WLD-DSW01", "Body welding distribution", "c9300", "SB-WLD", "SB-Z-INF", 2019, (SB_CORE,)),
    ("SB-MCH-DSW01", "Machining distribution", "c2960x", "SB-MCH", "SB-Z-INF", 2015, (SB_CORE,)),
    ("SB-PNT-DSW01", "Paint shop distribution", "c2960x", "SB-PNT", "SB-Z-INF", 2015, (SB_CORE,)),
    ("SB-ASM-DSW01", "Assembly distribution", "c9300", "SB-ASM", "SB-Z-INF", 2019, (SB_CORE,)),
    ("SB-UTL-DSW01", "Utilities distribution Stahlbach", "c2960x", "SB-UTL", "SB-Z-INF", 2014, (SB_CORE,)),
    ("SB-QLB-ASW01", "Measuring room access switch", "c2960x", "SB-QLB", "SB-Z-INF", 2015, (SB_CORE,)),
    ("SB-ADM-ASW01", "Office access switch Stahlbach", "c2960x", "SB-ADM", "SB-Z-ENT", 2015, (SB_CORE,)),
    ("HW-NET-SW01", "Group data centre switch 1", "c9500", "HW", "HW-Z-ENT", 2021, ()),
    ("HW-NET-SW02", "Group data centre switch 2", "c9500", "HW", "HW-Z-ENT", 2021, ()),
)  # fmt: skip

# code, name, product, location, zone, year, what it connects via
EDGES: tuple[tuple[str, str, str, str, str, int, str], ...] = (
    ("NF-DMZ-FW01", "Northfield OT firewall 1", "fg200", "NF-SRA", "NF-Z-DMZ", 2021, NF_CORE),
    ("NF-DMZ-FW02", "Northfield OT firewall 2", "fg200", "NF-SRB", "NF-Z-DMZ", 2021, NF_BACKUP),
    ("NF-NET-RTR01", "Northfield WAN router 1", "isr4331", "NF-SRA", "NF-Z-ENT", 2018, NF_CORE),
    ("NF-NET-RTR02", "Northfield WAN router 2", "isr4331", "NF-SRB", "NF-Z-ENT", 2018, NF_BACKUP),
    ("SB-DMZ-FW01", "Stahlbach OT firewall", "fgr60", "SB-SRA", "SB-Z-DMZ", 2020, SB_CORE),
    ("SB-NET-RTR01", "Stahlbach WAN router 1", "isr4331", "SB-SRA", "SB-Z-ENT", 2018, SB_CORE),
    ("SB-NET-RTR02", "Stahlbach WAN router 2", "isr4331", "SB-SRB", "SB-Z-ENT", 2018, SB_CORE),
    ("SB-PRS-FW01", "Press shop cell firewall", "eagle40", "SB-PRS", "SB-Z-PRS", 2021, "SB-PRS-DSW01"),
    ("HW-NET-RTR01", "Group WAN router 1", "isr4331", "HW", "HW-Z-ENT", 2019, "HW-NET-SW01"),
    ("HW-NET-RTR02", "Group WAN router 2", "isr4331", "HW", "HW-Z-ENT", 2019, "HW-NET-SW02"),
    ("HW-DMZ-FW01", "Group firewall 1", "fg200", "HW", "HW-Z-DMZ", 2021, "HW-NET-SW01"),
    ("HW-DMZ-FW02", "Group firewall 2", "fg200", "HW", "HW-Z-DMZ", 2021, "HW-NET-SW02"),
)  # fmt: skip

# area, access points, their switch
ACCESS_POINTS = (
    ("NF-WHS", 8, "NF-WHS-DSW01"), ("NF-FIL", 4, "NF-FIL-DSW02"), ("NF-ADM", 2, "NF-ADM-ASW02"),
    ("SB-PRS", 2, "SB-PRS-DSW01"), ("SB-WLD", 2, "SB-WLD-DSW01"), ("SB-ASM", 3, "SB-ASM-DSW01"),
    ("SB-ADM", 2, "SB-ADM-ASW01"),
)  # fmt: skip
ROOM_POWER = {
    "NF-SRA": ("NF-SRA-PDU01", "NF-SRA-PDU02"), "NF-SRB": ("NF-SRB-PDU01", "NF-SRB-PDU02"),
    "SB-SRA": ("SB-SRA-PDU01", "SB-SRA-PDU02"), "SB-SRB": ("SB-SRB-PDU01",),
    "HW": ("HW-DC-PDU01", "HW-DC-PDU02"),
}  # fmt: skip


def network_of(location: str) -> str:
    """The network service an item of a site belongs to."""
    return f"S-{location[:2]}-NET"


def feed(plant: Plant, code: str, room: str) -> None:
    """Power from the PDUs of a room: two supplies where there are two PDUs."""
    pdus = ROOM_POWER.get(room, ())
    if len(pdus) == 2:
        plant.link_group(code, "powered_by", pdus, "Power supplies", 1)
    elif pdus:
        plant.link(code, "powered_by", pdus[0])


def write_switches(plant: Plant) -> None:
    """Core, distribution and access switches with their uplinks and power."""
    for code, name, product, place, zone, year, uplinks in SWITCHES:
        plant.asset(code, name, product, location=place, zone=zone, subnet=SUBNETS[zone],
                    year=year, system=network_of(place), function=switch_function(code))  # fmt: skip
        feed(plant, code, place)
        if len(uplinks) == 2:
            plant.link_group(code, "connects_via", uplinks, "Uplinks", 1, "802.1Q trunk")
        elif uplinks:
            plant.link(code, "connects_via", uplinks[0], "802.1Q trunk")
    for site, cores in (("NF", BOTH), ("HW", ("HW-NET-SW01", "HW-NET-SW02"))):
        for core in cores:
            plant.link(core, "member_of", f"S-{site}-NET", group="Core switches", need=1)
    plant.link(SB_CORE, "member_of", "S-SB-NET")


def switch_function(code: str) -> str:
    """What a switch is for, by its code."""
    if "-CSW" in code or code.startswith("HW"):
        return "Core switch; default gateway of the VLANs"
    return {"D": "Distribution switch", "T": "Rack switch"}.get(code[7], "Access switch")


def write_edges(plant: Plant) -> None:
    """Firewalls and routers, and who reaches whom through them."""
    for code, name, product, place, zone, year, via in EDGES:
        plant.asset(code, name, product, location=place, zone=zone, subnet=edge_subnet(code, zone),
                    year=year, system=network_of(place))  # fmt: skip
        plant.link(code, "connects_via", via, "Ethernet")
        feed(plant, code, place)
    for site in ("NF", "SB"):
        for number in (1, 2):
            plant.link_group(f"{site}-NET-RTR0{number}", "connects_via",
                             ["HW-NET-RTR01", "HW-NET-RTR02"], "WAN", 1, "MPLS")  # fmt: skip
        plant.asset(f"{site}-DMZ-SW01", f"{plant_name(site)} DMZ switch", "c9300",
                    location=f"{site}-SRA", zone=f"{site}-Z-DMZ", subnet=SUBNETS[f"{site}-Z-DMZ"],
                    year=2021, system=f"S-{site}-NET", function="Access switch")  # fmt: skip
        feed(plant, f"{site}-DMZ-SW01", f"{site}-SRA")
    plant.link_group("NF-DMZ-SW01", "connects_via", ["NF-DMZ-FW01", "NF-DMZ-FW02"],
                     "Firewall pair", 1, "Ethernet")  # fmt: skip
    plant.link("SB-DMZ-SW01", "connects_via", "SB-DMZ-FW01", "Ethernet")


def edge_subnet(code: str, zone: str) -> str:
    """The cell firewall sits in the subnet of press line 2."""
    return "10.40.102" if code == "SB-PRS-FW01" else SUBNETS[zone]


def plant_name(site: str) -> str:
    """A site's name."""
    return {"NF": "Northfield", "SB": "Stahlbach"}[site]


def write_wireless(plant: Plant) -> None:
    """Most access points at Northfield restart without their controller; the newer ones carry on."""
    for site, core in (("NF", NF_CORE), ("SB", SB_CORE)):
        plant.asset(f"{site}-NET-WLC01", f"{plant_name(site)} wireless controller", "c9800",
                    location=f"{site}-SRA", zone=f"{site}-Z-INF", subnet=SUBNETS[f"{site}-Z-INF"],
                    year=2021, system=f"S-{site}-NET")  # fmt: skip
        feed(plant, f"{site}-NET-WLC01", f"{site}-SRA")
        plant.link(f"{site}-NET-WLC01", "depends_on", core, "LACP",
                   note="Both links of the controller end on this switch.")  # fmt: skip
    for area, count, switch in ACCESS_POINTS:
        zone = f"{area[:2]}-Z-{'ENT' if area.endswith('ADM') else 'WLN'}"
        for number in range(1, count + 1):
            code = plant.asset(f"{area}-AP{number:02d}", f"{AREA_WORDS[area]} access point {number}",
                               "c9120", location=area, zone=zone, subnet=SUBNETS[zone], year=2021,
                               system=network_of(area))  # fmt: skip
            plant.link(code, "connects_via", switch, "PoE Ethernet")
            if area[:2] == "NF" and not (area == "NF-WHS" and number > 4):
                plant.link(code, "depends_on", "NF-NET-WLC01", "CAPWAP",
                           note="Local mode: clients drop when the controller is away.")  # fmt: skip
            else:
                plant.link(
                    f"{area[:2]}-NET-WLC01", "feeds_data", code, "CAPWAP", note="FlexConnect"
                )


AREA_WORDS = {
    "NF-WHS": "Warehouse", "NF-FIL": "Filling hall", "NF-ADM": "Office Northfield",
    "SB-PRS": "Press shop", "SB-WLD": "Welding", "SB-ASM": "Assembly", "SB-ADM": "Office Stahlbach",
}  # fmt: skip


def write_time(plant: Plant) -> None:
    """One time server a site; without it stamps drift and the historian's data lose their order."""
    for site, core in (("NF", NF_CORE), ("SB", SB_CORE)):
        code = plant.asset(f"{site}-NET-NTP01", f"{plant_name(site)} time server", "m300",
                           location=f"{site}-SRA", zone=f"{site}-Z-INF",
                           subnet=SUBNETS[f"{site}-Z-INF"], year=2018,
                           system=f"S-{site}-NET")  # fmt: skip
        plant.link(code, "connects_via", core, "Ethernet")
        feed(plant, code, f"{site}-SRA")
        for system in ("HIST", "SCADA", "MES"):
            plant.link(code, "feeds_data", f"S-{site}-{system}", "NTP")


def write_line_uplinks(plant: Plant, lines: dict[str, Built]) -> None:
    """The root of each ring and the gateway of each line reach the distribution of their area."""
    for code, built in lines.items():
        area = code.rsplit("-", 1)[0]
        switches = [f"{area}-DSW01"] + ([f"{area}-DSW02"] if area == "NF-FIL" else [])
        plant.link(
            built.ring[0], "connects_via", switches[0], "Ethernet", group="Ring paths", need=1
        )
        if len(switches) == 2:
            plant.link(
                built.ring[1], "connects_via", switches[1], "Ethernet", group="Ring paths", need=1
            )
            plant.link_group(built.gateway, "connects_via", switches, "Distribution", 1, "MQTT")
        else:
            plant.link(built.gateway, "connects_via", switches[0], "MQTT")
    plant.link("SB-PRS-L2-GW01", "connects_via", "SB-PRS-FW01", "MQTT")


def write_networks(plant: Plant, lines: dict[str, Built]) -> None:
    """The whole chapter."""
    write_switches(plant)
    write_edges(plant)
    write_wireless(plant)
    write_time(plant)
    write_line_uplinks(plant, lines)
