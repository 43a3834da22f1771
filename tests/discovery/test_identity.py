"""Which sightings are one device: strong keys merge, weak keys never do, contradictions go to a person."""

import pytest

from demo.simulator.boxes import mac
from discovery.topology.identity import (
    Clash,
    KeyKind,
    Sighting,
    merge_candidates,
)
from discovery.topology.keys import is_engine
from discovery.topology.placeholders import is_serial

VRRP, HSRP, GLBP = "00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:07:b4:00:01:01"
DOCKER, RANDOMISED = "02:42:ac:11:00:01", "da:a1:19:00:00:01"
ENGINE = "80001f8880e9bd0c1d12667a5100000000"


def groups(*sightings: Sighting) -> list[tuple[str, ...]]:
    return [group.members for group in merge_candidates(sightings).groups]


def clashes(*sightings: Sighting) -> list[Clash]:
    return [conflict.clash for conflict in merge_candidates(sightings).conflicts]


def macs(*numbers: int) -> frozenset[str]:
    return frozenset(mac(number) for number in numbers)


def test_the_same_serial_of_the_same_maker_is_one_device_however_the_maker_is_written():
    one = Sighting("a", vendor="Cisco Systems, Inc.", serials=("FOC1234A1BC",))
    other = Sighting("b", vendor="Cisco", serials=("foc1234a1bc ",))
    (group,) = merge_candidates([one, other]).groups
    assert group.members == ("a", "b")
    assert [key.kind for key in group.keys] == [KeyKind.SERIAL]


def test_the_same_serial_of_another_maker_is_another_device():
    one, other = Sighting("a", vendor="Moxa", serials=("TAI1",)), Sighting("b", vendor="APC")
    assert groups(one, Sighting("b", vendor="APC", serials=("TAI1",))) == [("a",), ("b",)]
    assert groups(one, other) == [("a",), ("b",)]


def test_a_serial_without_a_maker_only_suggests():
    found = merge_candidates(
        [Sighting("a", serials=("TAI102",)), Sighting("b", serials=("TAI102",))]
    )
    assert found.merged == ()
    assert [suggestion.members for suggestion in found.suggestions] == [("a", "b")]


@pytest.mark.parametrize(
    "serial",
    [
        *(
            "0",
            "00000000",
            "123456",
            "1234567890",
            "Not Specified",
            "None",
            "N/A",
            "To be filled by O.E.M.",
        ),
        *(
            "Default string",
            "System Serial Number",
            "XXXXXXXX",
            "SG05XXXXXX",
            "9999999999999F9999",
            "-",
            "1",
        ),
    ],
)
def test_serials_that_firmware_ships_with_identify_nothing(serial):
    assert not is_serial(serial)
    assert groups(
        Sighting("a", vendor="HP", serials=(serial,)), Sighting("b", vendor="HP", serials=(serial,))
    ) == [("a",), ("b",)]


@pytest.mark.parametrize("shared", [VRRP, HSRP, GLBP, DOCKER, RANDOMISED, "01:00:5e:00:00:fb"])
def test_hardware_addresses_that_many_have_identify_nothing(shared):
    one = Sighting("a", macs=frozenset({shared}), base_mac=shared, chassis=f"mac {shared}")
    other = Sighting("b", macs=frozenset({shared}), base_mac=shared, chassis=f"mac {shared}")
    assert groups(one, other) == [("a",), ("b",)]


def test_an_address_heard_is_the_device_that_has_it_on_an_interface():
    read = Sighting("read", macs=macs(1, 2, 3), knows_all_macs=True)
    heard = Sighting("heard", macs=macs(2))
    assert groups(read, heard) == [("heard", "read")]


def test_two_machines_with_one_driver_address_in_common_stay_two():
    one = Sighting("a", macs=macs(1, 9), knows_all_macs=True)
    other = Sighting("b", macs=macs(2, 9), knows_all_macs=True)
    assert groups(one, other) == [("a",), ("b",)]


def test_the_same_key_with_different_serials_is_a_conflict():
    one = Sighting("a", vendor="Moxa", serials=("TAI1021",), base_mac=mac(1))
    other = Sighting("b", vendor="Moxa", serials=("TAI2044",), base_mac=mac(1))
    assert groups(one, other) == [("a",), ("b",)]
    assert set(clashes(one, other)) == {Clash.SERIAL_DIFFERS}


def test_the_same_serial_on_hardware_that_has_nothing_in_common_is_a_conflict():
    one = Sighting("a", vendor="X", serials=("S4711",), macs=macs(1, 2), knows_all_macs=True)
    other = Sighting("b", vendor="X", serials=("S4711",), macs=macs(3, 4), knows_all_macs=True)
    assert groups(one, other) == [("a",), ("b",)]
    assert clashes(one, other) == [Clash.HARDWARE_DIFFERS]


def test_the_same_serial_on_two_models_is_a_conflict():
    one = Sighting("a", vendor="X", serials=("S4711",), model="EDS-510")
    other = Sighting("b", vendor="X", serials=("S4711",), model="NPort 5110")
    assert clashes(one, other) == [Clash.MODEL_DIFFERS]
    assert groups(one, Sighting("b", vendor="X", serials=("S4711",), model="EDS 510 rev 2")) == [
        ("a", "b")
    ]


def test_a_cloned_virtual_machine_is_not_its_original():
    one = Sighting("a", kind="vm", engine_id=ENGINE, macs=macs(1), vendor="V", serials=("S4711",))
    clone = Sighting("b", kind="vm", engine_id=ENGINE, macs=macs(2), vendor="V", serials=("S4711",))
    assert groups(one, clone) == [("a",), ("b",)]
    assert groups(one, Sighting("c", kind="vm", macs=macs(1))) == [("a", "c")]


def test_an_engine_id_identifies_unless_it_is_made_of_something_that_repeats():
    assert groups(Sighting("a", engine_id=ENGINE), Sighting("b", engine_id=ENGINE)) == [("a", "b")]
    of_address, of_text, of_zeros = (
        "80001f8801c0a80001",
        "80001f88046c6f63616c",
        "8000000903000000000000",
    )
    assert not any(is_engine(one) for one in (of_address, of_text, of_zeros, "", "xyz"))
    assert is_engine("80000009030090e8aabbcc")


def test_software_shows_the_keys_of_its_host_and_is_not_its_host():
    host = Sighting("host", kind="server", vendor="X", serials=("S4711",), macs=macs(1))
    program = Sighting("program", kind="software", vendor="X", serials=("S4711",), macs=macs(1))
    assert groups(host, program) == [("host",), ("program",)]


def test_a_stack_is_itself_with_a_member_more_and_its_halves_are_a_conflict():
    stack = Sighting("stack", vendor="X", serials=("S4711", "S4712"))
    grown = Sighting("grown", vendor="X", serials=("S4711", "S4712", "S4713"))
    assert groups(stack, grown) == [("grown", "stack")]
    halves = [
        Sighting("one", vendor="X", serials=("S4711",)),
        Sighting("two", vendor="X", serials=("S4712",)),
    ]
    found = merge_candidates([stack, *halves])
    assert found.merged == ()
    assert {conflict.clash for conflict in found.conflicts} == {Clash.SERIAL_DIFFERS}


def test_the_same_address_in_two_networks_does_not_even_suggest():
    one = Sighting("a", network="line1", address="192.168.0.1", name="press")
    other = Sighting("b", network="line2", address="192.168.0.1", name="press")
    found = merge_candidates([one, other])
    assert found.merged == ()
    assert found.suggestions == ()


@pytest.mark.parametrize("name", ["localhost", "switch", "Switch", "<private>", "ubnt", ""])
def test_a_name_everybody_has_does_not_even_suggest(name):
    found = merge_candidates([Sighting("a", name=name), Sighting("b", name=name)])
    assert found.merged == ()
    assert found.suggestions == ()


def test_the_same_name_or_address_only_suggests():
    one = Sighting("a", network="plant", address="10.0.0.1", name="press4-sw1")
    other = Sighting("b", network="plant", address="10.0.0.1", name="press4-sw1")
    found = merge_candidates([one, other])
    assert found.merged == ()
    (suggestion,) = found.suggestions
    assert {key.kind for key in suggestion.keys} == {KeyKind.ADDRESS, KeyKind.NAME}


def test_a_name_that_many_have_suggests_nothing():
    many = [Sighting(f"s{n}", network="plant", name="press4-sw1") for n in range(5)]
    assert merge_candidates(many).suggestions == ()
    assert len(merge_candidates(many[:2]).suggestions) == 1


def test_two_devices_that_are_proven_different_are_not_suggested():
    one = Sighting("a", name="press4-sw1", vendor="X", serials=("S4711",))
    other = Sighting("b", name="press4-sw1", vendor="X", serials=("S4712",))
    assert merge_candidates([one, other]).suggestions == ()


def test_strong_keys_chain():
    one = Sighting("a", vendor="X", serials=("S4711",))
    two = Sighting("b", vendor="X", serials=("S4711",), base_mac=mac(1))
    three = Sighting("c", base_mac=mac(1), engine_id=ENGINE)
    four = Sighting("d", engine_id=ENGINE)
    assert groups(one, two, three, four) == [("a", "b", "c", "d")]


def test_a_chain_that_ends_in_a_contradiction_merges_nothing_of_that_link():
    one = Sighting("a", vendor="X", serials=("S4711",), base_mac=mac(1))
    bridge = Sighting("b", base_mac=mac(1), engine_id=ENGINE)
    other = Sighting("c", vendor="X", serials=("S4712",), engine_id=ENGINE)
    found = merge_candidates([one, bridge, other])
    assert [group.members for group in found.groups] == [("a", "b"), ("c",)]
    assert [conflict.members for conflict in found.conflicts] == [("a", "b", "c")]


def test_the_same_device_seen_many_times_is_one():
    seen = [Sighting(f"scan {n}", macs=macs(1, 2), knows_all_macs=True) for n in range(100)]
    assert len(groups(*seen)) == 1
