"""Parts of remote scans for tests: a broker in memory, real brokers, real collector processes."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import redis
from amqp import Connection as AmqpConnection
from django.conf import settings

from discovery.collectors.guard import LogLine
from discovery.collectors.remote.centre import Way
from discovery.collectors.remote.greeting import greet
from discovery.collectors.remote.messages import new_key, queue_of, reply_queue
from discovery.collectors.remote.post import Broker, BrokerAwayError, Post, broker_of
from discovery.collectors.scanning import DeviceDone, Event, ScanOrder, ScanOver
from discovery.collectors.snmp.credentials import Community
from discovery.collectors.snmp.plan import IT_LIMITS, standard_plan
from discovery.rules.probes import Mode
from discovery.rules.safety import Policy
from discovery.rules.targets import TargetSet
from tests.simulators.scanning import PORT

REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/13")
AMQP_URL = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")
#: Nothing answers at port 1: whoever opened a database would fail.
NO_DATABASE = "postgres://nobody:nothing@127.0.0.1:1/none"
PATIENCE = 60


@dataclass
class Board:
    """Queues in memory, in the place of a Post; `is_away` plays a broker that does not answer."""

    queues: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    is_away: bool = False

    def put(self, queue: str, text: str) -> None:
        self._require()
        self.queues[queue].append(text)

    def get(self, queue: str) -> str | None:
        self._require()
        return self.queues[queue].popleft() if self.queues[queue] else None

    def close(self) -> None:
        """Stay."""

    def _require(self) -> None:
        if self.is_away:
            raise BrokerAwayError("away")


def order_of(*addresses: str, concurrency: int = 50, **policy: Any) -> ScanOrder:
    """Return an order to read simulated devices of an office network."""
    values = {
        "network": "office",
        "targets": TargetSet.of(["127.30.0.0/28"]),
        "mode": Mode.IT,
        "purdue_level": "4",
        "snmp_port": PORT,
        "subnet_rate": 1000.0,
        "overall_rate": 1000.0,
        "gap_seconds": 0.0,
        **policy,
    }
    plan = standard_plan(replace(IT_LIMITS, seconds=0.8))
    return ScanOrder(Policy(**values), addresses, Community("public"), plan, concurrency)


@dataclass
class Told:
    """What a scan told, drained; `over` is the last word."""

    devices: dict[str, DeviceDone] = field(default_factory=dict)
    lines: list[LogLine] = field(default_factory=list)
    over: ScanOver | None = None

    def take(self, event: Event | None) -> None:
        if isinstance(event, DeviceDone):
            assert event.address not in self.devices
            self.devices[event.address] = event
        elif isinstance(event, LogLine):
            self.lines.append(event)
        elif event is not None:
            self.over = event


def drained(events: Iterator[Event | None]) -> Told:
    told = Told()
    for event in events:
        told.take(event)
    return told


@dataclass
class Field:
    """A broker, a site and its key, and the collector processes started there."""

    broker: Broker
    env: dict[str, str]
    site: str = field(default_factory=lambda: f"T{uuid.uuid4().hex[:8]}")
    key: str = field(default_factory=new_key)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def way(self, run: str = "scan-1") -> Way:
        return Way(self.broker, self.site, "Shed", self.key, run)

    def start(self, *, is_awaited: bool = True, **env: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "discovery.collectors.remote", self.site]
        given = {**self.env, "RACEWAY_COLLECTOR_KEY": self.key, **env}
        process = self.run(command, given)
        if is_awaited:
            until(lambda: greet(self.broker, {self.site: self.key}))
        return process

    def run(
        self, command: list[str], env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=self.env if env is None else env,
            start_new_session=True,
            stdout=subprocess.PIPE,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        post = Post(self.broker)
        for queue in (
            queue_of(self.site),
            reply_queue(self.site, "here"),
            reply_queue(self.site, "scan-1"),
        ):
            post.forget(queue)
        post.close()


def _redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS_URL, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


def _rabbit_answers() -> bool:
    try:
        host = AMQP_URL.rpartition("@")[2].partition("/")[0]
        connection = AmqpConnection(host=host, connect_timeout=1)
        connection.connect()
        connection.close()
    except OSError:
        return False
    return True


def field_on(kind: str, var: Path) -> Field:
    """Return a field on a kind of broker; skips where none answers."""
    hidden = {"TASK_BROKER_URL", "TASK_BROKER_PREFIX", "RACEWAY_VAR"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env["DATABASE_URL"] = NO_DATABASE
    if kind == "redis":
        if not _redis_answers():
            pytest.skip(f"no Redis answers at {REDIS_URL}")
        env |= {"TASK_BROKER_URL": REDIS_URL, "TASK_BROKER_PREFIX": f"test-{uuid.uuid4().hex}:"}
    elif kind == "rabbitmq":
        if not _rabbit_answers():
            pytest.skip("no RabbitMQ answers")
        env["TASK_BROKER_URL"] = AMQP_URL
    else:
        env["RACEWAY_VAR"] = str(var)
    return Field(broker_of(env), env)


def until(condition: Any, seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def in_a_thread(events: Iterator[Event | None]) -> tuple[threading.Thread, Told]:
    """Drain a scan in a thread; what it told grows."""
    told = Told()

    def drain() -> None:
        for event in events:
            told.take(event)

    thread = threading.Thread(target=drain, daemon=True)
    thread.start()
    return thread, told
