"""SNMPv3: every digest and cipher, contexts, wrong keys; against pysnmp's own agent and net-snmp's."""

import asyncio
import dataclasses
from pathlib import Path

import pytest

from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent
from discovery.collectors.snmp.conversation import Target
from discovery.collectors.snmp.credentials import Auth, Privacy, User
from discovery.collectors.snmp.plan import IT_LIMITS, standard_plan
from discovery.collectors.snmp.reading import DeviceRead, read_device
from discovery.collectors.snmp.wire import Wire
from discovery.rules.probes import Outcome
from discovery.rules.readings import Oid, dotted, oid
from tests.simulators.net_snmp import needs_agent, needs_walker, running_agent, walk
from tests.simulators.scanning import OWN, PORT, OpenGate, read_one
from tests.simulators.snmp_users import user_agent

SWITCH = load(OWN / "switch_lldp.snmprec")
PLAN = standard_plan(dataclasses.replace(IT_LIMITS, sample=0, seconds=0.5))
ADDRESS = "127.10.4.1"
SECRET, OTHER = "a long pass phrase", "quite another phrase"
USERS = [
    User("nobody"),
    *(User(f"signs-{auth.value}", auth, SECRET) for auth in Auth),
    *(User(f"hides-{privacy.value}", Auth.SHA256, SECRET, privacy, OTHER) for privacy in Privacy),
    User("hides-old", Auth.MD5, SECRET, Privacy.DES, OTHER),
    User("in-context", Auth.SHA1, SECRET, Privacy.AES128, OTHER, context="vlan-40"),
]


def read_as(*users: User, gate: OpenGate | None = None) -> tuple[list[DeviceRead], int]:
    """Read the switch as some users, one after another over one wire; return the datagrams it got, too."""

    async def run() -> tuple[list[DeviceRead], int]:
        target = Target("lab", ADDRESS, PORT)
        async with user_agent(SWITCH, USERS, ADDRESS, PORT) as transport, Wire() as wire:
            told = [
                await read_device(wire, target, user, PLAN, gate or OpenGate()) for user in users
            ]
            return told, transport.packets

    return asyncio.run(run())


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
def test_a_user_reads_what_a_community_reads(user: User):
    gate = OpenGate()
    (told,), packets = read_as(user, gate=gate)
    assert told.is_complete, told.reading.problems
    expected = read_one(Agent(SWITCH), PLAN).reading.varbinds
    assert told.reading.varbinds == expected
    assert len(gate.admitted) == len(gate.outcomes) == told.requests == packets
    assert set(gate.outcomes) == {Outcome.ANSWERED}


@pytest.mark.parametrize(
    ("user", "why"),
    [
        (User("stranger", Auth.SHA256, SECRET), "does not know the user"),
        (User("signs-sha256", Auth.SHA256, OTHER), "authentication key or digest"),
        (User("signs-sha256", Auth.SHA512, SECRET), "authentication key or digest"),
        (
            User("hides-aes128", Auth.SHA256, SECRET, Privacy.AES128, SECRET),
            "encryption key or cipher",
        ),
    ],
    ids=["stranger", "key", "digest", "cipher-key"],
)
def test_wrong_credentials_are_told_apart_and_never_tried_again(user: User, why: str):
    gate = OpenGate()
    (told,), packets = read_as(user, gate=gate)
    assert not told.is_complete
    assert why in told.reading.problems[0]
    assert SECRET not in str(told.reading.problems) + repr(user)
    assert packets == len(gate.outcomes) <= 3
    assert gate.outcomes[-1] is Outcome.REFUSED_BY_HOST


def test_the_same_user_name_with_another_key_is_another_user():
    right, wrong = (
        User("signs-sha256", Auth.SHA256, SECRET),
        User("signs-sha256", Auth.SHA256, OTHER),
    )
    told, _packets = read_as(right, wrong, right)
    assert [one.is_complete for one in told] == [True, False, True]


def test_version_6_of_ip_works_for_users_too():
    async def run() -> DeviceRead:
        async with user_agent(SWITCH, USERS, ADDRESS, PORT), Wire() as wire:
            target = Target("lab", f"::ffff:{ADDRESS}", PORT)
            return await read_device(wire, target, USERS[1], PLAN, OpenGate())

    assert asyncio.run(run()).is_complete


def test_a_device_without_version_3_costs_two_datagrams():
    agent, gate = Agent(SWITCH), OpenGate()
    told = read_one(agent, PLAN, gate, User("ops", Auth.SHA256, SECRET))
    assert agent.packets == 2
    assert gate.outcomes == [Outcome.TIMED_OUT] * 2
    assert not told.has_answered


@needs_agent
@needs_walker
@pytest.mark.parametrize(
    ("cipher", "privacy"),
    [
        ("DES", Privacy.DES),
        ("AES", Privacy.AES128),
        ("AES-192", Privacy.AES192),
        ("AES-256", Privacy.AES256),
    ],
)
def test_net_snmps_agent_tells_our_user_what_it_tells_its_own(
    tmp_path: Path, cipher: str, privacy: Privacy
):
    address, port = "127.10.4.9", PORT
    lines = f'createUser ops SHA "{SECRET}" {cipher} "{OTHER}"\nrouser ops authpriv\nsysName independent-agent'
    keys = (
        "-v3",
        "-l",
        "authPriv",
        "-u",
        "ops",
        "-a",
        "SHA",
        "-A",
        SECRET,
        "-x",
        cipher,
        "-X",
        OTHER,
    )

    async def run() -> DeviceRead:
        user = User("ops", Auth.SHA1, SECRET, privacy, OTHER)
        async with Wire() as wire:
            return await read_device(wire, Target("lab", address, port), user, PLAN, OpenGate())

    with running_agent(tmp_path, address, port, lines):
        walked: set[Oid] = set()
        for table in PLAN.tables:
            walked |= set(walk(f"{address}:{port}", dotted(table.entry), auth=keys))
        told = asyncio.run(run())
    assert told.is_complete, told.reading.problems
    roots = {root for table in PLAN.tables for root in table.roots}
    wanted = {name for name in walked if any(name[: len(root)] == root for root in roots)}
    assert told.reading.text(oid("1.3.6.1.2.1.1.5.0")) == "independent-agent"
    assert wanted
    assert wanted == set(told.reading.varbinds) - set(PLAN.scalars)


@needs_agent
@pytest.mark.parametrize(
    ("user", "why"),
    [
        (User("ops", Auth.SHA1, SECRET, Privacy.AES128, OTHER), "level of protection"),
        (User("ops", Auth.SHA1, OTHER), "authentication key or digest"),
        (User("stranger"), "does not know the user"),
    ],
    ids=["level", "key", "stranger"],
)
def test_net_snmps_agent_denies_and_we_say_why(tmp_path: Path, user: User, why: str):
    address, port = "127.10.4.9", PORT
    gate = OpenGate()

    async def run() -> DeviceRead:
        async with Wire() as wire:
            return await read_device(wire, Target("lab", address, port), user, PLAN, gate)

    with running_agent(tmp_path, address, port, f'createUser ops SHA "{SECRET}"\nrouser ops auth'):
        told = asyncio.run(run())
    assert why in told.reading.problems[0]
    assert len(gate.outcomes) <= 3
