"""One address asked by the real nmap through the real gate, counted at simulated devices and on the wire."""

import asyncio
import dataclasses
import time
from datetime import UTC, datetime, timedelta
from datetime import time as at

import pytest

from discovery.collectors import asking, nmap_running
from discovery.collectors.asking import Answers, Place, ask
from discovery.collectors.guard import Guard, LogLine
from discovery.rules.methods import METHODS, PACKETS, Step, steps_of
from discovery.rules.probes import Mode, Outcome, Request
from discovery.rules.safety import Approval, Policy, Refusal
from discovery.rules.targets import TargetSet
from discovery.rules.windows import Window
from tests.simulators.control import (
    banner,
    enip,
    hang_up,
    modbus,
    needs_low_ports,
    needs_nmap,
    one_at_a_time,
    opcua,
    plain_port,
    s7,
    serving,
    silence,
)
from tests.simulators.frames import frames_to, needs_frames

pytestmark = [needs_nmap, needs_low_ports, one_at_a_time]

ADDRESS = "127.60.2.1"
EVERY_DAY = frozenset(range(7))
ALWAYS = (Window(EVERY_DAY, at(0), at(13)), Window(EVERY_DAY, at(12), at(1)))
OFFICE = Policy(
    "office",
    TargetSet.of(["127.60.2.0/24"], ["127.60.2.9"]),
    Mode.IT,
    "4",
    gap_seconds=0,
    subnet_rate=1_000,
    overall_rate=1_000,
)
HALL = dataclasses.replace(OFFICE, mode=Mode.GENTLE)
"""Gentle, and outside of OT: no consent and no second between two requests."""
IDENTIFY = [
    Request.S7_READ_SZL,
    Request.MODBUS_IDENTIFY,
    Request.OPCUA_GET_ENDPOINTS,
    Request.ENIP_LIST_IDENTITY,
]


def cell(expires_in: float = 3600, **given) -> Policy:
    """Return a policy of Purdue level 1 with an open window and a consent."""
    now = datetime.now(UTC)
    consent = Approval("Helena Fischer", now, now + timedelta(seconds=expires_in))
    given = {"mode": Mode.GENTLE, "purdue_level": "1", "windows": ALWAYS} | given
    return dataclasses.replace(OFFICE, approval=consent, **given)


def visit(
    policy: Policy,
    methods,
    *,
    address=ADDRESS,
    is_alive=True,
    stop=lambda: False,
    steps=None,
    late=None,
) -> tuple[Answers, list[LogLine], float]:
    """Ask one address through the real gate; return what came, the log, and the seconds it took.

    From the moment `late` says so the rules' clock is an hour ahead.
    """
    log: list[LogLine] = []

    async def run() -> Answers:
        guard = Guard(policy, stop, log.append, now=_clock(late))
        return await ask(
            guard,
            Place(policy.network, address),
            steps_of(policy.acting_mode, methods) if steps is None else steps,
            is_sequential=policy.acting_mode is not Mode.IT,
            is_alive=is_alive,
        )

    began = time.monotonic()
    answers = asyncio.run(run())
    return answers, log, time.monotonic() - began


def _clock(late):
    """Return the rules' clock."""
    is_late: list[float] = []

    def now() -> datetime:
        if late is not None and late():
            is_late.append(time.monotonic())
            late.noticed_at = is_late[0]
        return datetime.now(UTC) + (timedelta(hours=1) if is_late else timedelta())

    return now


def once_connected(counted, connections: int):
    """Return whether a device has taken so many connections, with a memory of when that was first seen."""

    def is_connected() -> bool:
        return counted.connections >= connections

    return is_connected


def told(answers: Answers) -> dict[int, dict[str, str]]:
    return {port.port: dict(script.elements) for port in answers.ports for script in port.scripts}


def test_each_control_system_says_what_it_is():
    devices = {"modbus": modbus(), "s7": s7(), "enip": enip(), "opcua": opcua()}
    with serving(**{name: (ADDRESS, one) for name, one in devices.items()}) as counts:
        answers, log, _took = visit(HALL, IDENTIFY)
    found = told(answers)
    assert found[102]["Serial Number"] == "S C-C2UR28922012"
    assert found[502]["Product code"] == "BMX P34 2020"
    assert found[4840]["Product URI"] == "https://www.siemens.com/s7-1500"
    assert found[44818]["serialNumber"] == "0x006c061a"
    assert answers.is_complete
    assert [line.probe.port for line in log] == [102, 502, 4840, 44818]
    assert {line.outcome for line in log} == {"answered"}
    assert counts["modbus"].requests == ["ReadDeviceInformationRequest", "ReportDeviceIdRequest"]
    assert counts["opcua"].requests == ["GetEndpointsRequest"]


def test_a_modbus_controller_that_hangs_up_is_asked_once_and_not_246_times():
    with serving(plc=(ADDRESS, plain_port(502, hang_up))) as counts:
        answers, log, _took = visit(HALL, [Request.MODBUS_IDENTIFY])
    # nmap looks whether the port is open, its script asks: two connections, both closed.
    assert counts["plc"].connections == counts["plc"].closed == 2
    assert [line.outcome for line in log] == [Outcome.TIMED_OUT]
    assert answers.trials == {Request.MODBUS_IDENTIFY: False}


@needs_frames
def test_a_closed_port_takes_one_frame_and_no_script():
    with frames_to(ADDRESS) as frames:
        answers, log, _took = visit(
            HALL, [Request.MODBUS_IDENTIFY, Request.S7_READ_SZL, Request.ENIP_LIST_IDENTITY]
        )
    assert frames.by_port == {102: ["S"], 502: ["S"], 44818: ["S"]}
    assert {line.outcome for line in log} == {Outcome.REFUSED_BY_HOST}
    assert sum(line.probe.packets for line in log) == answers.packets == 3
    assert answers.has_answered
    assert not answers.is_identified


@needs_frames
@pytest.mark.parametrize(
    ("request_", "server", "port"),
    [
        (Request.MODBUS_IDENTIFY, modbus, 502),
        (Request.S7_READ_SZL, s7, 102),
        (Request.ENIP_LIST_IDENTITY, enip, 44818),
        (Request.OPCUA_GET_ENDPOINTS, opcua, 4840),
        (Request.TCP_CONNECT, lambda: plain_port(22, silence), 22),
        (Request.SERVICE_VERSION, lambda: plain_port(22, banner(b"SSH-2.0-OpenSSH_9.2p1\r\n")), 22),
    ],
)
def test_no_request_takes_more_frames_than_a_dry_run_says(request_, server, port):
    steps = [Step(request_, port)]
    if request_ is Request.SERVICE_VERSION:
        steps.insert(0, Step(Request.TCP_CONNECT, port))
    with serving(device=(ADDRESS, server())), frames_to(ADDRESS) as frames:
        answers, _log, _took = visit(OFFICE, [], steps=steps)
    assert answers.is_complete
    assert 3 <= frames.count(port) <= sum(PACKETS[step.request] for step in steps)
    assert answers.packets == sum(PACKETS[step.request] for step in steps)


def test_named_ports_are_tried_in_sequence_one_run_each():
    with serving(ssh=(ADDRESS, plain_port(22, silence)), web=(ADDRESS, plain_port(80, silence))):
        answers, log, _took = visit(HALL, [Request.TCP_CONNECT])
    assert [line.probe.port for line in log] == [22, 80, 102, 443, 502, 1883, 4840, 44818]
    assert len(answers.reports) == 8
    assert [port.port for port in answers.ports if port.is_open] == [22, 80]


def test_in_it_bare_connections_go_in_one_run_and_versions_are_asked_of_open_ports():
    servers = {
        "ssh": (ADDRESS, plain_port(22, banner(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"))),
        "plc": (ADDRESS, plain_port(102, silence)),
    }
    with serving(**servers) as counts:
        answers, log, _took = visit(OFFICE, [Request.TCP_CONNECT, Request.SERVICE_VERSION])
    (ssh,) = [port for port in answers.ports if port.port == 22]
    assert (ssh.product, ssh.version) == ("OpenSSH", "9.2p1 Debian 2+deb12u3")
    assert len(answers.reports) == 2
    asked = [line.probe.port for line in log if line.probe.request is Request.SERVICE_VERSION]
    assert asked == [22]
    assert counts["plc"].connections == 1


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (dataclasses.replace(OFFICE, mode=Mode.PASSIVE), Refusal.MODE),
        (dataclasses.replace(OFFICE, mode=Mode.SNMP_ONLY), Refusal.MODE),
        (dataclasses.replace(HALL, targets=TargetSet.of(["127.60.3.0/24"])), Refusal.NOT_ALLOWED),
        (
            dataclasses.replace(HALL, targets=TargetSet.of(["127.60.2.0/24"], [ADDRESS])),
            Refusal.EXCLUDED,
        ),
        (
            dataclasses.replace(
                HALL,
                never_scan=TargetSet.of([ADDRESS]).allowed
                and frozenset(TargetSet.of([ADDRESS]).addresses()),
            ),
            Refusal.NEVER_SCAN,
        ),
        (
            dataclasses.replace(
                HALL, safety_systems=frozenset(TargetSet.of([ADDRESS]).addresses())
            ),
            Refusal.SAFETY_SYSTEM,
        ),
        (cell(windows=()), Refusal.OUTSIDE_WINDOW),
        (dataclasses.replace(cell(), approval=None), Refusal.NO_APPROVAL),
        (cell(expires_in=-1), Refusal.APPROVAL_EXPIRED),
    ],
    ids=lambda one: one.value if isinstance(one, Refusal) else "",
)
def test_what_the_rules_forbid_gets_no_connection(policy, reason):
    """The steps are those of a gentle network, as if the plan were wrong: the gate decides when they are sent."""
    devices = {
        str(port): (ADDRESS, plain_port(port, silence)) for port in (22, 80, 102, 502, 4840, 44818)
    }
    with serving(**devices) as counts:
        answers, log, _took = visit(policy, [], steps=steps_of(Mode.GENTLE, METHODS))
    assert sum(one.connections for one in counts.values()) == 0
    assert {line.outcome for line in log} == {reason.value}
    assert not any(line.was_sent for line in log)
    assert answers.packets == 0
    assert not answers.has_answered


def test_in_ot_nobody_gets_more_than_gentle_whatever_was_chosen():
    policy = cell(mode=Mode.IT)
    with serving(rdp=(ADDRESS, plain_port(3389, silence))) as counts:
        steps = [Step(Request.TCP_CONNECT, 3389), Step(Request.SERVICE_VERSION, 3389)]
        _answers, log, _took = visit(policy, [], steps=steps)
        assert steps_of(policy.acting_mode, METHODS) == steps_of(Mode.GENTLE, METHODS)
    assert counts["rdp"].connections == 0
    assert {line.outcome for line in log} == {Refusal.MODE.value}


def test_in_ot_a_second_passes_between_two_requests_to_a_host():
    with serving(modbus=(ADDRESS, modbus())):
        _answers, log, took = visit(cell(), [Request.MODBUS_IDENTIFY, Request.S7_READ_SZL])
    assert [line.was_sent for line in log] == [True, True]
    assert took >= 1


def test_a_host_that_does_not_answer_two_requests_is_left_alone():
    servers = {str(port): (ADDRESS, plain_port(port, silence)) for port in (102, 502, 44818)}
    with serving(**servers) as counts:
        answers, log, _took = visit(HALL, IDENTIFY)
    assert [line.outcome for line in log] == [
        Outcome.TIMED_OUT,
        Outcome.TIMED_OUT,
        Refusal.HOST_STOPPED,
    ]
    assert counts["44818"].connections == 0
    assert answers.refusal is Refusal.HOST_STOPPED


def test_the_kill_switch_ends_a_running_nmap_within_a_second():
    with serving(plc=(ADDRESS, plain_port(502, silence))) as counts:
        asked_at: list[float] = []

        def stop() -> bool:
            """Pull the plug once nmap's script waits for an answer."""
            if counts["plc"].connections == 2:
                asked_at.append(time.monotonic())
            return bool(asked_at)

        answers, log, _took = visit(HALL, [Request.MODBUS_IDENTIFY], stop=stop)
        assert time.monotonic() - asked_at[0] < 1
        time.sleep(0.2)
        assert counts["plc"].closed == 2
    assert answers.refusal is Refusal.KILLED
    assert [line.outcome for line in log] == [Refusal.KILLED, Outcome.BROKEN_OFF]


def test_the_end_of_a_consent_ends_a_running_nmap_within_a_second():
    with serving(plc=(ADDRESS, plain_port(502, silence))) as counts:
        late = once_connected(counts["plc"], 2)
        answers, _log, _took = visit(cell(expires_in=600), [Request.MODBUS_IDENTIFY], late=late)
        assert time.monotonic() - late.noticed_at < 1
        time.sleep(0.2)
        assert counts["plc"].closed == 2
    assert answers.refusal is Refusal.APPROVAL_EXPIRED


def test_the_windows_end_ends_a_visit_to_an_opc_ua_server_within_a_second():
    now = datetime.now(UTC)
    opens, closes = (now - timedelta(minutes=1)).time(), (now + timedelta(minutes=30)).time()
    policy = cell(expires_in=7200, windows=(Window(EVERY_DAY, opens, closes),))
    with serving(plc=(ADDRESS, plain_port(4840, silence))) as counts:
        late = once_connected(counts["plc"], 1)
        answers, _log, _took = visit(policy, [Request.OPCUA_GET_ENDPOINTS], late=late)
        assert time.monotonic() - late.noticed_at < 1
        time.sleep(0.2)
        assert counts["plc"].closed == 1
    assert answers.refusal is Refusal.OUTSIDE_WINDOW


def test_a_cancelled_run_leaves_no_process_behind(monkeypatch):
    children = []
    started = asyncio.create_subprocess_exec

    async def remembering(*args, **kwargs):
        child = await started(*args, **kwargs)
        children.append(child)
        return child

    monkeypatch.setattr(nmap_running.asyncio, "create_subprocess_exec", remembering)
    with serving(plc=(ADDRESS, plain_port(502, silence))) as counts:
        visit(HALL, [Request.MODBUS_IDENTIFY], stop=lambda: counts["plc"].connections > 0)
    assert [child.returncode is not None for child in children] == [True]


def test_without_nmap_everything_else_still_goes(monkeypatch):
    monkeypatch.setattr(asking, "nmap_path", lambda: None)
    with serving(opcua=(ADDRESS, opcua())):
        answers, log, _took = visit(HALL, IDENTIFY)
    assert answers.problems == (nmap_running.NEEDS,)
    assert "apt-get install nmap" in answers.problems[0]
    assert [line.probe.request for line in log] == [Request.OPCUA_GET_ENDPOINTS]
    assert answers.is_identified


@pytest.mark.parametrize("script", ["exit 3", "echo '<x/>'", "yes '<a>'", "cat /dev/zero"])
def test_an_nmap_that_fails_is_told_of_and_harms_nothing(monkeypatch, tmp_path, script):
    fake = tmp_path / "nmap"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(nmap_running, "nmap_path", lambda: str(fake))
    answers, log, took = visit(HALL, [Request.MODBUS_IDENTIFY])
    assert [line.outcome for line in log] == [Outcome.BROKEN_OFF]
    assert len(answers.problems) == 1
    assert answers.trials == {Request.MODBUS_IDENTIFY: None}
    assert took < 20


def test_a_host_check_that_fails_ends_the_visit(monkeypatch):
    """On loopback nmap calls every address up, so its word is put into its mouth."""
    report = (
        '<nmaprun scanner="nmap"><runstats><finished time="1"/>'
        '<hosts up="0" down="1" total="1"/></runstats></nmaprun>'
    )

    async def nobody(_arguments, *, seconds):
        return report.encode()

    monkeypatch.setattr(asking, "run_nmap", nobody)
    monkeypatch.setattr(asking, "is_privileged", lambda: True)
    with serving(plc=(ADDRESS, plain_port(502, silence))) as counts:
        methods = [Request.HOST_ALIVE, Request.MODBUS_IDENTIFY]
        answers, log, _took = visit(HALL, methods, is_alive=False)
        assert counts["plc"].connections == 0
    assert [(line.probe.request, line.outcome) for line in log] == [
        (Request.HOST_ALIVE, Outcome.TIMED_OUT)
    ]
    assert not answers.has_answered


def test_a_host_that_just_answered_is_not_checked_again():
    with serving(plc=(ADDRESS, modbus())):
        methods = [Request.HOST_ALIVE, Request.MODBUS_IDENTIFY]
        _answers, log, _took = visit(HALL, methods, is_alive=True)
    assert [line.probe.request for line in log] == [Request.MODBUS_IDENTIFY]


def test_without_roots_rights_the_host_check_is_left_out_and_said_so(monkeypatch):
    monkeypatch.setattr(asking, "is_privileged", lambda: False)
    with serving(plc=(ADDRESS, modbus())):
        methods = [Request.HOST_ALIVE, Request.MODBUS_IDENTIFY]
        answers, log, _took = visit(HALL, methods, is_alive=False)
    assert [line.probe.request for line in log] == [Request.MODBUS_IDENTIFY]
    assert answers.problems == (asking.NO_RAW_SOCKETS,)
    assert answers.is_identified
