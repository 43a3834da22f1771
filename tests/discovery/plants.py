"""Networks of simulated devices with everything a scan of them takes."""

from assets.choices import PurdueLevel
from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent, Faults
from discovery.choices import ScanMode
from discovery.models import Network
from tests.factories.assets import LocationFactory, ZoneFactory
from tests.factories.discovery import CredentialFactory, NetworkFactory, ScanApprovalFactory
from tests.simulators.scanning import OWN, PORT

#: A window that is always open.
ALWAYS = "Mon-Sun 00:00-12:00\nMon-Sun 12:00-00:00"


def office(**given) -> Network:
    """A network of Purdue level 4: it may be read at any time."""
    site = given.pop("location", None) or LocationFactory()
    zone = ZoneFactory(site=site, purdue_level=PurdueLevel.L4)
    credential = CredentialFactory(location=site)
    return NetworkFactory(location=site, zone=zone, credential=credential, snmp_port=PORT, **given)


def cell(*, is_consented: bool = True, **given) -> Network:
    """A network of Purdue level 2, with windows and, unless told otherwise, with consent."""
    site = LocationFactory()
    zone = ZoneFactory(site=site, purdue_level=PurdueLevel.L2)
    network = NetworkFactory(
        location=site,
        zone=zone,
        credential=CredentialFactory(location=site),
        snmp_port=PORT,
        **{"mode": ScanMode.SNMP_ONLY, "windows": ALWAYS, **given},
    )
    if is_consented:
        ScanApprovalFactory(network=network)
    return network


def agents(*addresses: str, recording: str = "plc", **faults) -> dict[str, Agent]:
    """Devices at these addresses that answer from one of our recordings."""
    return {
        one: Agent(load(OWN / f"{recording}.snmprec"), faults=Faults(**faults)) for one in addresses
    }
