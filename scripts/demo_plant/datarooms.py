"""The data rooms: power, hypervisors, storage, virtual machines and the few physical servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_plant.networks import feed
from demo_plant.places import SUBNETS

if TYPE_CHECKING:
    from demo_plant.book import Plant

# UPS: code, name, location, zone, year
UPSES = (
    ("NF-SRA-UPS01", "Server room A UPS 1", "NF-SRA", "NF-Z-INF", 2019),
    ("NF-SRA-UPS02", "Server room A UPS 2", "NF-SRA", "NF-Z-INF", 2019),
    ("NF-SRA-UPS03", "SCADA rack UPS", "NF-SRA", "NF-Z-INF", 2018),
    ("NF-SRB-UPS01", "Server room B UPS", "NF-SRB", "NF-Z-INF", 2021),
    ("SB-SRA-UPS01", "Data room UPS", "SB-SRA", "SB-Z-INF", 2017),
    ("SB-SRA-UPS02", "Data room second UPS", "SB-SRA", "SB-Z-INF", 2022),
    ("HW-DC-UPS01", "Group data centre UPS A", "HW", "HW-Z-ENT", 2021),
    ("HW-DC-UPS02", "Group data centre UPS B", "HW", "HW-Z-ENT", 2021),
)
# PDU: code, name, location, zone, year, UPS behind it
PDUS = (
    ("NF-SRA-PDU01", "Server room A PDU A", "NF-SRA", "NF-Z-INF", 2019, "NF-SRA-UPS01"),
    ("NF-SRA-PDU02", "Server room A PDU B", "NF-SRA", "NF-Z-INF", 2019, "NF-SRA-UPS02"),
    ("NF-SRB-PDU01", "Server room B PDU A", "NF-SRB", "NF-Z-INF", 2021, "NF-SRB-UPS01"),
    ("NF-SRB-PDU02", "Server room B PDU B", "NF-SRB", "NF-Z-INF", 2021, "NF-SRB-UPS01"),
    ("SB-SRA-PDU01", "Data room PDU A", "SB-SRA", "SB-Z-INF", 2017, "SB-SRA-UPS01"),
    ("SB-SRA-PDU02", "Data room PDU B", "SB-SRA", "SB-Z-INF", 2022, "SB-SRA-UPS02"),
    ("SB-SRB-PDU01", "Press shop data room PDU", "SB-SRB", "SB-Z-INF", 2017, "SB-SRA-UPS01"),
    ("HW-DC-PDU01", "Group data centre PDU A", "HW", "HW-Z-ENT", 2021, "HW-DC-UPS01"),
    ("HW-DC-PDU02", "Group data centre PDU B", "HW", "HW-Z-ENT", 2021, "HW-DC-UPS02"),
)
# machines: code, name, product, class, location, zone, year, system
MACHINES = (
    ("NF-SRA-HV01", "OT cluster host 1", "r750", "hypervisor-host", "NF-SRA", "NF-Z-INF", 2022, "S-NF-VIRT"),
    ("NF-SRA-HV02", "OT cluster host 2", "r750", "hypervisor-host", "NF-SRA", "NF-Z-INF", 2022, "S-NF-VIRT"),
    ("NF-SRB-HV03", "OT cluster host 3", "r750", "hypervisor-host", "NF-SRB", "NF-Z-INF", 2022, "S-NF-VIRT"),
    ("NF-SRB-HV04", "OT cluster host 4", "r750", "hypervisor-host", "NF-SRB", "NF-Z-INF", 2022, "S-NF-VIRT"),
    ("NF-SRA-HV09", "SCADA host", "dl380", "hypervisor-host", "NF-SRA", "NF-Z-INF", 2018, "S-NF-SCADA"),
    ("NF-SRA-STO01", "Northfield storage array A", "powerstore", "storage", "NF-SRA", "NF-Z-INF", 2022, "S-NF-VIRT"),
    ("NF-SRB-STO01", "Northfield storage array B", "powerstore", "storage", "NF-SRB", "NF-Z-INF", 2022, "S-NF-VIRT"),
    ("NF-SRB-NAS01", "Northfield backup store", "rs1221", "nas", "NF-SRB", "NF-Z-INF", 2020, "S-HW-BKP"),
    ("NF-SRB-SRV01", "Warehouse control server", "dl380", "server", "NF-SRB", "NF-Z-INF", 2017, "S-NF-WCS"),
    ("SB-SRA-HV01", "Stahlbach cluster host 1", "r750", "hypervisor-host", "SB-SRA", "SB-Z-INF", 2021, "S-SB-VIRT"),
    ("SB-SRA-HV02", "Stahlbach cluster host 2", "r750", "hypervisor-host", "SB-SRA", "SB-Z-INF", 2021, "S-SB-VIRT"),
    ("SB-SRA-HV03", "Stahlbach cluster host 3", "r750", "hypervisor-host", "SB-SRA", "SB-Z-INF", 2021, "S-SB-VIRT"),
    ("SB-SRA-STO01", "Stahlbach storage array", "msa2060", "storage", "SB-SRA", "SB-Z-INF", 2021, "S-SB-VIRT"),
    ("SB-SRB-NAS01", "Stahlbach backup store", "rs1221", "nas", "SB-SRB", "SB-Z-INF", 2019, "S-HW-BKP"),
    ("SB-SRA-SRV01", "WinCC server 1", "ipc847", "server", "SB-SRA", "SB-Z-SUP", 2018, "S-SB-SCADA"),
    ("SB-SRB-SRV02", "WinCC server 2", "ipc847", "server", "SB-SRB", "SB-Z-SUP", 2018, "S-SB-SCADA"),
    ("SB-SRB-SRV03", "Press line 2 historian server", "ipc847", "server", "SB-SRB", "SB-Z-SUP", 2018, "S-SB-PL2-HIST"),
    ("SB-SRB-SRV04", "Engineering licence server 2", "r350", "server", "SB-SRB", "SB-Z-INF", 2020, "S-HW-PLM"),
    ("HW-DC-HV01", "Group cluster host 1", "r750", "hypervisor-host", "HW", "HW-Z-ENT", 2022, "S-HW-VIRT"),
    ("HW-DC-HV02", "Group cluster host 2", "r750", "hypervisor-host", "HW", "HW-Z-ENT", 2022, "S-HW-VIRT"),
    ("HW-DC-HV03", "Group cluster host 3", "r750", "hypervisor-host", "HW", "HW-Z-ENT", 2022, "S-HW-VIRT"),
    ("HW-DC-STO01", "Group storage array", "powerstore", "storage", "HW", "HW-Z-ENT", 2022, "S-HW-VIRT"),
    ("HW-DC-STO02", "Group storage array mirror", "powerstore", "storage", "HW", "HW-Z-ENT", 2022, "S-HW-VIRT"),
)  # fmt: skip

CLUSTERS = {
    "NF": (("NF-SRA-HV01", "NF-SRA-HV02", "NF-SRB-HV03", "NF-SRB-HV04"), 2),
    "SB": (("SB-SRA-HV01", "SB-SRA-HV02", "SB-SRA-HV03"), 2),
    "HW": (("HW-DC-HV01", "HW-DC-HV02", "HW-DC-HV03"), 2),
}
NETWORK_OF_ROOM = {
    "NF-SRA": ("NF-SRA-TOR01", "NF-SRB-TOR01"), "NF-SRB": ("NF-SRB-TOR01", "NF-SRA-TOR01"),
    "SB-SRA": ("SB-SRA-TOR01",), "SB-SRB": ("SB-SRB-ASW01",), "HW": ("HW-NET-SW01", "HW-NET-SW02"),
}  # fmt: skip
STORAGE = {
    "NF": ("NF-SRA-STO01", "NF-SRB-STO01"), "HW": ("HW-DC-STO01", "HW-DC-STO02"),
}  # fmt: skip

# virtual machines: code, name, operating system, zone, system
VIRTUAL = (
    ("NF-MES-APP01", "MES application server 1", "ws2022", "NF-Z-OPS", "S-NF-MES"),
    ("NF-MES-APP02", "MES application server 2", "ws2022", "NF-Z-OPS", "S-NF-MES"),
    ("NF-MES-DB01", "MES database server", "ws2022", "NF-Z-OPS", "S-NF-MES"),
    ("NF-HIS-VM01", "PI data archive 1", "ws2019", "NF-Z-OPS", "S-NF-HIST"),
    ("NF-HIS-VM02", "PI data archive 2", "ws2019", "NF-Z-OPS", "S-NF-HIST"),
    ("NF-HIS-VM03", "PI asset framework", "ws2019", "NF-Z-OPS", "S-NF-HIST"),
    ("NF-LIM-VM01", "LIMS server", "ws2019", "NF-Z-OPS", "S-NF-LIMS"),
    ("NF-WMS-VM01", "WMS application server", "rhel8", "NF-Z-OPS", "S-NF-WMS"),
    ("NF-WMS-VM02", "WMS database server", "rhel8", "NF-Z-OPS", "S-NF-WMS"),
    ("NF-LBL-VM01", "Label server", "ws2019", "NF-Z-OPS", "S-NF-LBL"),
    ("NF-QMS-VM01", "SPC server", "ws2019", "NF-Z-OPS", "S-NF-QMS"),
    ("NF-EMS-VM01", "Energy monitoring server", "ws2012", "NF-Z-OPS", "S-NF-EMS"),
    ("NF-FIS-VM01", "Recipe file server", "ws2012", "NF-Z-OPS", "S-NF-FILE"),
    ("NF-BAT-VM01", "Batch server 1", "ws2019", "NF-Z-SUP", "S-NF-BATCH"),
    ("NF-BAT-VM02", "Batch server 2", "ws2019", "NF-Z-SUP", "S-NF-BATCH"),
    ("NF-DOM-VM01", "OT domain controller 1", "ws2022", "NF-Z-INF", "S-HW-IAM"),
    ("NF-DOM-VM02", "OT domain controller 2", "ws2022", "NF-Z-INF", "S-HW-IAM"),
    ("NF-VCM-VM01", "vCenter Northfield", "rhel8", "NF-Z-INF", "S-NF-VIRT"),
    ("NF-MON-VM01", "Network monitoring", "rhel8", "NF-Z-INF", "S-NF-NET"),
    ("NF-BKP-VM01", "Backup proxy Northfield", "ws2022", "NF-Z-INF", "S-HW-BKP"),
    ("NF-OPC-VM01", "OPC UA aggregation server", "ws2019", "NF-Z-SUP", "S-NF-SCADA"),
    ("NF-ENG-VM01", "Engineering server (TIA multiuser)", "ws2019", "NF-Z-SUP", "S-NF-FILE"),
    ("NF-DMZ-JMP01", "Jump host Northfield", "ws2022", "NF-Z-DMZ", "S-HW-RAS"),
    ("NF-DMZ-UPD01", "Patch server Northfield", "ws2022", "NF-Z-DMZ", "S-NF-NET"),
    ("NF-DMZ-HIS01", "PI replica for the business", "ws2019", "NF-Z-DMZ", "S-NF-HIST"),
    ("NF-DMZ-SFT01", "File exchange Northfield", "rhel8", "NF-Z-DMZ", "S-NF-FILE"),
    ("SB-MES-APP01", "HYDRA application server", "ws2022", "SB-Z-OPS", "S-SB-MES"),
    ("SB-MES-DB01", "HYDRA database server", "ws2022", "SB-Z-OPS", "S-SB-MES"),
    ("SB-HIS-VM01", "Plant historian server", "ws2019", "SB-Z-OPS", "S-SB-HIST"),
    ("SB-QMS-VM01", "Quality server", "ws2019", "SB-Z-OPS", "S-SB-QMS"),
    ("SB-DNC-VM01", "DNC server", "ws2012", "SB-Z-OPS", "S-SB-DNC"),
    ("SB-EMS-VM01", "Energy server Stahlbach", "ws2019", "SB-Z-OPS", "S-SB-EMS"),
    ("SB-SEQ-VM01", "Sequence broadcast server", "rhel8", "SB-Z-OPS", "S-SB-SEQ"),
    ("SB-PNT-VM01", "Ignition gateway 1", "rhel8", "SB-Z-SUP", "S-SB-PNT"),
    ("SB-PNT-VM02", "Ignition gateway 2", "rhel8", "SB-Z-SUP", "S-SB-PNT"),
    ("SB-DOM-VM01", "Domain controller Stahlbach 1", "ws2022", "SB-Z-INF", "S-HW-IAM"),
    ("SB-DOM-VM02", "Domain controller Stahlbach 2", "ws2022", "SB-Z-INF", "S-HW-IAM"),
    ("SB-LIC-VM01", "Engineering licence server 1", "ws2019", "SB-Z-INF", "S-HW-PLM"),
    ("SB-BKP-VM01", "Backup proxy Stahlbach", "ws2022", "SB-Z-INF", "S-HW-BKP"),
    ("SB-MON-VM01", "Network monitoring Stahlbach", "rhel8", "SB-Z-INF", "S-SB-NET"),
    ("SB-VCM-VM01", "vCenter Stahlbach", "rhel8", "SB-Z-INF", "S-SB-VIRT"),
    ("SB-DMZ-JMP01", "Jump host Stahlbach", "ws2022", "SB-Z-DMZ", "S-HW-RAS"),
    ("SB-DMZ-UPD01", "Patch server Stahlbach", "ws2019", "SB-Z-DMZ", "S-SB-NET"),
    ("HW-ERP-VM01", "S/4HANA application server 1", "rhel8", "HW-Z-ENT", "S-HW-ERP"),
    ("HW-ERP-VM02", "S/4HANA application server 2", "rhel8", "HW-Z-ENT", "S-HW-ERP"),
    ("HW-ERP-DB01", "S/4HANA database", "rhel8", "HW-Z-ENT", "S-HW-ERP"),
    ("HW-INT-VM01", "Process Orchestration server", "ws2019", "HW-Z-ENT", "S-HW-INT"),
    ("HW-PLM-VM01", "Teamcenter server", "ws2022", "HW-Z-ENT", "S-HW-PLM"),
    ("HW-PBI-VM01", "Report server", "ws2022", "HW-Z-ENT", "S-HW-BI"),
    ("HW-DOM-VM01", "Group domain controller 1", "ws2022", "HW-Z-ENT", "S-HW-IAM"),
    ("HW-DOM-VM02", "Group domain controller 2", "ws2022", "HW-Z-ENT", "S-HW-IAM"),
    ("HW-BKP-VM01", "Backup server", "ws2022", "HW-Z-ENT", "S-HW-BKP"),
    ("HW-EAM-VM01", "Maximo server", "rhel8", "HW-Z-ENT", "S-HW-EAM"),
    ("HW-SEC-VM01", "Splunk indexer 1", "rhel8", "HW-Z-ENT", "S-HW-SIEM"),
    ("HW-SEC-VM02", "Splunk indexer 2", "rhel8", "HW-Z-ENT", "S-HW-SIEM"),
    ("HW-RAS-VM01", "Remote access broker", "rhel8", "HW-Z-DMZ", "S-HW-RAS"),
    ("HW-IOT-VM01", "ThingWorx server", "ws2019", "HW-Z-ENT", "S-HW-IIOT"),
)  # fmt: skip
# Servers that a system needs together or instead of each other: group name and k.
SHARED = {
    "S-NF-MES": (("NF-MES-APP01", "NF-MES-APP02"), "Application servers", 1),
    "S-NF-HIST": (("NF-HIS-VM01", "NF-HIS-VM02"), "PI collective", 1),
    "S-NF-BATCH": (("NF-BAT-VM01", "NF-BAT-VM02"), "Batch servers", 1),
    "S-NF-SCADA": (("NF-SCA-VM01", "NF-SCA-VM02"), "SCADA servers", 1),
    "S-SB-SCADA": (("SB-SRA-SRV01", "SB-SRB-SRV02"), "WinCC redundancy", 1),
    "S-SB-PNT": (("SB-PNT-VM01", "SB-PNT-VM02"), "Ignition redundancy", 1),
    "S-HW-ERP": (("HW-ERP-VM01", "HW-ERP-VM02"), "Application servers", 1),
    "S-HW-IAM": (("HW-DOM-VM01", "HW-DOM-VM02", "NF-DOM-VM01", "NF-DOM-VM02", "SB-DOM-VM01", "SB-DOM-VM02"),
                 "Domain controllers", 2),
    "S-HW-SIEM": (("HW-SEC-VM01", "HW-SEC-VM02"), "Indexers", None),
}  # fmt: skip
SINGLE_FEED = {"NF-SRA-HV09": "NF-SRA-UPS03", "SB-SRA-SRV01": "SB-SRA-PDU01"}
NOT_NEEDED = {  # servers beside the system: without them it still does its work
    "NF-DMZ-HIS01", "NF-OPC-VM01", "NF-ENG-VM01", "NF-DMZ-SFT01", "SB-LIC-VM01",
    "NF-DMZ-JMP01", "SB-DMZ-JMP01", "NF-DMZ-UPD01", "SB-DMZ-UPD01", "NF-MON-VM01", "SB-MON-VM01",
    "NF-VCM-VM01", "SB-VCM-VM01", "NF-BKP-VM01", "SB-BKP-VM01",
}  # fmt: skip


def write_power(plant: Plant) -> None:
    """UPS and PDUs."""
    for code, name, place, zone, year in UPSES:
        product = "9px" if code == "NF-SRA-UPS03" else "srt5000"
        plant.asset(code, name, product, location=place, zone=zone, subnet=SUBNETS[zone],
                    year=year, criticality=4)  # fmt: skip
    for code, name, place, zone, year, ups in PDUS:
        plant.asset(code, name, "ap8853", location=place, zone=zone, subnet=SUBNETS[zone],
                    year=year, criticality=4)  # fmt: skip
        plant.link(code, "powered_by", ups)


def write_machines(plant: Plant) -> None:
    """Hosts, storage and physical servers with their power and network."""
    for code, name, product, item_class, place, zone, year, system in MACHINES:
        plant.asset(code, name, product, location=place, zone=zone, subnet=SUBNETS[zone],
                    year=year, system=system, item_class=item_class)  # fmt: skip
        if code in SINGLE_FEED:
            plant.link(code, "powered_by", SINGLE_FEED[code])
        else:
            feed(plant, code, place)
        switches = NETWORK_OF_ROOM[place]
        if len(switches) == 2:
            plant.link_group(code, "connects_via", switches, "Rack switches", 1, "Ethernet")
        else:
            plant.link(code, "connects_via", switches[0], "Ethernet")


def write_clusters(plant: Plant) -> None:
    """Hosts and their storage; the storage of Stahlbach is reached over its core switch."""
    for site, (hosts, _) in CLUSTERS.items():
        for host in hosts:
            plant.link(host, "member_of", f"S-{site}-VIRT", group="Cluster hosts",
                       need=len(hosts) - 1)  # fmt: skip
            if site in STORAGE:
                plant.link_group(host, "depends_on", STORAGE[site], "Mirrored storage", 1, "iSCSI")
    for host in CLUSTERS["SB"][0]:
        plant.link(host, "depends_on", "SB-SRA-STO01", "iSCSI")
        plant.link(host, "depends_on", "SB-NET-CSW01", "iSCSI",
                   note="Storage VLAN runs over the core switch; data stores time out after 60 s.")  # fmt: skip


def write_virtual(plant: Plant) -> None:
    """Virtual machines on the clusters, and which systems run on them."""
    for code, name, product, zone, system in VIRTUAL:
        site = code[:2]
        hosts, need = CLUSTERS[site]
        plant.asset(code, name, product, location="HW" if site == "HW" else f"{site}-SRA",
                    zone=zone, subnet=SUBNETS[zone], year=2022, system=system)  # fmt: skip
        plant.link_group(code, "runs_on", hosts, "Cluster hosts", need)
        if code not in NOT_NEEDED and code not in SHARED.get(system, ((),))[0]:
            plant.link(system, "runs_on", code)
        elif code in NOT_NEEDED:
            plant.link(code, "member_of", system)
    for system, (servers, group, need) in SHARED.items():
        plant.link_group(system, "runs_on", servers, group, need)
    plant.link("S-NF-WCS", "runs_on", "NF-SRB-SRV01")
    plant.link("S-SB-PL2-HIST", "runs_on", "SB-SRB-SRV03")
    for site, stores in STORAGE.items():
        for store in stores:
            plant.link(store, "member_of", f"S-{site}-VIRT", group="Storage arrays", need=1)


def write_backups(plant: Plant) -> None:
    """What is backed up by what; nothing travels over these relations."""
    for code, _, _, zone, _ in VIRTUAL:
        site = code[:2]
        if zone.endswith("-DMZ") or code in {"NF-EMS-VM01", "SB-DNC-VM01"}:
            continue
        store = {"NF": "NF-SRB-NAS01", "SB": "SB-SRB-NAS01", "HW": "HW-BKP-VM01"}[site]
        if code != store:
            plant.link(store, "backs_up", code, "Veeam")


def write_datarooms(plant: Plant) -> None:
    """The whole chapter; the SCADA servers are in flaws.py, where they do their harm."""
    write_power(plant)
    write_machines(plant)
    write_clusters(plant)
    write_virtual(plant)
    write_backups(plant)
