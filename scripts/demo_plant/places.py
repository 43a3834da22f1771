"""Where things stand: the ISA-95 tree, and the IEC 62443 zones and conduits with their subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo_plant.book import Plant

ROOT = "HW"
SITES = {
    "NF": ("Northfield", "Europe/Dublin", "Northfield Business Park 4, Dundalk, Ireland"),
    "SB": ("Stahlbach", "Europe/Berlin", "Am Hammerwerk 12, 57439 Stahlbach, Germany"),
}

AREAS = (
    ("NF-SYR", "Syrup room and blending"),
    ("NF-FIL", "Filling hall"),
    ("NF-PAL", "Palletising hall"),
    ("NF-WHS", "High-bay warehouse"),
    ("NF-UTL", "Utilities Northfield"),
    ("NF-LAB", "Quality laboratory"),
    ("NF-SRA", "Server room A"),
    ("NF-SRB", "Server room B"),
    ("NF-ADM", "Administration Northfield"),
    ("SB-PRS", "Press shop"),
    ("SB-WLD", "Body welding"),
    ("SB-MCH", "Machining"),
    ("SB-PNT", "Paint shop"),
    ("SB-ASM", "Final assembly"),
    ("SB-UTL", "Utilities Stahlbach"),
    ("SB-QLB", "Measuring room"),
    ("SB-SRA", "Data room main building"),
    ("SB-SRB", "Data room press shop"),
    ("SB-ADM", "Administration Stahlbach"),
)

CONTROL_ZONES = {
    "NF": ("SYR", "FIL", "PAL", "WHS", "UTL"),
    "SB": ("PRS", "WLD", "MCH", "PNT", "ASM", "UTL"),
}

# code: name, level, SL target, SL capable, SL achieved, what it holds
HW_ZONES = (
    ("HW-Z-ENT", "Group data centre", "4", "2,2,2,2,2,2,2", "3,3,3,3,2,3,3", "2,2,2,2,2,2,2",
     "Business applications of the group, 10.10.10.0/24."),
    ("HW-Z-DMZ", "Group access DMZ", "3.5", "3,3,3,2,3,3,2", "3,3,3,3,3,3,3", "3,3,2,2,3,2,2",
     "Remote access broker and data exchange for both plants, 10.10.30.0/24."),
    ("HW-Z-INT", "Partners and Internet services", "5", "2,2,2,2,3,2,1", "2,2,2,2,3,2,2",
     "2,2,1,2,2,2,1", "Cloud services and maker portals reached over the Internet."),
)  # fmt: skip

# suffix: name, level, safety, SL target, SL capable, SL achieved, what it holds
PLANT_ZONES = (
    ("ENT", "plant office network", "4", False, "1,1,1,1,1,1,1", "2,2,2,2,2,2,2", "1,1,1,1,1,1,1",
     "Office clients, printers, telephones."),
    ("DMZ", "industrial DMZ", "3.5", False, "3,3,3,2,3,3,2", "3,3,3,3,3,3,3", "3,2,2,2,3,2,2",
     "Jump host, patch and file exchange, replica of the historian."),
    ("OPS", "site operations", "3", False, "2,2,2,1,2,2,2", "2,2,2,2,2,2,2", "2,2,1,1,2,1,2",
     "MES, historian and what plans and follows production."),
    ("INF", "OT infrastructure", "3", False, "3,3,2,2,2,2,2", "3,3,3,2,3,3,2", "2,2,2,2,2,1,2",
     "Hypervisors, storage, plant switches and their management."),
    ("SUP", "supervisory control", "2", False, "2,2,2,1,2,2,3", "2,2,2,2,2,2,3", "2,1,2,1,2,1,2",
     "SCADA servers and control-room clients."),
    ("WLN", "industrial wireless", "2", False, "2,2,2,2,2,2,1", "3,3,2,3,2,2,1", "2,2,2,2,2,1,1",
     "Access points, hand-held terminals and forklift terminals."),
    ("FLD", "field devices", "0", False, "1,1,1,0,1,1,2", "1,1,1,1,1,1,2", "1,0,1,0,1,0,2",
     "Drives, sensors, vision and weighing behind the machine controllers."),
    ("SAF", "safety", "1", True, "3,3,3,1,3,2,3", "3,3,3,2,3,2,3", "3,2,3,1,3,1,3",
     "Safety controllers; engineering access by key switch only."),
)  # fmt: skip
CONTROL_SL = ("2,2,2,1,2,1,3", "2,2,2,1,2,2,3", "1,1,2,1,2,1,2")

SUBNETS = {
    "HW-Z-ENT": "10.10.10", "HW-Z-DMZ": "10.10.30", "HW-Z-INT": "",
    "NF-Z-ENT": "10.20.10", "NF-Z-DMZ": "10.20.30", "NF-Z-OPS": "10.20.40", "NF-Z-INF": "10.20.45",
    "NF-Z-LAB": "10.20.48", "NF-Z-SUP": "10.20.50", "NF-Z-WLN": "10.20.60", "NF-Z-SAF": "10.20.99",
    "SB-Z-ENT": "10.40.10", "SB-Z-DMZ": "10.40.30", "SB-Z-OPS": "10.40.40", "SB-Z-INF": "10.40.45",
    "SB-Z-SUP": "10.40.50", "SB-Z-WLN": "10.40.60", "SB-Z-SAF": "10.40.99", "SB-Z-QLB": "10.40.48",
}  # fmt: skip


def write_places(plant: Plant) -> None:
    """The tree down to areas; lines and cells are written with their machines."""
    plant.add(
        "locations", code=ROOT, name="Halden Works Group", level="enterprise",
        time_zone="Europe/Berlin", address="Rheinuferpark 3, 50996 Cologne, Germany",
    )  # fmt: skip
    for code, (name, zone, address) in SITES.items():
        plant.add("locations", code=code, name=name, level="site", parent=ROOT,
                  time_zone=zone, address=address)  # fmt: skip
    for code, name in AREAS:
        plant.add("locations", code=code, name=name, level="area", parent=code[:2],
                  time_zone=SITES[code[:2]][1])  # fmt: skip


def write_zones(plant: Plant) -> None:
    """Fifteen zones at a site, three of the group."""
    for code, name, level, target, capable, achieved, text in HW_ZONES:
        plant.add("zones", code=code, name=name, site=ROOT, purdue_level=level, is_safety=False,
                  sl_target=target, sl_capable=capable, sl_achieved=achieved,
                  description=text)  # fmt: skip
    for site, (site_name, _, _) in SITES.items():
        for suffix, name, level, safety, target, capable, achieved, text in PLANT_ZONES:
            plant.add("zones", code=f"{site}-Z-{suffix}", name=f"{site_name} {name}", site=site,
                      purdue_level=level, is_safety=safety, sl_target=target, sl_capable=capable,
                      sl_achieved=achieved, description=text)  # fmt: skip
        for area in CONTROL_ZONES[site]:
            name = dict(AREAS)[f"{site}-{area}"]
            plant.add("zones", code=f"{site}-Z-{area}", name=f"{name} control", site=site,
                      purdue_level="1", is_safety=False, sl_target=CONTROL_SL[0],
                      sl_capable=CONTROL_SL[1], sl_achieved=CONTROL_SL[2],
                      description="Controllers, panels and ring switches of the lines.")  # fmt: skip
    write_quality_zones(plant)


def write_quality_zones(plant: Plant) -> None:
    """The laboratory and the measuring room: instruments with PCs that cannot be patched."""
    for code, name in (("NF-Z-LAB", "Laboratory"), ("SB-Z-QLB", "Measuring room")):
        plant.add("zones", code=code, name=f"{name} instruments", site=code[:2], purdue_level="3",
                  is_safety=False, sl_target="2,2,2,2,2,1,1", sl_capable="2,2,2,2,2,2,1",
                  sl_achieved="1,1,1,2,2,0,1",
                  description="Instruments whose PCs stay at the maker's patch level.")  # fmt: skip


BASE_CONDUITS = (
    ("ENT", "DMZ", "HTTPS;RDP;SMTP"),
    ("ENT", "INF", "IP transport;HTTPS;SNMP"),
    ("ENT", "WLN", "CAPWAP"),
    ("DMZ", "OPS", "HTTPS;PI-to-PI;WSUS;SMB"),
    ("DMZ", "INF", "HTTPS;SSH;RDP"),
    ("DMZ", "SUP", "RDP;HTTPS"),
    ("OPS", "INF", "IP transport;iSCSI;vMotion;NTP"),
    ("OPS", "SUP", "OPC UA;SQL;SuiteLink"),
    ("OPS", "WLN", "HTTPS;Telnet 5250"),
    ("SUP", "INF", "IP transport;NTP;SNMP"),
    ("WLN", "INF", "CAPWAP;IP transport"),
    ("SAF", "INF", "NTP"),
    ("SAF", "FLD", "PROFIsafe;CIP Safety"),
    ("SAF", "SUP", "OPC UA (read only)"),
)
HW_CONDUITS = (
    ("HW-Z-ENT", "HW-Z-DMZ", "HTTPS"),
    ("HW-Z-DMZ", "HW-Z-INT", "HTTPS;TLS tunnel"),
    ("HW-Z-ENT", "NF-Z-ENT", "HTTPS;RFC;Kerberos"),
    ("HW-Z-ENT", "SB-Z-ENT", "HTTPS;RFC;Kerberos"),
    ("HW-Z-ENT", "NF-Z-OPS", "HTTPS (IDoc);Kerberos"),
    ("HW-Z-ENT", "SB-Z-OPS", "HTTPS (IDoc);Kerberos"),
    ("HW-Z-ENT", "NF-Z-DMZ", "HTTPS;Syslog TLS"),
    ("HW-Z-ENT", "SB-Z-DMZ", "HTTPS;Syslog TLS"),
    ("HW-Z-ENT", "NF-Z-INF", "Veeam;Kerberos"),
    ("HW-Z-ENT", "SB-Z-INF", "Veeam;Kerberos"),
    ("HW-Z-DMZ", "NF-Z-DMZ", "TLS tunnel"),
    ("HW-Z-DMZ", "SB-Z-DMZ", "TLS tunnel"),
    ("HW-Z-ENT", "HW-Z-INT", "HTTPS"),
    ("NF-Z-LAB", "NF-Z-OPS", "HTTPS;SMB"),
    ("NF-Z-LAB", "NF-Z-INF", "IP transport"),
    ("NF-Z-FIL", "NF-Z-PAL", "PROFINET"),
    ("NF-Z-PAL", "NF-Z-WHS", "PROFINET"),
    ("NF-Z-SYR", "NF-Z-FIL", "PROFINET"),
    ("NF-Z-UTL", "NF-Z-FIL", "PROFINET"),
    ("SB-Z-QLB", "SB-Z-OPS", "HTTPS;SMB"),
    ("SB-Z-QLB", "SB-Z-INF", "IP transport"),
)


def write_conduits(plant: Plant) -> None:
    """Every declared crossing; the two that nobody declared are in flaws.py."""
    pairs = list(HW_CONDUITS)
    for site in SITES:
        pairs += [(f"{site}-Z-{a}", f"{site}-Z-{b}", p) for a, b, p in BASE_CONDUITS]
        for area in CONTROL_ZONES[site]:
            control = f"{site}-Z-{area}"
            pairs.append((f"{site}-Z-OPS", control, "OPC UA;HTTPS"))
            pairs.append((f"{site}-Z-SUP", control, "S7comm+;CIP;OPC UA"))
            pairs.append((f"{site}-Z-INF", control, "IP transport;NTP;SNMP"))
            pairs.append((control, f"{site}-Z-FLD", "PROFINET;EtherNet/IP;IO-Link"))
            pairs.append((control, f"{site}-Z-SAF", "PROFIsafe;CIP Safety"))
    names = {row["code"]: row["name"] for row in plant.rows["zones"]}
    for start, end, protocols in pairs:
        plant.add(
            "conduits", code=f"C-{start.replace('-Z', '')}-{end.replace('-Z', '')}",
            name=f"{names[start]} to {names[end]}", from_zone=start, to_zone=end,
            protocols=protocols,
        )  # fmt: skip
