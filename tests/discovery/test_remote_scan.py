"""Scans by a real collector process over each broker, against simulated devices that count their packets.

this test --order--> [broker: folder, Redis, RabbitMQ] --> collector process --SNMP--> devices on 127.30.0.x
"""

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from demo.simulator.snmp_agent import Agent
from discovery.collectors.remote import terms
from discovery.collectors.remote.centre import CollectorError, remote_scan
from discovery.collectors.remote.greeting import greet
from discovery.collectors.remote.messages import new_key, queue_of, reply_queue
from discovery.collectors.remote.post import Broker, Post
from discovery.collectors.scanning import scan
from discovery.rules.safety import Refusal
from tests.discovery.plants import agents
from tests.discovery.remote_parts import (
    PATIENCE,
    Field,
    drained,
    field_on,
    in_a_thread,
    order_of,
    until,
)
from tests.simulators.scanning import served_elsewhere

SIX = tuple(f"127.30.0.{number}" for number in range(1, 7))


@pytest.fixture(params=["folder", "redis", "rabbitmq"])
def any_field(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Field]:
    found = field_on(request.param, tmp_path)
    yield found
    found.stop()


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    found = field_on("folder", tmp_path)
    yield found
    found.stop()


@pytest.fixture
def devices() -> Iterator[dict[str, Agent]]:
    """Six devices that take their time."""
    served = agents(*SIX, latency=0.12)
    with served_elsewhere(served):
        yield served


def packets(served: dict[str, Agent]) -> int:
    return sum(agent.packets for agent in served.values())


def quiet_since(served: dict[str, Agent], seconds: float) -> float:
    """Return when the last packet came (steady clock): nothing came for so long after it."""
    last, count = time.monotonic(), packets(served)
    while time.monotonic() - last < seconds:
        time.sleep(0.01)
        if packets(served) != count:
            last, count = time.monotonic(), packets(served)
    return last


def started(field: Field, served: dict[str, Agent], stop: threading.Event):
    """Begin a remote scan in a thread and wait for its first packets."""
    field.start()
    thread, told = in_a_thread(remote_scan(order_of(*SIX, concurrency=1), stop, field.way()))
    until(lambda: packets(served) > 5)
    return thread, told


def test_a_remote_scan_tells_what_a_local_one_tells(any_field):
    served = {**agents("127.30.0.1", recording="switch_lldp"), **agents("127.30.0.2")}
    order = order_of("127.30.0.1", "127.30.0.2", "127.30.0.3", "127.31.0.1")
    any_field.start()
    with served_elsewhere(served):
        here = drained(scan(order, threading.Event()))
        there = drained(remote_scan(order, threading.Event(), any_field.way()))
    assert {one: done.read for one, done in there.devices.items()} == {
        one: done.read for one, done in here.devices.items()
    }
    assert sorted((line.probe.address, line.outcome, line.was_sent) for line in there.lines) == (
        sorted((line.probe.address, line.outcome, line.was_sent) for line in here.lines)
    )
    assert there.over == here.over
    post = Post(any_field.broker)
    assert post.depth(reply_queue(any_field.site, "scan-1")) == 0
    until(lambda: post.depth(queue_of(any_field.site)) == 0)
    post.close()


def test_the_kill_switch_stops_all_packets_within_a_second(any_field, devices):
    stop = threading.Event()
    thread, told = started(any_field, devices, stop)
    stop.set()
    pulled = time.monotonic()
    assert quiet_since(devices, 1.5) - pulled < 1
    thread.join(PATIENCE)
    assert told.over.refusal is Refusal.KILLED
    assert time.monotonic() - pulled < PATIENCE


def test_a_killed_centre_leaves_no_packet_after_the_lease(field, devices):
    """The worker is killed without a word: its collector stops by itself."""
    field.start()
    script = (
        "import pickle,sys,threading\n"
        "from discovery.collectors.remote.centre import remote_scan\n"
        "order, way = pickle.loads(bytes.fromhex(sys.stdin.read()))\n"
        "for event in remote_scan(order, threading.Event(), way): pass\n"
    )
    order = order_of(*SIX, concurrency=1)
    centre = subprocess.Popen(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, stdin=subprocess.PIPE
    )
    assert centre.stdin is not None
    centre.stdin.write(pickle.dumps((order, field.way())).hex().encode())
    centre.stdin.close()
    until(lambda: packets(devices) > 5)
    centre.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    centre.wait()
    assert quiet_since(devices, 2) - killed < terms.LEASE + 0.5
    thread, told = in_a_thread(remote_scan(order_of(*SIX[:2]), threading.Event(), field.way()))
    thread.join(PATIENCE)
    assert told.over is not None
    assert told.over.error is None
    assert set(told.devices) == set(SIX[:2])


def test_a_centre_that_does_not_come_back_for_more_lets_the_lease_end(field, devices):
    """It hangs before it could look at the kill switch: no word goes out, so the collector stops."""
    field.start()
    events = remote_scan(order_of(*SIX, concurrency=1), threading.Event(), field.way())
    while packets(devices) < 5:
        next(events)
    hung = time.monotonic()
    assert quiet_since(devices, 2) - hung < terms.LEASE + 0.5
    rest = drained(events)
    assert rest.over.error is None
    assert len(rest.devices) == 6


def test_a_killed_collector_that_comes_back_reads_what_is_left(field, devices):
    thread, told = started(field, devices, threading.Event())
    until(lambda: told.devices)
    os.killpg(field.processes[0].pid, signal.SIGKILL)
    field.processes[0].wait()
    stopped = packets(devices)
    time.sleep(0.5)
    assert packets(devices) == stopped
    field.start()
    thread.join(PATIENCE)
    assert told.over.error is None
    assert set(told.devices) == set(SIX)
    assert all(done.read.is_complete for done in told.devices.values())


def test_a_killed_collector_that_stays_away_is_said_to_be(field, devices, monkeypatch):
    monkeypatch.setattr(terms, "RETURN", 1.0)
    thread, told = started(field, devices, threading.Event())
    until(lambda: told.devices)
    os.killpg(field.processes[0].pid, signal.SIGKILL)
    thread.join(PATIENCE)
    assert isinstance(told.over.error, CollectorError)
    assert "Collector Shed does not answer" in str(told.over.error)
    assert f"{6 - len(told.devices)} addresses are left" in str(told.over.error)


def test_a_collector_asked_to_leave_says_so_and_the_next_one_goes_on(field, devices):
    thread, told = started(field, devices, threading.Event())
    field.processes[0].terminate()
    asked = time.monotonic()
    field.start()
    assert field.processes[0].wait(PATIENCE) == 0
    assert time.monotonic() - asked < terms.LEASE + 3
    thread.join(PATIENCE)
    assert set(told.devices) == set(SIX)


def test_under_another_key_nothing_is_read(field, devices, monkeypatch):
    monkeypatch.setattr(terms, "GREETING", 2.0)
    other = new_key()
    field.start(RACEWAY_COLLECTOR_KEY=other, is_awaited=False)
    until(lambda: greet(field.broker, {field.site: other}))
    told = drained(remote_scan(order_of(*SIX), threading.Event(), field.way()))
    assert "does not answer" in str(told.over.error)
    assert packets(devices) == 0


def test_the_broker_carries_no_community(field, devices):
    """Everything that lies in the folder of messages while a scan runs is sealed."""
    seen: list[str] = []
    messages = Path(field.env["RACEWAY_VAR"]) / "broker" / "messages"
    stop = threading.Event()

    def copy() -> None:
        while not stop.is_set():
            for path in messages.glob("*.msg"):
                try:
                    seen.append(path.read_text())
                except FileNotFoundError:
                    continue
            time.sleep(0.002)

    copier = threading.Thread(target=copy, daemon=True)
    copier.start()
    field.start()
    drained(remote_scan(order_of(*SIX[:1]), threading.Event(), field.way()))
    stop.set()
    copier.join()
    assert len(seen) > 2
    assert not [text for text in seen if "public" in text or "127.30.0.1" in text]


def test_a_broker_that_goes_away_ends_the_scan_by_the_lease(tmp_path, devices):
    """Both ends lose the broker at once; the scan is taken up again when it is back."""
    gate = field_on("folder", tmp_path)
    try:
        thread, told = started(gate, devices, threading.Event())
        broker = tmp_path / "broker"
        broker.rename(tmp_path / "elsewhere")
        broker.write_text("no folder")
        away = time.monotonic()
        assert quiet_since(devices, 2) - away < terms.LEASE + 0.5
        broker.unlink()
        (tmp_path / "elsewhere").rename(broker)
        thread.join(PATIENCE)
        assert told.over.error is None
        assert set(told.devices) == set(SIX)
    finally:
        gate.stop()


def test_without_a_broker_the_reason_is_told(monkeypatch):
    monkeypatch.setattr(terms, "GREETING", 1.0)
    way = replace(
        Field(Broker("redis://127.0.0.1:1/0"), {}).way(), broker=Broker("redis://127.0.0.1:1/0")
    )
    told = drained(remote_scan(order_of("127.30.0.1"), threading.Event(), way))
    assert "message broker does not answer" in str(told.over.error)


def test_a_greeting_tells_who_is_there(any_field):
    assert greet(any_field.broker, {any_field.site: any_field.key}, wait=0.3) == {}
    any_field.start()
    heard = {}

    def is_there() -> bool:
        heard.update(greet(any_field.broker, {any_field.site: any_field.key}))
        return bool(heard)

    until(is_there)
    found = heard[any_field.site]
    assert found.is_same_build
    assert found.running == 0
    assert abs(found.clock_offset) < 2
    assert found.process.endswith(f":{any_field.processes[0].pid}")


def test_nobody_takes_greetings_so_they_do_not_pile_up(field):
    for _ in range(12):
        greet(field.broker, {field.site: field.key}, wait=0.0)
    post = Post(field.broker)
    assert post.depth(queue_of(field.site)) <= 7
    post.close()


def test_a_collector_opens_no_database(field, devices):
    """Its environment names a database at which somebody listens: nobody ever calls."""
    with socket.socket() as database:
        database.bind(("127.0.0.1", 0))
        database.listen()
        database.settimeout(0.2)
        url = f"postgres://raceway:secret@127.0.0.1:{database.getsockname()[1]}/raceway"
        field.start(DATABASE_URL=url)
        told = drained(remote_scan(order_of(*SIX[:1]), threading.Event(), field.way()))
        assert told.devices[SIX[0]].read.is_complete
        with pytest.raises(TimeoutError):
            database.accept()


def test_a_collector_does_not_even_know_of_a_database():
    code = (
        "import sys, discovery.collectors.remote.__main__\n"
        "print([one for one in ('django.conf', 'django.db', 'celery', 'psycopg') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "[]"


@pytest.mark.parametrize("env", [{}, {"RACEWAY_COLLECTOR_KEY": "secret"}])
def test_without_a_key_it_does_not_start(field, env):
    command = [sys.executable, "-m", "discovery.collectors.remote", "FIL"]
    done = subprocess.run(
        command,
        check=False,
        cwd=settings.BASE_DIR,
        env={**field.env, **env},
        capture_output=True,
    )
    assert done.returncode == 2
    assert b"collector key is not one" in done.stderr


def test_the_key_may_stand_in_a_file(field, tmp_path):
    path = tmp_path / "collector.key"
    path.write_text(f"{field.key}\n")
    field.start(RACEWAY_COLLECTOR_KEY="", RACEWAY_COLLECTOR_KEY_FILE=str(path))
    until(lambda: greet(field.broker, {field.site: field.key}))
