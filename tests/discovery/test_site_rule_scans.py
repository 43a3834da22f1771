"""A scan goes by the site's rules: what one of them needs is read in the planned requests, and told."""

import pytest
from django.utils import timezone

from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent
from discovery.models.scans import unpacked
from discovery.rules.readings import oid
from discovery.services import start_scan
from discovery.services.running import run_scan
from discovery.services.site_rules import create_site_rule
from tests.discovery.plants import office
from tests.discovery.test_site_rules import ACME
from tests.simulators.scanning import served_elsewhere

pytestmark = pytest.mark.django_db
ADDRESS = "127.30.0.1"
SERIAL = oid("1.3.6.1.4.1.64999.1.4.0")


@pytest.fixture
def device(tmp_path):
    """A device whose serial number stands behind more variables than are sampled of a maker nobody knows."""
    lines = ["1.3.6.1.2.1.1.1.0|4|Acme EX-8", "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.64999.7.1"]
    lines += [f"1.3.6.1.4.1.64999.1.1.{place}|2|{place}" for place in range(1, 400)]
    lines += ["1.3.6.1.4.1.64999.1.4.0|4|EX8-77123"]
    path = tmp_path / "acme.snmprec"
    path.write_text("\n".join(lines) + "\n")
    return Agent(load(path))


def read(actor, network, device):
    with served_elsewhere({ADDRESS: device}):
        scan = start_scan(
            actor=actor, network=network, requester=None, targets=ADDRESS, now=timezone.now()
        )
        run_scan(scan_id=scan.pk, progress=lambda *_: None, clock=timezone.now)
    row = scan.addresses.get()
    return row, unpacked(bytes(row.raw))


def test_what_a_rule_of_the_site_needs_is_read_and_told(actor, device):
    network = office()
    before, reading = read(actor, network, device)
    assert reading.get(SERIAL) is None
    assert "serial" not in before.identity
    assert before.object_id == "1.3.6.1.4.1.64999.7.1"

    create_site_rule(actor=actor, author=None, values={"text": ACME}, now=timezone.now())
    after, reading = read(actor, network, device)

    assert reading.get(SERIAL) == b"EX8-77123"
    assert after.identity["serial"]["rule"] == "site-acme"
    assert after.identity["vendor"]["value"] == "Acme"
    assert after.packet_count <= before.packet_count
