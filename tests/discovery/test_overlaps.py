"""One address in two networks of a site: the stricter word holds, and no packet finds a way around it."""

import pytest
from django.utils import timezone

from assets.choices import LocationLevel, PurdueLevel
from common.errors import DomainError
from discovery.choices import ScanMode
from discovery.models import Network
from discovery.queries.policies import policy_of
from discovery.queries.sentences import policy_sentences
from discovery.rules.targets import address
from discovery.services import change_network, create_network, start_scan
from discovery.services.networks import OverlapError
from discovery.services.running import run_scan
from tests.discovery.plants import ALWAYS, agents, office
from tests.factories.assets import AssetFactory, LocationFactory, ZoneFactory
from tests.factories.discovery import CredentialFactory, NetworkFactory, ScanApprovalFactory
from tests.simulators.scanning import PORT, served_elsewhere

pytestmark = pytest.mark.django_db
ONE, TWO = "127.30.0.1", "127.30.0.2"


@pytest.fixture
def site():
    return LocationFactory(level=LocationLevel.SITE)


def ot(site, **given) -> Network:
    zone = ZoneFactory(site=site, purdue_level=PurdueLevel.L2)
    values = {"mode": ScanMode.SNMP_ONLY, "windows": ALWAYS, "snmp_port": PORT, **given}
    return NetworkFactory(
        location=site, zone=zone, credential=CredentialFactory(location=site), **values
    )


def packets(actor, network, targets=f"{ONE}\n{TWO}") -> dict[str, int]:
    served = agents(ONE, TWO)
    with served_elsewhere(served):
        scan = start_scan(
            actor=actor, network=network, requester=None, targets=targets, now=timezone.now()
        )
        run_scan(scan_id=scan.pk, progress=lambda *_: None, clock=timezone.now)
    return {one: agent.packets for one, agent in served.items()}


def test_an_address_a_cell_leaves_out_gets_no_packet_through_the_office(actor, site):
    ot(site, allowed_blocks="127.30.1.0/29", excluded_blocks=TWO)
    sent = packets(actor, office(location=site))
    assert sent[ONE] > 0
    assert sent[TWO] == 0


def test_an_address_of_a_stricter_network_gets_no_packet_through_a_laxer_one(actor, site):
    """They overlap although that is refused: a zone's level was changed afterwards."""
    ot(site, allowed_blocks=TWO, mode=ScanMode.PASSIVE)
    sent = packets(actor, office(location=site))
    assert sent[ONE] > 0
    assert sent[TWO] == 0


def test_an_address_the_office_leaves_out_gets_no_packet_through_a_cell(actor, site):
    office(location=site, allowed_blocks="127.30.1.0/29", excluded_blocks=TWO)
    cell = ot(site)
    ScanApprovalFactory(network=cell)
    sent = packets(actor, cell)
    assert sent[ONE] > 0
    assert sent[TWO] == 0


def test_a_flagged_item_gets_no_packet_through_any_network(actor, site):
    AssetFactory(location=site, network_address=TWO, is_never_scanned=True)
    sent = packets(actor, office(location=site))
    assert (sent[ONE] > 0, sent[TWO]) == (True, 0)


def test_another_sites_networks_say_nothing(actor, site):
    ot(LocationFactory(level=LocationLevel.SITE), allowed_blocks=TWO, excluded_blocks=ONE)
    sent = packets(actor, office(location=site))
    assert sent[ONE] > 0 < sent[TWO]


def test_a_network_above_the_site_counts_as_well(actor):
    enterprise = LocationFactory(level=LocationLevel.ENTERPRISE)
    site = LocationFactory(level=LocationLevel.SITE, parent=enterprise)
    NetworkFactory(location=enterprise, allowed_blocks="127.30.1.0/29", excluded_blocks=TWO)
    allowed = policy_of(office(location=site), at=timezone.now()).targets
    assert address(TWO) not in allowed
    assert address(ONE) in allowed


def test_a_cell_that_the_office_leaves_to_it_may_be_asked(site):
    office(location=site, allowed_blocks="127.30.0.0/24", excluded_blocks="127.30.0.0/29")
    targets = policy_of(ot(site), at=timezone.now()).targets
    assert address(ONE) in targets


@pytest.fixture
def values(site):
    """An office network as somebody types it."""
    return {
        "code": "new",
        "name": "New",
        "location": site,
        "zone": ZoneFactory(site=site, purdue_level=PurdueLevel.L4),
        "allowed_blocks": "127.30.0.0/24",
    }


def test_a_network_that_would_be_a_way_around_another_is_refused_by_name(actor, site, values):
    held = ot(site, name="Filling hall")
    with pytest.raises(OverlapError) as caught:
        create_network(actor=actor, values=values, now=timezone.now())
    assert str(caught.value) == (
        "127.30.0.0/29 is also in “Filling hall”, which treats it otherwise (snmp_only). "
        "Leave it out here, or there."
    )
    assert "allowed_blocks" in caught.value.fields
    assert list(Network.objects.all()) == [held]


def test_the_other_way_round_as_well(actor, site, values):
    create_network(actor=actor, values=values, now=timezone.now())
    cell = ot(site, allowed_blocks="127.30.1.0/29")
    with pytest.raises(DomainError, match="is also in “New”"):
        change_network(
            actor=actor, network=cell, values={"allowed_blocks": ONE}, now=timezone.now()
        )
    cell.refresh_from_db()
    assert cell.allowed_blocks == "127.30.1.0/29"


def test_left_out_there_it_may_be_saved(actor, site, values):
    ot(site)
    values["excluded_blocks"] = "127.30.0.0/30\n127.30.0.4/30"
    assert create_network(actor=actor, values=values, now=timezone.now()).pk


def test_two_alike_may_overlap_and_the_page_says_so(actor, site, values):
    office(location=site, name="Office", mode="")
    network = create_network(actor=actor, values=values, now=timezone.now())
    texts = [one.text for one in policy_sentences(network, at=timezone.now())]
    assert any("127.30.0.0/29 is also in “Office”" in text for text in texts)


def test_what_others_keep_out_stands_on_the_page(site):
    ot(site, allowed_blocks="127.30.1.0/29", excluded_blocks=TWO)
    texts = [one.text for one in policy_sentences(office(location=site), at=timezone.now())]
    assert any(text.startswith(f"Never to {TWO}/32: another network") for text in texts)


def test_a_change_of_rates_asks_nothing_about_overlaps(actor, site):
    first, _second = office(location=site), ot(site)
    changed = change_network(
        actor=actor, network=first, values={"subnet_rate": 5}, now=timezone.now()
    )
    assert changed.subnet_rate == 5
