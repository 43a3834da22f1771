"""Sixty people, twelve teams and who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo_plant.book import Plant

DOMAIN = "haldenworks.example"

# code, name, kind, parent
TEAMS = (
    ("ARB", "Architecture Review Board", "board", ""),
    ("G-INF", "Group infrastructure", "team", ""),
    ("G-APP", "Group applications", "team", ""),
    ("G-SEC", "Cyber security", "team", ""),
    ("NF-OPS", "Northfield production", "team", ""),
    ("NF-OT", "Northfield OT engineering", "team", "NF-OPS"),
    ("NF-PIT", "Northfield production IT", "team", "NF-OPS"),
    ("NF-MNT", "Northfield maintenance", "team", "NF-OPS"),
    ("SB-OPS", "Stahlbach production", "team", ""),
    ("SB-OT", "Stahlbach OT and production IT", "team", "SB-OPS"),
    ("SB-MNT", "Stahlbach maintenance", "team", "SB-OPS"),
    ("V-BRK", "Brekke Automation on-call service", "vendor", ""),
)

# employee number, name, job title, site, teams
PEOPLE = (
    ("E1001", "Ingrid Aalto", "Head of Architecture", "HW", "ARB"),
    ("E1002", "Marcus Okafor", "Plant manager Northfield", "NF", "NF-OPS"),
    ("E1003", "Sofia Lindqvist", "Training lead", "HW", ""),
    ("E1004", "Pieter Vandamme", "Internal auditor", "HW", ""),
    ("E1005", "Rosa Delgado", "OT engineer", "NF", "NF-OT"),
    ("E1006", "Tomasz Nowak", "Platform administrator", "HW", "G-INF"),
    ("E1007", "Helena Brandt", "MES and production IT manager", "NF", "NF-PIT;ARB"),
    ("E1008", "Kenji Mori", "OT manager Northfield", "NF", "NF-OT;ARB"),
    ("E1009", "Amara Diallo", "Plant manager Stahlbach", "SB", "SB-OPS"),
    ("E1010", "Lukas Weber", "Head of infrastructure", "HW", "G-INF;ARB"),
    ("E1011", "Niamh Byrne", "Head of cyber security", "HW", "G-SEC;ARB"),
    ("E1012", "Rajesh Iyer", "Head of business applications", "HW", "G-APP"),
    ("E1013", "Claire Fontaine", "ERP service owner", "HW", "G-APP"),
    ("E1014", "Jonas Albrecht", "OT manager Stahlbach", "SB", "SB-OT;ARB"),
    ("E1015", "Petra Schneider", "OT engineer, deputy OT manager", "SB", "SB-OT"),
    ("E1016", "Stefan Krause", "Production IT engineer", "SB", "SB-OT"),
    ("E1017", "Miriam Vogel", "Quality manager Stahlbach", "SB", "SB-OPS"),
    ("E1018", "Aoife Kelly", "Quality manager Northfield", "NF", "NF-OPS"),
    ("E1019", "Declan Murphy", "Maintenance manager Northfield", "NF", "NF-MNT"),
    ("E1020", "Uwe Hartmann", "Maintenance manager Stahlbach", "SB", "SB-MNT"),
    ("E1021", "Siobhan Walsh", "Warehouse manager", "NF", "NF-OPS"),
    ("E1022", "Patrick Doyle", "Filling manager", "NF", "NF-OPS"),
    ("E1023", "Grace Adeyemi", "Syrup room manager", "NF", "NF-OPS"),
    ("E1024", "Markus Lehmann", "Press shop manager", "SB", "SB-OPS"),
    ("E1025", "Elif Yilmaz", "Body welding manager", "SB", "SB-OPS"),
    ("E1026", "Dieter Baumann", "Paint shop manager", "SB", "SB-OPS"),
    ("E1027", "Katarzyna Wójcik", "Assembly manager", "SB", "SB-OPS"),
    ("E1028", "Henrik Dahl", "Functional safety engineer", "HW", ""),
    ("E1029", "Ana Pereira", "Site controller Northfield", "NF", ""),
    ("E1030", "Thomas Engel", "Site controller Stahlbach", "SB", ""),
    ("E1031", "Oisín Brennan", "OT engineer", "NF", "NF-OT"),
    ("E1032", "Fatima Zahra Benali", "OT engineer", "NF", "NF-OT"),
    ("E1033", "Cormac Nolan", "Control technician", "NF", "NF-MNT"),
    ("E1034", "Eoin Gallagher", "Control technician", "NF", "NF-MNT"),
    ("E1035", "Beata Kowalska", "Control technician", "NF", "NF-MNT"),
    ("E1036", "Liam O'Sullivan", "Maintenance electrician", "NF", "NF-MNT"),
    ("E1037", "Yusuf Demir", "Control technician", "SB", "SB-MNT"),
    ("E1038", "Anja Richter", "Control technician", "SB", "SB-MNT"),
    ("E1039", "Ralf Steiner", "Maintenance electrician", "SB", "SB-MNT"),
    ("E1040", "Milan Horvat", "Robot technician", "SB", "SB-MNT"),
    ("E1041", "Chiara Russo", "MES engineer", "NF", "NF-PIT"),
    ("E1042", "David Chen", "Historian and data engineer", "NF", "NF-PIT"),
    ("E1043", "Sinead Moran", "Warehouse systems engineer", "NF", "NF-PIT"),
    ("E1044", "Andreas Pfeiffer", "MES engineer", "SB", "SB-OT"),
    ("E1045", "Olena Kovalenko", "SCADA engineer", "SB", "SB-OT"),
    ("E1046", "Bjørn Eriksen", "Network engineer", "HW", "G-INF"),
    ("E1047", "Priya Nair", "Network engineer", "NF", "G-INF"),
    ("E1048", "Felix Braun", "Server and storage engineer", "SB", "G-INF"),
    ("E1049", "Marta Silva", "Virtualisation engineer", "HW", "G-INF"),
    ("E1050", "Gareth Price", "OT security analyst", "NF", "G-SEC"),
    ("E1051", "Zeynep Aydin", "Security analyst", "HW", "G-SEC"),
    ("E1052", "Julien Moreau", "Integration developer", "HW", "G-APP"),
    ("E1053", "Emma van Dijk", "Maintenance systems owner", "HW", "G-APP"),
    ("E1054", "Robert Keane", "Shift leader filling, early", "NF", "NF-OPS"),
    ("E1055", "Deirdre Flynn", "Shift leader filling, late", "NF", "NF-OPS"),
    ("E1056", "Samuel Mensah", "Shift leader filling, night", "NF", "NF-OPS"),
    ("E1057", "Torsten Maier", "Shift leader press shop", "SB", "SB-OPS"),
    ("E1058", "Ewa Zielińska", "Laboratory lead", "NF", "NF-OPS"),
    ("E1059", "Sigrid Brekke", "Service engineer", "", "V-BRK"),
    ("E1060", "Walter Jung", "Energy manager Stahlbach", "SB", ""),
)
LEFT = {"E1060"}  # retired in 2025; his duties were never handed on
PHONE = {"HW": "+49 221 5550", "NF": "+353 42 5550", "SB": "+49 2723 5550", "": "+47 69 5550"}

# person, from, until, deputy, reason
ABSENCES = (
    ("E1014", "2026-01-01", "2027-12-31", "E1015", "Secondment to the new press line project"),
    ("E1018", "2026-07-06", "2026-07-24", "E1058", "Annual leave"),
    ("E1007", "2026-08-03", "2026-08-14", "E1041", "Annual leave"),
    ("E1010", "2026-12-21", "2027-01-05", "E1049", "Annual leave"),
    ("E1019", "2025-03-10", "2025-04-18", "E1033", "Parental leave"),
)

ASCII = str.maketrans({"ó": "o", "í": "i", "ń": "n", "ø": "o", "'": "", " ": "."})


def write_people(plant: Plant) -> None:
    """Teams, people, absences."""
    for code, name, kind, parent in TEAMS:
        organisation = "brekke-automation" if kind == "vendor" else "halden-works"
        domain = "brekke-automation.example" if kind == "vendor" else DOMAIN
        plant.add("teams", code=code, name=name, kind=kind, parent=parent,
                  email=f"{code.lower()}@{domain}", organisation=organisation)  # fmt: skip
    for number, name, title, site, teams in PEOPLE:
        vendor = "V-BRK" in teams
        domain = "brekke-automation.example" if vendor else DOMAIN
        plant.add(
            "people", employee_number=number, name=name, job_title=title, site=site, teams=teams,
            email=f"{name.lower().translate(ASCII)}@{domain}",
            phone=f"{PHONE[site]}{number[-3:]}", is_active=number not in LEFT,
            organisation="brekke-automation" if vendor else "halden-works",
        )  # fmt: skip
    for person, start, end, deputy, reason in ABSENCES:
        plant.add("absences", person=person, starts_at=f"{start}T00:00:00Z",
                  ends_at=f"{end}T23:59:59Z", deputy=deputy, reason=reason)  # fmt: skip
