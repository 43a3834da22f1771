"""What a scan asks besides SNMP goes through a collector as well: nmap and OPC UA run there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from discovery.choices import ScanMethod, ScanMode, ScanState
from tests.discovery.plants import office
from tests.discovery.remote_parts import Field
from tests.discovery.remote_plants import begun, collected, rows_of, run, seen_in, shared_field
from tests.simulators.control import (
    modbus,
    needs_low_ports,
    needs_nmap,
    one_at_a_time,
    opcua,
    s7,
    serving,
)

pytestmark = [pytest.mark.django_db, needs_nmap, needs_low_ports, one_at_a_time]


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with shared_field(tmp_path) as found:
        yield found


def test_control_systems_tell_a_collector_what_they_tell_the_worker(field, actor):
    network = office(
        mode=ScanMode.GENTLE,
        methods=[
            ScanMethod.S7_READ_SZL.value,
            ScanMethod.MODBUS_IDENTIFY.value,
            ScanMethod.OPCUA_GET_ENDPOINTS.value,
        ],
    )
    network.credential = None
    network.save(update_fields=["credential"])
    targets = ("127.30.0.1", "127.30.0.2", "127.30.0.3")
    served = zip(
        ("one", "two", "three"), zip(targets, (s7(), modbus(), opcua()), strict=True), strict=True
    )
    with serving(**dict(served)):
        here = run(begun(actor, network, "\n".join(targets)))
        collected(field, actor, network)
        there = run(begun(actor, network, "\n".join(targets)))
    assert there.state == here.state == ScanState.COMPLETED
    assert rows_of(there) == rows_of(here)
    assert seen_in(there) == seen_in(here)
    assert len(seen_in(there)) == 3
    asked = {
        scan.pk: sorted(scan.probes.values_list("address", "request", "port", "was_sent"))
        for scan in (here, there)
    }
    assert asked[there.pk] == asked[here.pk]
    assert {request for _address, request, _port, _sent in asked[there.pk]} >= {
        "s7-read-szl",
        "modbus-identify",
        "opcua-get-endpoints",
    }
