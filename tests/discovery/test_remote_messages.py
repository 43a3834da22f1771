"""Orders and words of a remote scan: what is forged, late or said twice sends no packet; a lease ends by itself."""

import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from datetime import time as clock_time
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

from discovery.collectors.guard import LogLine
from discovery.collectors.remote import terms
from discovery.collectors.remote.codec import ShapeError, plain, shape_of, typed
from discovery.collectors.remote.collector import VERSION, Collector
from discovery.collectors.remote.messages import (
    BadKeyError,
    Box,
    Kind,
    Message,
    NotGenuineError,
    Side,
    new_key,
    our_shape,
    queue_of,
    reply_queue,
)
from discovery.collectors.remote.session import Ended, Session
from discovery.collectors.scanning import DeviceDone, Event, ScanOrder, ScanOver
from discovery.collectors.snmp.credentials import Auth, Privacy, User
from discovery.collectors.snmp.reading import DeviceRead
from discovery.rules.probes import Outcome, Probe, Request, Transport
from discovery.rules.readings import Reading
from discovery.rules.safety import Approval, Refusal
from discovery.rules.windows import Window
from tests.discovery.remote_parts import Board, order_of, until

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
SITE = "FIL"
REPLIES = reply_queue(SITE, "scan-1")


@dataclass
class Stage:
    """A collector whose scans only count how often they were begun; clocks are set by hand."""

    collector: Collector
    board: Board
    box: Box
    begun: list[ScanOrder]
    clock: list[float]
    wall: list[float]

    def hand(self, message: Message, box: Box | None = None) -> None:
        self.collector.take((box or self.box).seal(message))

    def told(self) -> list[Message]:
        found = []
        while (text := self.board.get(REPLIES)) is not None:
            found.append(self.box.open(text, Side.CENTRE))
        return found

    def challenge(self) -> str:
        body = {"reply_to": REPLIES, "wants_challenge": True}
        self.hand(Message(Kind.HELLO, Side.COLLECTOR, "greeting", body))
        ready = self.told()[-1]
        assert (ready.kind, ready.session) == (Kind.READY, "greeting")
        return str(ready.body["challenge"])

    def order(self, challenge: str, session: str = "s1", **given: Any) -> Message:
        body = {"challenge": challenge, "reply_to": REPLIES, "order": plain(order_of("127.30.0.1"))}
        at = given.pop("at", self.wall[0])
        return Message(Kind.ORDER, Side.COLLECTOR, session, {**body, **given}, at=at)

    def word(self, got: int, number: int = 1, *, go_on: bool = True, session: str = "s1") -> None:
        body = {"got": got, "go_on": go_on, "is_last": False}
        self.hand(Message(Kind.WORD, Side.COLLECTOR, session, body, number))


@pytest.fixture
def stage() -> Iterator[Stage]:
    begun: list[ScanOrder] = []
    clock, wall = [1000.0], [time.time()]

    def scan(order: ScanOrder, stop: threading.Event) -> Iterator[Event | None]:
        begun.append(order)
        while not stop.is_set():
            time.sleep(0.005)
            yield None
        yield ScanOver(Refusal.KILLED)

    key, board = new_key(), Board()
    collector = Collector(SITE, Box(key), board, scan, clock=lambda: clock[0], wall=lambda: wall[0])
    yield Stage(collector, board, Box(key), begun, clock, wall)
    for session in collector.sessions.values():
        session.end(Ended.LEAVING)


def test_the_release_is_that_of_the_project():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


def test_an_order_and_events_come_back_as_they_were():
    order = order_of(
        "127.30.0.1",
        never_scan=frozenset({ip_address("127.30.0.7"), ip_address("fd00::1")}),
        windows=(Window(frozenset({5, 6}), clock_time(22), clock_time(4)),),
        approval=Approval("Rosa", NOW, NOW),
    )
    assert typed(ScanOrder, plain(order)) == order
    probe = Probe("office", "127.30.0.1", Request.SNMP_READ, Transport.UDP, 161)
    values = {(1, 3, 1): 2**70, (1, 3, 2): -5, (1, 3, 3): b"\xff\x00", (1, 3, 4): (1, 3)}
    read = DeviceRead(Reading(values, ("odd \udcff",)), 3, 99, True, False, Refusal.HOST_STOPPED)
    events = (
        LogLine(NOW, probe, Outcome.ANSWERED.value, was_sent=True),
        DeviceDone("127.30.0.1", read, 0.5),
        ScanOver(Refusal.KILLED, ValueError("broke")),
    )
    line, done, over = typed(tuple[Event, ...], plain(events))
    assert line == events[0]
    assert dict(done.read.reading.varbinds) == values
    assert done.read.refusal is Refusal.HOST_STOPPED
    assert (over.refusal, str(over.error)) == (Refusal.KILLED, "ValueError: broke")


def test_keys_of_snmp_users_arrive_and_show_in_no_message(stage):
    user = User("ops", Auth.SHA256, "a pass phrase", Privacy.AES128, "another phrase")
    assert typed(User, plain(user)) == user
    order = stage.order("c", order=plain(order_of("127.30.0.1")))
    text = stage.box.seal(order)
    assert "public" not in text
    assert "a pass phrase" not in repr(user)


@pytest.mark.parametrize(
    "data",
    [
        {"@": "Policy"},
        {"@": "DeviceRead", "reading": []},
        ["127.30.0.1"],
        None,
        {"@": "ScanOrder", "policy": None},
    ],
)
def test_what_is_no_order_is_refused(data):
    with pytest.raises(ShapeError):
        typed(ScanOrder, data)


def test_builds_that_differ_in_a_field_have_different_shapes():
    @dataclass
    class Order:
        one: int

    first = shape_of(Order)

    @dataclass
    class Order:  # type: ignore[no-redef] # another build of the same
        one: int
        two: str

    assert shape_of(Order) != first
    assert len(our_shape()) == 16


def test_what_another_key_sealed_or_what_was_changed_on_the_way_does_not_open(stage):
    text = stage.box.seal(Message(Kind.WORD, Side.COLLECTOR, "s", {}))
    for bad in (
        Box(new_key()).seal(Message(Kind.WORD, Side.COLLECTOR, "s", {})),
        text[:-8] + "AAAAAAA=",
        "",
        "{}",
        Fernet.generate_key().decode(),
    ):
        with pytest.raises(NotGenuineError):
            stage.box.open(bad, Side.COLLECTOR)


def test_nobody_takes_his_own_message_for_the_others(stage):
    text = stage.box.seal(Message(Kind.EVENTS, Side.CENTRE, "s", {}))
    with pytest.raises(NotGenuineError):
        stage.box.open(text, Side.COLLECTOR)


def test_a_key_that_is_none_is_named_so():
    with pytest.raises(BadKeyError, match="32 bytes"):
        Box("secret")


def test_an_order_waits_for_the_centres_word_before_the_first_packet(stage):
    stage.hand(stage.order(stage.challenge()))
    stage.collector.step()
    assert [one.kind for one in stage.told()] == [Kind.EVENTS]
    time.sleep(0.1)
    assert not stage.begun
    stage.word(0)
    until(lambda: stage.begun)


def test_a_forged_order_sends_no_packet(stage):
    stage.hand(stage.order(stage.challenge()), Box(new_key()))
    stage.collector.step()
    assert not stage.collector.sessions
    assert not stage.told()


def test_a_replayed_order_sends_no_packet(stage):
    order = stage.order(stage.challenge())
    stage.hand(order)
    stage.word(0, go_on=False)
    until(lambda: all(one.ended for one in stage.collector.sessions.values()))
    stage.collector.sessions.clear()
    stage.hand(order)
    assert not stage.collector.sessions
    assert not stage.begun


def test_an_order_to_another_process_of_the_same_collector_sends_no_packet(stage):
    """After a restart nothing is remembered, and nothing has to be: the challenges were the old process's own."""
    order = stage.order(stage.challenge())
    stage.collector._challenges.clear()
    stage.hand(order)
    assert not stage.collector.sessions


def test_a_late_order_sends_no_packet(stage):
    challenge = stage.challenge()
    stage.clock[0] += terms.CHALLENGE_LIFE + 0.1
    stage.hand(stage.order(challenge))
    assert not stage.collector.sessions


@pytest.mark.parametrize(("off", "word"), [(11, "ahead"), (-3600, "behind")])
def test_a_collector_whose_clock_is_off_reads_nothing_and_says_so(stage, off, word):
    challenge = stage.challenge()
    stage.wall[0] += off
    stage.hand(stage.order(challenge, at=stage.wall[0] - off))
    refused = stage.told()[-1]
    assert refused.kind is Kind.REFUSED
    assert f"{abs(off)} seconds {word}" in refused.body["sentence"]
    assert not stage.collector.sessions


def test_an_order_that_cannot_be_read_is_refused_in_words(stage):
    stage.hand(stage.order(stage.challenge(), order={"@": "ScanOrder"}))
    assert "cannot read the order" in stage.told()[-1].body["sentence"]


def test_a_fifth_scan_at_the_same_time_is_refused_in_words(stage):
    for number in range(terms.MOST_SCANS + 1):
        stage.hand(stage.order(stage.challenge(), f"s{number}"))
    assert len(stage.collector.sessions) == terms.MOST_SCANS
    assert "4 scans already" in stage.told()[-1].body["sentence"]


def test_it_answers_on_queues_of_its_own_only(stage):
    body = {"reply_to": "default", "wants_challenge": True}
    stage.hand(Message(Kind.HELLO, Side.COLLECTOR, "greeting", body))
    assert not stage.board.queues["default"]


def session_of(stage: Stage) -> Session:
    stage.hand(stage.order(stage.challenge()))
    stage.collector.step()
    return stage.collector.sessions["s1"]


def test_without_the_centres_word_nothing_begins_and_it_gives_up(stage):
    session = session_of(stage)
    stage.clock[0] += terms.LEASE + 0.1
    until(lambda: session.ended)
    assert session.ended is Ended.LEASE
    assert not stage.begun


def test_a_running_scan_ends_when_the_lease_is_over(stage):
    session = session_of(stage)
    stage.word(0)
    until(lambda: stage.begun)
    stage.clock[0] += terms.LEASE - 0.2
    time.sleep(0.1)
    assert session.ended is None
    stage.clock[0] += 0.3
    until(lambda: session.ended)
    assert session.ended is Ended.LEASE


def test_the_lease_counts_from_what_is_acknowledged_so_late_words_do_not_stretch_it(stage):
    """A broker that holds words back and hands them out one by one gains nothing."""
    session = session_of(stage)
    stage.word(0)
    until(lambda: stage.begun)
    for number in range(2, 9):
        stage.clock[0] += 0.5
        stage.word(0, number)
    until(lambda: session.ended)
    assert session.ended is Ended.LEASE


def test_a_word_said_again_does_not_stretch_the_lease(stage):
    session = session_of(stage)
    stage.word(0)
    until(lambda: stage.begun)
    stage.clock[0] += 2
    until(session.due)
    stage.collector.step()
    newest = max(one.number for one in session._batches)
    stage.word(newest, number=1)
    stage.clock[0] += 1.5
    until(lambda: session.ended)
    assert session.ended is Ended.LEASE


def test_fresh_words_keep_a_scan_going(stage):
    session = session_of(stage)
    stage.word(0)
    until(lambda: stage.begun)
    for number in range(2, 12):
        stage.clock[0] += 1
        until(session.due)
        stage.collector.step()
        stage.word(session._next - 1, number)
        assert session.ended is None
    stage.word(session._next - 1, 99, go_on=False)
    until(lambda: session.ended)
    assert session.ended is Ended.STOPPED


def test_after_the_last_word_nothing_is_told_any_more(stage):
    session_of(stage)
    stage.word(0)
    until(lambda: stage.begun)
    stage.told()
    body = {"got": 0, "go_on": False, "is_last": True}
    stage.hand(Message(Kind.WORD, Side.COLLECTOR, "s1", body, 2))
    until(lambda: stage.collector.step() and not stage.collector.sessions)
    assert not stage.told()


def test_a_word_for_another_session_changes_nothing(stage):
    session = session_of(stage)
    stage.word(0, session="other", go_on=False)
    assert not session.stop.is_set()


def test_what_was_not_acknowledged_is_told_again_in_order(stage):
    session = session_of(stage)
    stage.word(0)
    until(lambda: stage.begun)
    stage.told()
    stage.board.is_away = True
    for _ in range(5):
        stage.clock[0] += 0.25
        time.sleep(0.03)
        stage.collector.step()
    stage.board.is_away = False
    stage.collector.step()
    first = [one.number for one in stage.told()]
    assert first == sorted(first)
    assert len(first) > 1
    stage.clock[0] += terms.RESEND
    stage.collector.step()
    assert [one.number for one in stage.told()][: len(first)] == first
    assert session.ended is None


def test_what_is_held_is_bounded(stage, monkeypatch):
    monkeypatch.setattr(terms, "MOST_HELD", 500)
    session = session_of(stage)
    stage.word(0)
    for number in range(2, 9):
        stage.clock[0] += 0.3
        time.sleep(0.03)
        stage.collector.step()
        stage.word(0, number)
    until(lambda: session.ended)
    assert session.ended is Ended.FULL


def test_every_field_of_orders_and_events_can_be_sent():
    """A type nobody taught the codec fails here, not at a site."""
    for kind in (ScanOrder, DeviceDone, LogLine, ScanOver):
        assert fields(kind)
        shape_of(kind)
        with pytest.raises(ShapeError):
            typed(kind, {})


def test_a_site_of_any_name_has_a_queue():
    for site in ("FIL", "Halle 3/ä", "x" * 60, "ß" * 60):
        assert len(queue_of(site)) < 150
        assert queue_of(site).isascii()
        assert "/" not in queue_of(site)
