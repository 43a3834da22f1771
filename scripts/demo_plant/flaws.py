"""The flaws every real plant has. demo/README.md says where to see each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_plant.networks import NF_CORE
from demo_plant.places import SUBNETS

if TYPE_CHECKING:
    from demo_plant.book import Plant


def scada_on_one_host(plant: Plant) -> None:
    """Both "redundant" SCADA servers run on one host, on one UPS under the rack."""
    for number, name in ((1, "SCADA server 1"), (2, "SCADA server 2")):
        code = plant.asset(f"NF-SCA-VM0{number}", name, "ws2019", location="NF-SRA",
                           zone="NF-Z-SUP", subnet=SUBNETS["NF-Z-SUP"], year=2018,
                           system="S-NF-SCADA")  # fmt: skip
        plant.link(code, "runs_on", "NF-SRA-HV09",
                   note="Left on the integrator's host because of the USB licence key.")  # fmt: skip


def can_line_through_the_core(plant: Plant) -> None:
    """The can line's depalletiser talks PROFINET through the core switch; nobody drew it."""
    station = "NF-FIL-L3-RIO01"
    plant.link(station, "connects_via", "NF-FIL-ASW03", "PROFINET")
    plant.link(station, "depends_on", NF_CORE, "PROFINET",
               note="Since the move to the mezzanine in 2019; watchdog 3 x 8 ms.")  # fmt: skip
    plant.link("NF-FIL-L3-PLC01", "depends_on", station, "PROFINET",
               note="Station failure stops the line (OB86 not programmed).")  # fmt: skip
    plant.link("S-NF-WCS", "depends_on", NF_CORE, "TCP telegram",
               note="The core routes between server and crane network; telegrams time out in 10 s.")  # fmt: skip


def undeclared_conduits(plant: Plant) -> None:
    """A maker's 4G modem in the paint shop, and an office PC that reads a controller directly."""
    modem = plant.asset("SB-PNT-L1-RTR01", "Paint oven maker's 4G modem", "cosy",
                        location="SB-PNT-L1", zone="SB-Z-PNT", subnet="10.40.131", year=2019,
                        function="Remote service of the oven burner")  # fmt: skip
    plant.link("SB-PNT-L1-PLC03", "feeds_data", modem, "S7comm")
    plant.link(modem, "connects_via", "SB-PNT-L1-SW02", "Ethernet")
    portal = plant.asset("HW-INT-TLK01", "Oven maker's service portal", "talk2m", location="HW",
                         zone="HW-Z-INT", subnet="", year=2019, serial_number="",
                         description="Account of the oven maker at the gateway's cloud service.")  # fmt: skip
    plant.link(modem, "connects_via", portal, "TLS tunnel")
    plant.link("NF-FIL-L4-PLC01", "feeds_data", "NF-ADM-WS07", "CIP",
               note="Shift leader's spreadsheet reads counters straight from the controller.")  # fmt: skip


def second_uplink_never_plugged(plant: Plant) -> None:
    """The meeting room's access point was to hang on both office switches; only one cable was ever laid."""
    plant.link("NF-ADM-AP02", "connects_via", "NF-ADM-ASW01", "Ethernet",
               note="Second uplink of the project of 2021.")  # fmt: skip


def retired_but_needed(plant: Plant) -> None:
    """An OPC server that was retired on paper; quality still reads from it."""
    plant.asset("SB-OPC-VM00", "Old OPC DA server", "ws2012", location="SB-SRA", zone="SB-Z-OPS",
                subnet=SUBNETS["SB-Z-OPS"], year=2013, system="S-SB-HIST", status="retired",
                end_of_life_date="2024-12-31")  # fmt: skip
    plant.link("SB-OPC-VM00", "runs_on", "SB-SRA-HV03")
    plant.link("S-SB-QMS", "depends_on", "SB-OPC-VM00", "OPC DA", verified_at="")
    plant.link("S-SB-CMM", "depends_on", "SB-OPC-VM00", "OPC DA", verified_at="")


def unknown_ends(plant: Plant) -> None:
    """Relations whose other end is not in the inventory."""
    plant.link("S-NF-WMS", "feeds_data", "S-EXT-TMS", "AS2", data_model="Transport order",
               note="Carrier's transport management; contract with logistics, not in the CMDB.")  # fmt: skip
    plant.link("SB-PRS-L1-PLC01", "depends_on", "SB-PRS-L1-TEACHBOX", "PROFIBUS",
               note="Named in the drawing of 2009, not found on site.")  # fmt: skip
    plant.link("LEGACY-OPC-03", "feeds_data", "S-NF-EMS", "OPC DA",
               note="Seen in the client's configuration; host unknown.")  # fmt: skip


def states(plant: Plant) -> None:
    """Items that are not simply active."""
    for code, status in STATES.items():
        plant.items[code]["status"] = status
    for code, column, value in OVERRIDES:
        plant.items[code][column] = value


STATES = {
    "NF-FIL-L4-DRV03": "maintenance", "SB-WLD-L2-ROB02": "maintenance", "SB-PRS-L1-HMI02": "maintenance",
    "SB-MCH-L1-CNC02": "maintenance", "NF-LAB-WS03": "staged",
    "SB-ADM-WS09": "staged", "NF-ADM-WS14": "planned", "SB-PRS-CAM04": "planned",
    "NF-ADM-PRN03": "retired", "NF-WHS-HHT14": "retired",
}  # fmt: skip
# values that differ from what the zone or system would give
OVERRIDES = (
    ("NF-LAB-GC01", "purdue", "2"), ("NF-NET-NTP01", "criticality", "2"),
    ("NF-DMZ-UPD01", "criticality", "2"), ("SB-PRS-CAM01", "criticality", "1"),
    ("NF-FIL-L3-RIO01", "criticality", "4"), ("SB-MON-VM01", "criticality", "2"),
    ("NF-MON-VM01", "criticality", "2"), ("SB-PNT-L1-RTR01", "criticality", "2"),
    # A person sets it when the demonstration is loaded, and its device tells another one.
    ("NF-NET-RTR01", "firmware_version", ""),
)  # fmt: skip


def write_flaws(plant: Plant) -> None:
    """All of them."""
    scada_on_one_host(plant)
    can_line_through_the_core(plant)
    undeclared_conduits(plant)
    second_uplink_never_plugged(plant)
    retired_but_needed(plant)
    unknown_ends(plant)
    states(plant)
