"""The systems of the group and the plants, and the data that flow between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_plant.catalogue import PRODUCTS
from demo_plant.lines import LINES

if TYPE_CHECKING:
    from demo_plant.book import Plant
    from demo_plant.equipment import Built

# code, name, class, product, location, zone, criticality, installed, what it does
SYSTEMS: tuple[tuple[str, str, str, str, str, str, int, str, str], ...] = (
    ("S-HW-ERP", "Group ERP", "erp", "s4hana", "HW", "HW-Z-ENT", 4, "2019-10-01", "Orders, purchasing, finance and material master of both plants."),
    ("S-HW-INT", "Group integration platform", "middleware", "sap-po", "HW", "HW-Z-ENT", 3, "2016-05-17", "Carries IDocs and messages between ERP, MES and warehouse."),
    ("S-HW-PLM", "Product lifecycle management", "plm", "teamcenter", "HW", "HW-Z-ENT", 2, "2017-03-20", "Drawings, recipes and engineering changes."),
    ("S-HW-BI", "Management reporting", "bi", "powerbi", "HW", "HW-Z-ENT", 2, "2020-02-03", "Monthly and daily reports from ERP, MES and historians."),
    ("S-HW-IAM", "Group directory", "identity-system", "adds", "HW", "HW-Z-ENT", 4, "2015-06-01", "Accounts, groups and machine log-ins of offices and plants."),
    ("S-HW-BKP", "Group backup", "backup-system", "veeam", "HW", "HW-Z-ENT", 3, "2018-09-10", "Nightly backup of virtual machines with copies between the sites."),
    ("S-HW-EAM", "Maintenance management", "cmms", "maximo", "HW", "HW-Z-ENT", 3, "2015-11-02", "Work orders, spare parts and inspection plans of both plants."),
    ("S-HW-SIEM", "Security monitoring", "custom-system", "splunk-es", "HW", "HW-Z-ENT", 3, "2021-04-12", "Collects security events of offices and plants and raises alerts."),
    ("S-HW-RAS", "Remote access for makers", "remote-access-system", "claroty-sra", "HW", "HW-Z-DMZ", 3, "2021-09-06", "Brokered, recorded sessions of machine makers into the plants."),
    ("S-HW-IIOT", "IIoT pilot platform", "iiot-platform", "thingworx", "HW", "HW-Z-ENT", 2, "2020-11-16", "Condition monitoring pilot of 2020; the project ended, the platform runs on."),
    ("S-HW-VIRT", "Group virtualisation", "virtualisation-platform", "vsphere8", "HW", "HW-Z-ENT", 4, "2022-03-14", "Hypervisor cluster of the group data centre."),
    ("S-HW-NET", "Group network", "network-service", "", "HW", "HW-Z-ENT", 4, "2019-01-14", "Data centre network and wide area links to the plants."),
    ("S-NF-MES", "Northfield MES", "mes", "aveva-mes", "NF", "NF-Z-OPS", 4, "2018-04-09", "Orders, line events, OEE and genealogy of the filling lines."),
    ("S-NF-SCADA", "Filling SCADA", "scada", "system-platform", "NF-FIL", "NF-Z-SUP", 4, "2018-02-05", "Visualisation, alarms and recipe download of the filling hall."),
    ("S-NF-HIST", "Northfield plant historian", "historian", "pi", "NF", "NF-Z-OPS", 3, "2017-08-21", "Process values of all lines at one second, kept ten years."),
    ("S-NF-BATCH", "Syrup batch control", "dcs", "plant-it", "NF-SYR", "NF-Z-SUP", 4, "2017-06-12", "Batch and recipe control of sugar dissolving, blending and cleaning."),
    ("S-NF-LIMS", "Laboratory information system", "lims", "lims", "NF-LAB", "NF-Z-OPS", 3, "2016-10-03", "Samples, results and release of batches."),
    ("S-NF-WMS", "Warehouse management", "wms", "by-wms", "NF-WHS", "NF-Z-OPS", 3, "2015-07-13", "Stock, picking and dispatch of finished goods."),
    ("S-NF-WCS", "High-bay warehouse control", "custom-system", "wamas", "NF-WHS", "NF-Z-SUP", 3, "2015-07-13", "Turns warehouse orders into movements of cranes and conveyors."),
    ("S-NF-LBL", "Label management", "custom-system", "nicelabel", "NF", "NF-Z-OPS", 3, "2019-05-06", "Templates and print jobs for date codes, pack and pallet labels."),
    ("S-NF-QMS", "Statistical process control", "qms", "proficient", "NF-LAB", "NF-Z-OPS", 2, "2019-09-02", "Control charts of fill level, torque and brix."),
    ("S-NF-EMS", "Energy monitoring Northfield", "energy-management", "pme", "NF-UTL", "NF-Z-OPS", 2, "2014-03-31", "Meters of power, steam and compressed air; bought by a project that has closed."),
    ("S-NF-FILE", "Recipe and program share", "file-service", "dfs", "NF", "NF-Z-OPS", 3, "2013-01-21", "File share with recipes, controller programs and panel projects."),
    ("S-NF-SIS", "Machine safety Northfield", "safety-system", "", "NF", "NF-Z-SAF", 4, "2016-02-15", "Safety controllers of all lines with their programs and acceptance records."),
    ("S-NF-NET", "Northfield plant network", "network-service", "", "NF", "NF-Z-INF", 4, "2020-06-15", "Core, distribution, wireless and time of the plant."),
    ("S-NF-VIRT", "Northfield OT virtualisation", "virtualisation-platform", "vsphere8", "NF-SRA", "NF-Z-INF", 4, "2022-05-09", "Four-host cluster over two rooms with mirrored storage."),
    ("S-SB-MES", "Stahlbach MES", "mes", "hydra", "SB", "SB-Z-OPS", 4, "2014-09-01", "Orders, machine data and traceability; releases parts into assembly."),
    ("S-SB-SCADA", "Press and welding SCADA", "scada", "wincc", "SB-PRS", "SB-Z-SUP", 4, "2018-05-14", "Visualisation and alarms of press shop and body welding."),
    ("S-SB-HIST", "Stahlbach plant historian", "historian", "pi", "SB", "SB-Z-OPS", 3, "2019-11-04", "Process values of welding, paint and utilities."),
    ("S-SB-PL2-HIST", "Press line 2 historian", "historian", "process-historian", "SB-PRS-L2", "SB-Z-SUP", 3, "2018-05-14", "Press force curves of every stroke of press line 2, kept for customer audits."),
    ("S-SB-QMS", "Stahlbach quality system", "qms", "babtecq", "SB-QLB", "SB-Z-OPS", 3, "2015-02-16", "Inspection plans, complaints and initial samples."),
    ("S-SB-DNC", "CNC program server", "custom-system", "dnc-max", "SB-MCH", "SB-Z-OPS", 3, "2012-10-08", "Holds and sends the NC programs of both machining cells."),
    ("S-SB-CMM", "Measuring room software", "custom-system", "pc-dmis", "SB-QLB", "SB-Z-QLB", 2, "2013-06-24", "Measuring programs and results of the coordinate measuring machines."),
    ("S-SB-PNT", "Paint shop control room", "scada", "ignition", "SB-PNT", "SB-Z-SUP", 4, "2021-03-01", "Bath values, oven curves and alarms of the paint line."),
    ("S-SB-PLB", "Paint laboratory results", "lims", "", "SB-PNT", "SB-Z-OPS", 2, "2011-05-09", "Bath analyses of the paint line, bought by the laboratory; nobody connected it, results are read out over the telephone."),
    ("S-SB-SEQ", "Assembly sequence broadcast", "custom-system", "", "SB-ASM", "SB-Z-OPS", 4, "2019-08-19", "Receives the customer's call-offs and tells assembly what to build next."),
    ("S-SB-EMS", "Energy monitoring Stahlbach", "energy-management", "powermanager", "SB-UTL", "SB-Z-OPS", 1, "2018-12-03", "Meters of power, gas and cooling water."),
    ("S-SB-SIS", "Machine safety Stahlbach", "safety-system", "", "SB", "SB-Z-SAF", 4, "2012-05-07", "Safety controllers of presses, robots and paint line."),
    ("S-SB-NET", "Stahlbach plant network", "network-service", "", "SB", "SB-Z-INF", 4, "2019-06-03", "Core, distribution, wireless and time of the plant."),
    ("S-SB-VIRT", "Stahlbach virtualisation", "virtualisation-platform", "vsphere7", "SB-SRA", "SB-Z-INF", 4, "2021-02-22", "Three-host cluster with one storage array."),
)  # fmt: skip
TAGS = {
    "S-NF-BATCH": "recipe;food-safety", "S-NF-LIMS": "food-safety", "S-SB-PL2-HIST": "customer-audit",
    "S-HW-ERP": "sox", "S-SB-SEQ": "customer-audit", "S-NF-SIS": "safety", "S-SB-SIS": "safety",
}  # fmt: skip

# source, target, protocol, data model, middleware
FLOWS = (
    ("S-HW-ERP", "S-HW-INT", "RFC", "IDoc LOIPRO", ""),
    ("S-HW-INT", "S-NF-MES", "HTTPS", "B2MML production schedule", "SAP PO"),
    ("S-NF-MES", "S-HW-INT", "HTTPS", "B2MML production performance", "SAP PO"),
    ("S-HW-INT", "S-SB-MES", "HTTPS", "IDoc LOIPRO", "SAP PO"),
    ("S-SB-MES", "S-HW-INT", "HTTPS", "IDoc CONF32", "SAP PO"),
    ("S-HW-INT", "S-NF-WMS", "HTTPS", "IDoc DESADV", "SAP PO"),
    ("S-HW-INT", "S-HW-ERP", "RFC", "IDoc", ""),
    ("S-HW-PLM", "S-HW-ERP", "HTTPS", "Bill of material", "SAP PO"),
    ("S-HW-ERP", "S-HW-BI", "ODP", "Finance and stock", ""),
    ("S-HW-ERP", "S-HW-EAM", "HTTPS", "Cost centres and spare parts", "SAP PO"),
    ("S-HW-IAM", "S-HW-ERP", "LDAPS", "", ""),
    ("S-HW-IAM", "S-HW-RAS", "LDAPS", "", ""),
    ("S-NF-MES", "S-NF-WMS", "HTTPS", "Pallet announcement", ""),
    ("S-NF-WMS", "S-NF-WCS", "TCP telegram", "Transport order", ""),
    ("S-NF-WCS", "S-NF-WMS", "TCP telegram", "Transport confirmation", ""),
    ("S-NF-SCADA", "S-NF-MES", "OPC UA", "PackML states", ""),
    ("S-NF-SCADA", "S-NF-HIST", "OPC UA", "Tags", ""),
    ("S-NF-MES", "S-NF-SCADA", "SQL", "Order and recipe number", ""),
    ("S-NF-HIST", "S-HW-BI", "PI-to-PI", "Daily figures", ""),
    ("S-NF-MES", "S-NF-LBL", "HTTPS", "Print order", ""),
    ("S-NF-LIMS", "S-NF-MES", "HTTPS", "Release", ""),
    ("S-NF-BATCH", "S-NF-LIMS", "SQL", "Sample request", ""),
    ("S-NF-BATCH", "S-NF-HIST", "OPC UA", "Batch events", ""),
    ("S-NF-HIST", "S-NF-QMS", "OLEDB", "Fill levels", ""),
    ("S-NF-FILE", "S-NF-BATCH", "SMB", "Recipe files", ""),
    ("S-NF-FILE", "S-NF-SCADA", "SMB", "Recipe files", ""),
    ("S-SB-SCADA", "S-SB-MES", "OPC UA", "Machine states", ""),
    ("S-SB-SCADA", "S-SB-PL2-HIST", "OPC UA", "Press force curves", ""),
    ("S-SB-PL2-HIST", "S-SB-QMS", "SQL", "Force curve verdicts", ""),
    ("S-SB-PNT", "S-SB-HIST", "MQTT Sparkplug B", "Bath and oven values", ""),
    ("S-SB-SCADA", "S-SB-HIST", "OPC UA", "Tags", ""),
    ("S-SB-MES", "S-SB-QMS", "HTTPS", "Inspection lot", ""),
    ("S-SB-CMM", "S-SB-QMS", "Q-DAS file", "Measured values", ""),
    ("S-SB-MES", "S-SB-DNC", "SQL", "Program number", ""),
    ("S-SB-HIST", "S-HW-IIOT", "MQTT", "Vibration and current", ""),
    ("S-SB-MES", "S-SB-SEQ", "HTTPS", "Part availability", ""),
    ("S-HW-INT", "S-SB-SEQ", "OFTP2", "VDA 4916 call-off", "SAP PO"),
    ("S-HW-EAM", "S-SB-MES", "HTTPS", "Maintenance windows", "SAP PO"),
    ("S-HW-EAM", "S-NF-MES", "HTTPS", "Maintenance windows", "SAP PO"),
)
# source depends on target
NEEDS = (
    ("S-NF-WMS", "S-HW-IAM", "Kerberos"), ("S-NF-LIMS", "S-HW-IAM", "Kerberos"),
    ("S-HW-PLM", "S-HW-IAM", "Kerberos"), ("S-HW-BI", "S-HW-IAM", "Kerberos"),
    ("S-HW-EAM", "S-HW-IAM", "LDAPS"), ("S-SB-QMS", "S-HW-IAM", "Kerberos"),
    ("S-NF-LIMS", "S-NF-FILE", "SMB"),
)  # fmt: skip
SCADA_OF_AREA = {
    "NF-FIL": "S-NF-SCADA", "NF-SYR": "S-NF-BATCH", "NF-PAL": "S-NF-SCADA", "NF-WHS": "S-NF-WCS",
    "NF-UTL": "S-NF-SCADA", "SB-PRS": "S-SB-SCADA", "SB-WLD": "S-SB-SCADA", "SB-MCH": "S-SB-DNC",
    "SB-PNT": "S-SB-PNT", "SB-ASM": "S-SB-MES", "SB-UTL": "S-SB-PNT",
}  # fmt: skip
ORDERED = {"NF-FIL", "NF-PAL", "SB-PRS", "SB-WLD", "SB-PNT"}


def write_systems(plant: Plant) -> None:
    """Systems of the group and the plants, then one control system a line."""
    for code, name, item_class, product, place, zone, criticality, installed, text in SYSTEMS:
        facts: dict[str, object] = {}
        if product:
            entry = PRODUCTS[product]
            version = entry.older[0] if code in OLD_VERSIONS else entry.recommended
            facts = {"vendor": entry.vendor, "model": entry.model, "firmware_version": version}
        plant.system(code, name, item_class, location=place, zone=zone, criticality=criticality,
                     installed_date=installed, description=text, tags=TAGS.get(code, ""),
                     **facts)  # fmt: skip
    for line in LINES:
        if line.control == f"S-{line.code}-CTL":
            plant.system(line.control, f"{line.name} control", "line-control", location=line.code,
                         zone=line.zone, criticality=line.criticality, stops_line=True,
                         installed_date=f"{line.year}-11-01",
                         description=line.system_text)  # fmt: skip


OLD_VERSIONS = {"S-HW-INT", "S-NF-HIST", "S-HW-IIOT", "S-SB-PL2-HIST", "S-NF-LBL", "S-SB-DNC"}


def write_flows(plant: Plant) -> None:
    """Interfaces between systems and what a system cannot do without."""
    for source, target, protocol, model, middleware in FLOWS:
        plant.link(source, "feeds_data", target, protocol, data_model=model, middleware=middleware)
    for source, target, protocol in NEEDS:
        plant.link(source, "depends_on", target, protocol)


def write_line_systems(plant: Plant, lines: dict[str, Built]) -> None:
    """How each line is tied to the systems above it."""
    for code, built in lines.items():
        site, area = code[:2], code.rsplit("-", 1)[0]
        control = built.line.control
        plant.link(control, "runs_on", built.plc)
        above = SCADA_OF_AREA[area]
        if above != control:
            plant.link(control, "feeds_data", above, "OPC UA", data_model="Line states and alarms")
        plant.link(built.gateway, "feeds_data", f"S-{site}-HIST", "MQTT", data_model="Tags")
        if area in ORDERED:
            plant.link(f"S-{site}-MES", "feeds_data", control, "OPC UA", data_model="Order, recipe")
            plant.link(
                control, "feeds_data", f"S-{site}-MES", "OPC UA", data_model="PackML counters"
            )
        for printer in built.printers:
            if site == "NF":
                plant.link("S-NF-LBL", "feeds_data", printer, "TCP 9100", data_model="Print job")
    write_couplings(plant, lines)


def write_couplings(plant: Plant, lines: dict[str, Built]) -> None:
    """Couplings that stop a line: watchdogs, sequences, programs. Each has its story."""
    plc = {code: built.plc for code, built in lines.items()}
    for crane_line in ("NF-WHS-L1", "NF-WHS-L2"):
        plant.link(plc[crane_line], "depends_on", "S-NF-WCS", "TCP telegram",
                   note="No orders, no movement; the telegram watchdog trips after 10 s.")  # fmt: skip
    for number in (1, 2):
        target = f"SB-ASM-L{number}"
        plant.link(plc[target], "depends_on", "S-SB-SEQ", "TCP telegram",
                   note="Assembly builds in the customer's sequence only.")  # fmt: skip
        plant.link(f"S-{target}-CTL", "depends_on", "S-SB-MES", "HTTPS",
                   note="Interlock: every part is released by the MES.")  # fmt: skip
    for number in (1, 2):
        plant.link(
            "S-SB-DNC", "feeds_data", f"S-SB-MCH-L{number}-CTL", "FTP", data_model="NC program"
        )
    for front, behind, note in PACE:
        plant.link(plc[front], "feeds_data", plc[behind], "PROFINET", note=note)
    for consumer in ("NF-FIL-L1", "NF-FIL-L2"):
        plant.link(f"S-{consumer}-CTL", "depends_on", "S-NF-BATCH", "PROFINET",
                   note="Syrup is blended just in time for the line.")  # fmt: skip
    plant.link("SB-PRS-L2-GW01", "feeds_data", "S-SB-PL2-HIST", "OPC UA", data_model="Force curves")
    plant.link("S-NF-FIL-L5-CTL", "depends_on", "S-NF-UTL-L1-CTL", "PROFINET", note="Sterile water")


PACE = (
    ("NF-FIL-L1", "NF-PAL-L1", "Pack counter"), ("NF-FIL-L2", "NF-PAL-L1", "Pack counter"),
    ("NF-FIL-L3", "NF-PAL-L2", "Pack counter"), ("NF-FIL-L4", "NF-PAL-L2", "Crate counter"),
    ("NF-PAL-L1", "NF-WHS-L2", "Pallet at transfer"), ("NF-PAL-L2", "NF-WHS-L2", "Pallet at transfer"),
)  # fmt: skip
