"""The simulated agents that prove the collector are themselves proven: against net-snmp, and octet by octet."""

import asyncio
import socket
from pathlib import Path

import pytest

from demo.simulator import ber
from demo.simulator.recordings import LineError, Recording, load, parsed
from demo.simulator.snmp_agent import (
    GET_BULK,
    GET_NEXT,
    Agent,
    Faults,
    message,
    other_request_id,
    read_request,
    truncated,
)
from demo.simulator.snmp_responder import Responder, addresses
from tests.simulators.net_snmp import needs_walker, walk
from tests.simulators.scanning import PORT

RECORDINGS = Path(__file__).parent / "recordings"
SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)


def request(
    kind: int, *names: tuple[int, ...], version: int = 1, first: int = 0, second: int = 0
) -> bytes:
    body = b"".join(ber.tlv(ber.SEQUENCE, ber.object_id(name) + b"\5\0") for name in names)
    head = ber.integer(77) + ber.integer(first) + ber.integer(second)
    pdu = ber.tlv(kind, head + ber.tlv(ber.SEQUENCE, body))
    return ber.tlv(ber.SEQUENCE, ber.integer(version) + ber.tlv(ber.OCTETS, b"public") + pdu)


def test_lines_that_cannot_be_served_are_counted_and_the_rest_is_in_order():
    odd = load(RECORDINGS / "odd_gateway.snmprec")
    assert odd.names == sorted(set(odd.names))
    assert odd.skipped == {
        "unsorted": 2,
        "masked value": 2,
        "value of another type": 1,
        "duplicate": 1,
        "malformed hex": 1,
        "number out of range": 1,
        "malformed name": 1,
        "not a line of a recording": 1,
        "unknown type": 1,
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1.3.6.1|2|<private>", "masked value"),
        (b"1.3.6.1|64|10.**.0.1", "masked value"),
        (b"1.3.6.1|4x|02xx", "malformed hex"),
        (b"1.3.6.1|65|-1", "number out of range"),
        (b"1.3.6.1|64|10.0.1", "value of another type"),
        (b"1.3.6.4294967296|2|1", "malformed name"),
    ],
)
def test_each_malformed_line_has_its_reason(line: bytes, reason: str):
    with pytest.raises(LineError, match=reason):
        parsed(line)


def test_a_blank_in_a_text_stays_a_text():
    assert parsed(b"1.3.6.1|4|<private>")[2] == b"<private>"


@needs_walker
@pytest.mark.parametrize("name", sorted(path.stem for path in RECORDINGS.glob("*.snmprec")))
def test_net_snmp_walks_every_variable_of_a_recording(name: str):
    recording = load(RECORDINGS / f"{name}.snmprec")

    async def run() -> tuple[dict, int]:
        agents = {"127.10.1.1": Agent(recording)}
        async with Responder(agents, PORT):
            found = await asyncio.to_thread(walk, f"127.10.1.1:{PORT}", ".1")
        return found, agents["127.10.1.1"].packets

    found, packets = asyncio.run(run())
    assert set(found) == set(recording.names)
    assert packets > 0


def test_another_community_and_other_versions_get_silence():
    agent = Agent(load(RECORDINGS / "ups.snmprec"), community=b"other")
    assert agent.answer(request(GET_NEXT, SYS_NAME)) is None
    agent.community, agent.speaks_v2c = b"public", False
    assert agent.answer(request(GET_NEXT, SYS_NAME)) is None
    assert agent.answer(request(GET_NEXT, SYS_NAME, version=0)) is not None
    assert agent.answer(b"\x30\x03nonsense") is None
    assert (agent.packets, agent.answers) == (4, 1)


def test_a_bulk_never_exceeds_what_the_device_can_send():
    agent = Agent(load(RECORDINGS / "switch_lldp.snmprec"), max_octets=484)
    answer = agent.answer(request(GET_BULK, (1, 3), second=50))
    assert answer is not None
    assert 300 < len(answer) <= 484


def test_a_device_can_loop_fail_vanish_and_lie():
    recording = load(RECORDINGS / "switch_lldp.snmprec")
    table = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2)
    looping = Agent(recording, faults=Faults(loops_below=table))
    assert read_request(looping.answer(request(GET_NEXT, (*table, 1)))).names == [(*table, 1)]
    failing = Agent(recording, faults=Faults(fails_below=table))
    told = read_request(failing.answer(request(GET_NEXT, (1, 3), (*table, 1))))
    assert (told.first, told.second) == (5, 2)
    gone = Agent(recording, faults=Faults(vanishes_after=1))
    assert gone.answer(request(GET_NEXT, table)) is not None
    assert gone.answer(request(GET_NEXT, table)) is None
    good = message(read_request(request(GET_NEXT, table)), 0, 0, b"")
    assert read_request(other_request_id(good)).request_id != 77
    with pytest.raises(ValueError, match="cut off"):
        read_request(truncated(good))


def test_a_thousand_devices_live_in_one_event_loop():
    ups = load(RECORDINGS / "ups.snmprec")
    agents = {address: Agent(ups) for address in addresses("127.10.8.1", 1_000)}
    asked = request(GET_NEXT, (1, 3, 6))

    async def run() -> int:
        loop, heard = asyncio.get_running_loop(), 0
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.setblocking(False)
        async with Responder(agents, PORT) as responder:
            for address in agents:
                await loop.sock_sendto(client, asked, (address, PORT))
                await asyncio.wait_for(loop.sock_recv(client, 65_535), 5)
                heard += 1
            client.close()
            assert set(responder.packets.values()) == {1}
        return heard

    assert asyncio.run(run()) == 1_000


def test_a_simulated_device_never_leaves_loopback():
    with pytest.raises(ValueError, match="loopback"):
        Responder({"192.0.2.1": Agent(Recording.of([]))}, PORT)
