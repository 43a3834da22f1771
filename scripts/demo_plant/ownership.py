"""The operating model: activities, roles and holders, RACI at several scopes, service levels.

Nothing falls back to an accountable party for everything: what no rule names is unowned, and shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_plant.lines import LINES

if TYPE_CHECKING:
    from demo_plant.book import Plant

START = "2026-01-01"

# code, name, parent, description
ACTIVITIES = (
    ("operate", "Operate", "", "Run the item as part of daily production."),
    ("operate.monitor", "Monitor", "operate", "Watch state and alarms."),
    ("operate.restart", "Restart", "operate", "Stop and start in an agreed window."),
    ("maintain", "Maintain", "", "Keep the item in working order."),
    ("maintain.preventive", "Preventive maintenance", "maintain", "Planned inspection and exchange."),
    ("maintain.spares", "Spare parts", "maintain", "Hold and replace spare parts."),
    ("change", "Change", "", "Decide on and carry out a change."),
    ("change.configuration", "Change configuration", "change", "Parameters, rules, settings."),
    ("change.firmware", "Change firmware", "change", "Firmware and operating system versions."),
    ("change.network", "Change network", "change", "Addresses, ports, conduits, routing."),
    ("change.schema", "Change data model", "change", "Interfaces, tags and message formats."),
    ("change.hardware", "Change hardware", "change", "Exchange or move devices."),
    ("respond", "Respond", "", "Act when something fails."),
    ("respond.incident", "Respond to incident", "respond", "Diagnose and restore."),
    ("respond.cyber", "Respond to cyber event", "respond", "Contain and recover."),
    ("security", "Security", "", "Protect the item."),
    ("security.access", "Grant access", "security", "Accounts and rights."),
    ("security.patching", "Patch", "security", "Assess and apply security updates."),
    ("security.remote-access", "Remote access", "security", "Sessions of makers and integrators."),
    ("data-stewardship", "Data stewardship", "", "Answer for meaning, quality and retention of data."),
    ("data-stewardship.quality", "Data quality", "data-stewardship", "Completeness and correctness."),
    ("data-stewardship.retention", "Data retention", "data-stewardship", "How long data are kept."),
    ("budget", "Budget", "", "Answer for money."),
    ("budget.investment", "Investment", "budget", "New purchases and replacement."),
    ("budget.running", "Running cost", "budget", "Contracts, licences, energy."),
)  # fmt: skip

# code, name, discipline, description
ROLES = (
    ("SITE-MGR", "Plant manager", "business", "Answers for output, safety and cost of a site."),
    ("AREA-MGR", "Area manager", "business", "Answers for production in an area."),
    ("SHIFT-LEAD", "Shift leader", "business", "Runs the lines of an area during a shift."),
    ("QUALITY-MGR", "Quality manager", "business", "Answers for release and quality records."),
    ("CONTROLLER", "Site controller", "business", "Controls budgets of a site."),
    ("WAREHOUSE-MGR", "Warehouse manager", "business", "Answers for stock and dispatch."),
    ("ENERGY-MGR", "Energy manager", "business", "Answers for energy use and its meters."),
    ("OT-MGR", "OT manager", "ot", "Answers for controllers, SCADA and plant networks."),
    ("OT-ENG", "OT engineer", "ot", "Programs and changes controllers and SCADA."),
    ("OT-SEC", "OT security officer", "ot", "Post created in 2025, not filled yet."),
    ("MNT-MGR", "Maintenance manager", "ot", "Answers for upkeep and spare parts."),
    ("TECHNICIAN", "Control technician", "ot", "First repair on shift."),
    ("SAFETY-ENG", "Functional safety engineer", "ot", "Answers for safety functions (IEC 61511, ISO 13849)."),
    ("PIT-MGR", "Production IT manager", "it", "Answers for MES, historian and what surrounds them."),
    ("PIT-ENG", "Production IT engineer", "it", "Runs MES, historian and warehouse systems."),
    ("INFRA-HEAD", "Head of infrastructure", "it", "Answers for servers, storage and networks of the group."),
    ("INFRA-ENG", "Infrastructure engineer", "it", "Runs servers, storage and networks."),
    ("APP-HEAD", "Head of business applications", "it", "Answers for ERP and group applications."),
    ("ERP-OWNER", "ERP service owner", "it", "Answers for the ERP service."),
    ("EAM-OWNER", "Maintenance systems owner", "it", "Answers for the maintenance system."),
    ("SEC-HEAD", "Head of cyber security", "it", "Answers for security of offices and plants."),
    ("SEC-ANALYST", "Security analyst", "it", "Watches and contains."),
    ("REVIEW-BOARD", "Review board", "it", "Consulted on what crosses zones or sites."),
    ("VENDOR-SERVICE", "Integrator on call", "ot", "Warranty and on-call service."),
)  # fmt: skip

# role, holder, scope, valid from, valid until
HOLDERS = (
    ("SITE-MGR", "person:E1002", "NF", "2023-04-01", ""),
    ("SITE-MGR", "person:E1009", "SB", "2024-02-01", ""),
    ("AREA-MGR", "person:E1022", "NF-FIL", "2022-01-01", ""),
    ("AREA-MGR", "person:E1022", "NF-PAL", "2022-01-01", ""),
    ("AREA-MGR", "person:E1023", "NF-SYR", "2024-05-01", ""),
    ("AREA-MGR", "person:E1021", "NF-WHS", "2021-01-01", ""),
    ("AREA-MGR", "person:E1024", "SB-PRS", "2020-01-01", ""),
    ("AREA-MGR", "person:E1025", "SB-WLD", "2023-07-01", ""),
    ("AREA-MGR", "person:E1026", "SB-PNT", "2016-01-01", ""),
    ("AREA-MGR", "person:E1027", "SB-ASM", "2022-09-01", ""),
    ("AREA-MGR", "person:E1024", "SB-MCH", "2024-01-01", ""),
    ("SHIFT-LEAD", "person:E1054", "NF-FIL", "2021-01-01", ""),
    ("SHIFT-LEAD", "person:E1055", "NF-FIL", "2021-01-01", ""),
    ("SHIFT-LEAD", "person:E1056", "NF-FIL", "2023-01-01", ""),
    ("SHIFT-LEAD", "person:E1057", "SB-PRS", "2019-01-01", ""),
    ("QUALITY-MGR", "person:E1018", "NF", "2020-06-01", ""),
    ("QUALITY-MGR", "person:E1017", "SB", "2018-01-01", ""),
    ("CONTROLLER", "person:E1029", "NF", "2021-01-01", ""),
    ("CONTROLLER", "person:E1030", "SB", "2021-01-01", ""),
    ("WAREHOUSE-MGR", "person:E1021", "NF", "2021-01-01", ""),
    ("ENERGY-MGR", "person:E1060", "SB", "2012-01-01", "2025-06-30"),
    ("OT-MGR", "person:E1008", "NF", "2022-03-01", ""),
    ("OT-MGR", "person:E1014", "SB", "2019-01-01", ""),
    ("OT-ENG", "team:NF-OT", "NF", "2020-01-01", ""),
    ("OT-ENG", "team:SB-OT", "SB", "2020-01-01", ""),
    ("MNT-MGR", "person:E1019", "NF", "2018-01-01", ""),
    ("MNT-MGR", "person:E1020", "SB", "2017-01-01", ""),
    ("TECHNICIAN", "team:NF-MNT", "NF", "2020-01-01", ""),
    ("TECHNICIAN", "team:SB-MNT", "SB", "2020-01-01", ""),
    ("SAFETY-ENG", "person:E1028", "HW", "2021-01-01", ""),
    ("PIT-MGR", "person:E1007", "NF", "2021-10-01", ""),
    ("PIT-ENG", "team:NF-PIT", "NF", "2021-10-01", ""),
    ("PIT-ENG", "person:E1016", "SB", "2019-01-01", ""),
    ("PIT-ENG", "person:E1044", "SB", "2022-01-01", ""),
    ("INFRA-HEAD", "person:E1010", "HW", "2020-01-01", ""),
    ("INFRA-ENG", "team:G-INF", "HW", "2020-01-01", ""),
    ("APP-HEAD", "person:E1012", "HW", "2022-01-01", ""),
    ("ERP-OWNER", "person:E1013", "HW", "2020-01-01", ""),
    ("EAM-OWNER", "person:E1053", "HW", "2023-01-01", ""),
    ("SEC-HEAD", "person:E1011", "HW", "2021-01-01", ""),
    ("SEC-ANALYST", "team:G-SEC", "HW", "2021-01-01", ""),
    ("REVIEW-BOARD", "team:ARB", "HW", "2021-01-01", ""),
    ("VENDOR-SERVICE", "team:V-BRK", "HW", "2023-01-01", ""),
)

RUN = "operate maintain change respond"  # the activities a technical owner answers for
GROUP, NF, SB = "HW-MODEL-2026", "NF-MODEL-2026", "SB-MODEL-2026"

# matrix, activities, letter, role, scope, selector "name=value ...", effect
RACI: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    # the group's technology
    (GROUP, RUN, "A", "ERP-OWNER", "item:S-HW-ERP", "", "add"),
    (GROUP, RUN, "A", "EAM-OWNER", "item:S-HW-EAM", "", "add"),
    *[(GROUP, RUN, "A", "APP-HEAD", "enterprise", f"class={c}", "add") for c in ("plm", "bi", "middleware")],
    *[(GROUP, RUN, "A", "INFRA-HEAD", "enterprise", f"class={c}", "add") for c in (
        "hypervisor-host", "storage", "nas", "vm", "server", "router", "it-switch", "access-point", "workstation",
        "printer", "firewall", "wlan-controller", "backup-system", "network-service", "virtualisation-platform",
        "time-server", "pdu", "ups")],
    *[(GROUP, RUN, "A", "SEC-HEAD", "enterprise", f"class={c}", "add") for c in (
        "identity-system", "remote-access-system")],
    (GROUP, RUN, "A", "SEC-HEAD", "item:S-HW-SIEM", "", "add"),
    (GROUP, "security", "A", "SEC-HEAD", "enterprise", "", "add"),
    (GROUP, "security respond.cyber", "R", "SEC-ANALYST", "enterprise", "", "add"),
    (GROUP, "operate maintain change respond", "R", "INFRA-ENG", "enterprise", "purdue=4", "add"),
    (GROUP, "change.network", "C", "SEC-HEAD", "enterprise", "", "add"),
    (GROUP, "change", "C", "REVIEW-BOARD", "enterprise", "criticality=4", "add"),
    (GROUP, "data-stewardship", "A", "APP-HEAD", "enterprise", "purdue=4", "add"),
    # Northfield
    *[(NF, "operate maintain respond", "A", "OT-MGR", "location:NF", f"purdue={p}", "add") for p in (0, 1, 2)],
    *[(NF, "change", "A", "OT-MGR", "location:NF", f"purdue={p}", "add") for p in (0, 1, 2)],
    (NF, "change operate respond", "A", "OT-MGR", "item:S-NF-SCADA", "", "add"),
    (NF, RUN, "A", "OT-MGR", "item:S-NF-NET", "", "add"),
    (NF, RUN, "A", "OT-MGR", "location:NF", "class=it-switch purdue=3", "add"),
    *[(NF, RUN, "A", "PIT-MGR", f"item:S-NF-{s}", "", "add") for s in ("MES", "HIST", "WMS", "LBL")],
    *[(NF, RUN, "A", "QUALITY-MGR", "location:NF", f"class={c}", "add") for c in ("lims", "qms")],
    (NF, "change", "A", "QUALITY-MGR", "location:NF", "tag=recipe", "add"),
    *[(NF, RUN, "A", "SAFETY-ENG", "location:NF", f"class={c} purdue=1", "add") for c in ("safety-plc", "safety-system")],
    (NF, "maintain", "A", "MNT-MGR", "location:NF", "class=drive purdue=0", "add"),
    (NF, "maintain.spares", "A", "MNT-MGR", "location:NF", "", "add"),
    *[(NF, RUN, "R", "OT-ENG", "location:NF", f"purdue={p}", "add") for p in (0, 1, 2)],
    (NF, RUN, "R", "PIT-ENG", "location:NF", "purdue=3", "add"),
    (NF, "respond", "R", "TECHNICIAN", "location:NF", "", "add"),
    (NF, RUN, "R", "VENDOR-SERVICE", "location:NF-FIL-L5", "purdue=1", "override"),
    (NF, "respond", "I", "AREA-MGR", "location:NF-FIL", "", "add"),
    (NF, "change", "I", "SHIFT-LEAD", "location:NF-FIL", "", "add"),
    (NF, "change", "C", "AREA-MGR", "location:NF-WHS", "", "add"),
    (NF, "change", "C", "SEC-HEAD", "zone:NF-Z-DMZ", "", "add"),
    (NF, "change", "C", "SAFETY-ENG", "zone:NF-Z-SAF", "", "add"),
    (NF, "change respond", "I", "SITE-MGR", "location:NF", "criticality=4", "add"),
    (NF, "data-stewardship", "A", "PIT-MGR", "location:NF", "class=historian", "add"),
    (NF, "data-stewardship", "A", "QUALITY-MGR", "location:NF-LAB", "", "add"),
    (NF, "data-stewardship", "R", "PIT-ENG", "location:NF", "purdue=3", "add"),
    (NF, "budget", "A", "SITE-MGR", "location:NF", "", "add"),
    (NF, "budget", "R", "CONTROLLER", "location:NF", "", "add"),
    # Stahlbach
    *[(SB, RUN, "A", "OT-MGR", "location:SB", f"purdue={p}", "add") for p in (0, 1, 2)],
    (SB, "change", "A", "SITE-MGR", "item:S-SB-MES", "", "add"),
    (SB, "operate maintain respond", "A", "OT-MGR", "item:S-SB-MES", "", "add"),
    (SB, "change", "A", "SITE-MGR", "item:S-SB-SEQ", "", "add"),
    (SB, "operate maintain respond", "A", "OT-MGR", "item:S-SB-SEQ", "", "add"),
    (SB, RUN, "A", "OT-MGR", "item:S-SB-HIST", "", "add"),
    (SB, RUN, "A", "OT-MGR", "item:S-SB-PL2-HIST", "", "add"),
    (SB, RUN, "A", "QUALITY-MGR", "item:S-SB-QMS", "", "add"),
    (SB, RUN, "A", "QUALITY-MGR", "item:S-SB-PLB", "", "add"),
    (SB, RUN, "A", "ENERGY-MGR", "item:S-SB-EMS", "", "add"),
    *[(SB, RUN, "A", "SAFETY-ENG", "location:SB", f"class={c} purdue=1", "add") for c in ("safety-plc", "safety-system")],
    (SB, "maintain", "A", "MNT-MGR", "location:SB-PRS", "purdue=0", "add"),
    (SB, "maintain.spares", "A", "MNT-MGR", "location:SB", "", "add"),
    *[(SB, RUN, "R", "OT-ENG", "location:SB", f"purdue={p}", "add") for p in (0, 1, 2)],
    (SB, RUN, "R", "PIT-ENG", "location:SB", "purdue=3", "add"),
    (SB, "respond", "R", "TECHNICIAN", "location:SB", "", "add"),
    (SB, "respond", "R", "VENDOR-SERVICE", "location:SB", "class=robot", "add"),
    (SB, "respond", "R", "VENDOR-SERVICE", "location:SB-PRS-L2", "", "block"),
    (SB, "change", "I", "AREA-MGR", "location:SB-PRS", "", "add"),
    (SB, "change", "I", "AREA-MGR", "location:SB-ASM", "", "add"),
    (SB, "respond", "I", "SHIFT-LEAD", "location:SB-PRS-L2", "", "add"),
    (SB, "security", "R", "OT-SEC", "zone:SB-Z-DMZ", "", "add"),
    (SB, "change.network", "R", "OT-SEC", "location:SB", "", "add"),
    (SB, "change", "C", "QUALITY-MGR", "location:SB", "tag=customer-audit", "add"),
    (SB, "data-stewardship", "A", "QUALITY-MGR", "item:S-SB-PL2-HIST", "", "add"),
    (SB, "data-stewardship", "R", "PIT-ENG", "location:SB", "purdue=3", "add"),
    (SB, "budget", "A", "SITE-MGR", "location:SB", "", "add"),
    (SB, "budget", "R", "CONTROLLER", "location:SB", "", "add"),
)  # fmt: skip

# item: availability, response, restore, data availability, lead days, cost per hour
SYSTEM_LEVELS: dict[str, tuple[str, int, int, str, int, int]] = {
    "S-HW-ERP": ("99.90", 15, 240, "99.99", 10, 18000), "S-HW-INT": ("99.50", 30, 240, "99.90", 10, 6000),
    "S-HW-IAM": ("99.95", 15, 120, "99.99", 10, 12000), "S-HW-EAM": ("99.00", 60, 480, "99.50", 10, 900),
    "S-NF-MES": ("99.80", 15, 120, "99.90", 5, 9500), "S-NF-SCADA": ("99.90", 10, 60, "99.90", 5, 7200),
    "S-NF-HIST": ("99.50", 30, 240, "99.90", 5, 1200), "S-NF-BATCH": ("99.90", 10, 60, "99.95", 10, 8800),
    "S-NF-LIMS": ("99.00", 60, 480, "99.90", 10, 1500), "S-NF-WMS": ("99.70", 15, 120, "99.90", 5, 4600),
    "S-NF-WCS": ("99.70", 15, 90, "99.50", 5, 3900), "S-NF-LBL": ("99.50", 20, 120, "99.50", 5, 2600),
    "S-NF-NET": ("99.95", 10, 60, "", 10, 5400), "S-NF-VIRT": ("99.95", 10, 120, "", 10, 6500),
    "S-NF-SIS": ("99.99", 10, 120, "", 20, 9000), "S-NF-QMS": ("98.50", 120, 960, "99.00", 10, 300),
    "S-SB-MES": ("99.70", 20, 180, "99.90", 5, 7800), "S-SB-SCADA": ("99.80", 15, 90, "99.50", 5, 5200),
    "S-SB-HIST": ("99.00", 60, 480, "99.50", 5, 700), "S-SB-PL2-HIST": ("99.50", 30, 240, "99.95", 5, 2400),
    "S-SB-QMS": ("99.00", 60, 480, "99.90", 10, 800), "S-SB-PNT": ("99.80", 15, 90, "99.50", 5, 6100),
    "S-SB-SEQ": ("99.95", 5, 30, "99.99", 10, 14500), "S-SB-NET": ("99.90", 15, 120, "", 10, 5000),
}  # fmt: skip
LINE_COST = {
    "NF-FIL-L1": 5200, "NF-FIL-L2": 6100, "NF-FIL-L3": 6800, "NF-FIL-L4": 3100, "NF-FIL-L5": 9400,
    "NF-SYR-L1": 8800, "NF-PAL-L1": 4200, "NF-PAL-L2": 3300, "NF-WHS-L1": 3600, "NF-WHS-L2": 2900,
    "SB-PRS-L1": 2700, "SB-PRS-L2": 4900, "SB-PRS-L3": 3400, "SB-WLD-L1": 3800, "SB-WLD-L2": 4600,
    "SB-MCH-L1": 900, "SB-MCH-L2": 1100, "SB-PNT-L1": 8200, "SB-ASM-L1": 12500, "SB-ASM-L2": 11800,
    "NF-UTL-L1": 2500, "NF-UTL-L2": 4000, "SB-UTL-L1": 3700,
}  # fmt: skip


def write_model(plant: Plant) -> None:
    """Activities, roles, who holds them."""
    for code, name, parent, text in ACTIVITIES:
        plant.add("activities", code=code, name=name, parent=parent, description=text)
    for code, name, discipline, text in ROLES:
        plant.add("roles", code=code, name=name, discipline=discipline, description=text)
    for role, holder, scope, start, end in HOLDERS:
        plant.add("role_holders", role=role, holder=holder, location=scope, valid_from=start,
                  valid_until=end)  # fmt: skip


def write_raci(plant: Plant) -> None:
    """One row an activity."""
    for matrix, activities, letter, role, scope, selector, effect in RACI:
        chosen = dict(part.split("=") for part in selector.split())
        for activity in activities.split():
            plant.add(
                "raci", matrix=matrix, activity=activity, letter=letter, role=role, scope=scope,
                effect=effect, valid_from=START,
                **{f"selector_{name}": value for name, value in chosen.items()},
            )  # fmt: skip


def write_service_levels(plant: Plant) -> None:
    """What was agreed for systems and lines, and what an hour of standstill costs."""
    for code, (up, respond, restore, data, lead, cost) in SYSTEM_LEVELS.items():
        plant.add("service_levels", scope=f"item:{code}", availability_percent=up,
                  response_minutes=respond, restore_minutes=restore, data_availability_percent=data,
                  change_lead_days=lead, cost_per_hour=f"{cost}.00", currency="EUR",
                  valid_from=START)  # fmt: skip
    for line in LINES:
        plant.add("service_levels", scope=f"location:{line.code}", availability_percent="98.00",
                  response_minutes=10, restore_minutes=60, change_lead_days=5,
                  cost_per_hour=f"{LINE_COST[line.code]}.00", currency="EUR",
                  valid_from=START)  # fmt: skip


def write_ownership(plant: Plant) -> None:
    """The whole chapter."""
    write_model(plant)
    write_raci(plant)
    write_service_levels(plant)
