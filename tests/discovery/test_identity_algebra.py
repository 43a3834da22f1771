"""Merging as algebra: order does not matter, weak keys never merge, groups hold together by strong keys alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from demo.simulator.boxes import mac
from discovery.topology.identity import Merges, Sighting, keys_of, merge_candidates
from discovery.topology.macs import MacKind, mac_kind
from discovery.topology.placeholders import is_serial

VRRP, DOCKER, RANDOMISED = "00:00:5e:00:01:0a", "02:42:ac:11:00:01", "da:a1:19:00:00:01"
ENGINE = "80001f8880e9bd0c1d12667a5100000000"

NUMBERS = st.integers(1, 6)
SIGHTINGS = st.builds(
    Sighting,
    key=st.just(""),
    network=st.sampled_from(["plant", "lab"]),
    address=st.sampled_from(["", "10.0.0.1", "10.0.0.2"]),
    kind=st.sampled_from(["", "plc", "vm", "server", "software"]),
    vendor=st.sampled_from(["", "Moxa", "Siemens"]),
    model=st.sampled_from(["", "EDS-510", "NPort"]),
    serials=st.lists(st.sampled_from(["S4711", "S4712", "S4713", "None"]), max_size=2).map(tuple),
    base_mac=st.one_of(st.just(""), NUMBERS.map(mac), st.sampled_from([VRRP, DOCKER])),
    macs=st.frozensets(
        st.one_of(NUMBERS.map(mac), st.sampled_from([VRRP, RANDOMISED])), max_size=4
    ),
    knows_all_macs=st.booleans(),
    engine_id=st.sampled_from(["", ENGINE, "80000009030090e8aabbcc"]),
    name=st.sampled_from(["", "press4-sw1", "localhost"]),
)


@st.composite
def scenes(draw: st.DrawFn) -> list[Sighting]:
    drawn = draw(st.lists(SIGHTINGS, min_size=1, max_size=7))
    return [_named(one, f"s{place}") for place, one in enumerate(drawn)]


def _named(one: Sighting, key: str, **changes: object) -> Sighting:
    return Sighting(**{**vars(one), "key": key, **changes})


def pairs(found: Merges) -> set[frozenset[str]]:
    return {
        frozenset((a, b)) for group in found.groups for a in group.members for b in group.members
    }


@settings(max_examples=120)
@given(scenes(), st.randoms())
def test_the_order_of_sightings_changes_nothing(scene, random):
    shuffled = list(scene)
    random.shuffle(shuffled)
    assert merge_candidates(shuffled) == merge_candidates(scene)


@settings(max_examples=120)
@given(scenes())
def test_everybody_is_in_one_group_and_a_group_holds_together_by_strong_keys_alone(scene):
    found = merge_candidates(scene)
    members = [name for group in found.groups for name in group.members]
    assert sorted(members) == sorted(one.key for one in scene)
    by_key = {one.key: one for one in scene}
    for group in found.merged:
        assert group.keys
        assert all(key.is_strong for key in group.keys)
        reached = {group.members[0]}
        for _ in group.members:
            for key in group.keys:
                holders = {name for name in group.members if key in keys_of(by_key[name])}
                reached |= holders if holders & reached else set()
        assert reached == set(group.members)


@settings(max_examples=120)
@given(scenes(), st.data())
def test_adding_a_weak_key_never_merges(scene, data):
    plain = [_named(one, one.key, name="", address="") for one in scene]
    weak = st.sampled_from(["", "press4-sw1", "press4-sw2"])
    places = st.sampled_from(["", "10.0.0.1", "10.0.0.2"])
    named = [_named(one, one.key, name=data.draw(weak), address=data.draw(places)) for one in plain]
    assert pairs(merge_candidates(named)) == pairs(merge_candidates(plain))


@settings(max_examples=120)
@given(scenes())
def test_two_serial_numbers_are_never_one_device(scene):
    by_key = {one.key: one for one in scene}
    for group in merge_candidates(scene).groups:
        known = [
            {serial for serial in by_key[name].serials if is_serial(serial)}
            for name in group.members
        ]
        known = [serials for serials in known if serials]
        assert all(a & b for a in known for b in known)


@given(st.binary(min_size=6, max_size=6))
def test_every_hardware_address_has_a_kind(value):
    text = value.hex(":")
    kind = mac_kind(text)
    assert (kind is MacKind.GROUP) <= bool(value[0] & 1)
    assert not (kind is MacKind.UNIVERSAL and value[0] & 3)
