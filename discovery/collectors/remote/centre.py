"""The centre's end of a remote scan: a generator like `scanning.scan`, whose packets are sent by a collector.

It acknowledges what the collector told each time its caller comes back for more, and the caller comes back when it has
stored that and looked at the kill switch. When it does not, the collector stops by itself (`terms.LEASE`).
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from discovery.collectors.remote import terms
from discovery.collectors.remote.codec import ShapeError, plain, reader_of
from discovery.collectors.remote.messages import (
    Box,
    Kind,
    Message,
    NotGenuineError,
    Side,
    nonce,
    our_shape,
    queue_of,
    reply_queue,
)
from discovery.collectors.remote.post import Broker, BrokerAwayError, Post
from discovery.collectors.remote.session import Ended
from discovery.collectors.scanning import DeviceDone, Event, ScanOrder, ScanOver
from discovery.rules.safety import Refusal

logger = logging.getLogger(__name__)

Steps = Generator[Event | None, None, Any]
#: After these the centre orders what is left anew; the others are the last word.
TAKEN_UP_AGAIN = frozenset({Ended.LEASE, Ended.FULL, Ended.LEAVING})
#: An answer to one of so many last greetings counts; the challenges of older ones may be forgotten over there.
GREETINGS = 3


class CollectorError(Exception):
    """The collector did not do it; the sentence is for people."""


@dataclass(frozen=True)
class Way:
    """How a collector is reached: `name` is what people call it, `run` makes the queue of this scan its own."""

    broker: Broker
    site: str
    name: str
    key: str = field(repr=False)
    run: str


def remote_scan(order: ScanOrder, stop: threading.Event, way: Way) -> Iterator[Event | None]:
    """Yield what happens at the collector, and None while nothing does; ScanOver comes last.

    When `stop` is set the collector is told at once. Its error is a CollectorError when the collector did not answer,
    refused, or was lost and did not come back.
    """
    return _RemoteScan(order, stop, way).events()


@dataclass
class _Talk:
    """When who last said what in a session."""

    heard_at: float = field(default_factory=time.monotonic)
    told_at: float = float("-inf")
    stopped_at: float | None = None

    def is_word_due(self, *, is_stopped: bool) -> bool:
        """Tell whether the collector is to hear from us now: at once when all is stopped, else every so often."""
        now = time.monotonic()
        if is_stopped and self.stopped_at is None:
            self.stopped_at, self.told_at = now, float("-inf")
        is_due = now - self.told_at >= terms.BATCH_SECONDS
        if is_due:
            self.told_at = now
        return is_due

    @property
    def is_lost(self) -> bool:
        """Whether nothing more is to be expected: told to stop, its lease is over; else it is silent too long."""
        now = time.monotonic()
        if self.stopped_at is not None:
            return now - self.stopped_at > terms.LEASE + 0.5
        return now - self.heard_at > terms.SILENCE


class _RemoteScan:
    def __init__(self, order: ScanOrder, stop: threading.Event, way: Way) -> None:
        self.order, self.stop, self.way = order, stop, way
        self.box, self.post = Box(way.key), Post(way.broker)
        self.replies = reply_queue(way.site, way.run)
        self.session, self.words, self.got = "", 0, -1
        self.done: set[str] = set()
        self.broker_says = ""

    def events(self) -> Iterator[Event | None]:
        try:
            yield (yield from self._sessions())
        finally:
            self._hang_up()

    def _sessions(self) -> Steps:
        """Order what is left until it is done; return the last word."""
        patience = terms.GREETING
        for _session in range(terms.MOST_SESSIONS):
            left = [one for one in self.order.addresses if one not in self.done]
            if not left and self.order.addresses:
                return ScanOver()
            try:
                challenge = yield from self._greeted(patience)
                if self.stop.is_set():
                    return ScanOver(Refusal.KILLED)
                if not challenge:
                    raise CollectorError(self._nobody_there(len(left)))
                over = yield from self._session(challenge, replace(self.order, addresses=left))
            except CollectorError as error:
                return ScanOver(error=error)
            if over is not None:
                return over
            patience = terms.RETURN
        sentence = f"Collector {self.way.name} gave this scan up {terms.MOST_SESSIONS} times."
        return ScanOver(error=CollectorError(sentence))

    def _nobody_there(self, left: int) -> str:
        if self.broker_says:
            return (
                f"The message broker does not answer, so collector {self.way.name} was not reached."
            )
        rest = f" {left} addresses are left." if self.done else ""
        return (
            f"Collector {self.way.name} does not answer.{rest} Start it and scan again: "
            "addresses that were read stay read."
        )

    def _greeted(self, patience: float) -> Steps:
        """Greet until the collector hands out a challenge; "" when it does not, or when all is stopped."""
        give_up_at = time.monotonic() + patience
        greeted_at, greetings = float("-inf"), deque[str](maxlen=GREETINGS)
        while time.monotonic() < give_up_at and not self.stop.is_set():
            if time.monotonic() - greeted_at > terms.GREET_AGAIN:
                greeted_at = time.monotonic()
                greetings.append(self._say_hello())
            answer = self._next()
            if answer is None:
                yield from self._rest()
            elif answer.kind is Kind.READY and answer.session in greetings:
                if answer.body["shape"] == our_shape():
                    return str(answer.body["challenge"])
                sentence = (
                    f"Collector {self.way.name} runs another build of Raceway "
                    f"(version {answer.body['version']}): update it."
                )
                raise CollectorError(sentence)
        return ""

    def _say_hello(self) -> str:
        greeting = nonce()
        self._tell(Kind.HELLO, greeting, {"reply_to": self.replies, "wants_challenge": True})
        return greeting

    def _session(self, challenge: str, order: ScanOrder) -> Steps:
        """Hand the order over and pass on what comes; return the last word, None to take it up again."""
        self.session, self.words, self.got = nonce(), 0, -1
        body = {"challenge": challenge, "reply_to": self.replies, "order": plain(order)}
        self._tell(Kind.ORDER, self.session, body)
        talk = _Talk()
        while True:
            message = self._next()
            if message is None:
                yield from self._rest()
            elif message.session == self.session:
                talk.heard_at = time.monotonic()
                over = yield from self._pass_on(message)
                if over is not None:
                    self._word(is_last=True)
                    return self._verdict(*over)
            if talk.is_word_due(is_stopped=self.stop.is_set()):
                self._word()
            if message is None and talk.is_lost:
                logger.warning("collector_lost", extra={"collector": self.way.name})
                return ScanOver(Refusal.KILLED) if self.stop.is_set() else None

    def _pass_on(self, message: Message) -> Steps:
        """Yield the events of the next batch; return the last word and why when it holds it."""
        if message.kind is Kind.REFUSED:
            raise CollectorError(str(message.body["sentence"]))
        if message.kind is not Kind.EVENTS or message.number != self.got + 1:
            return None
        events = _read_events(message.body["events"])
        self.got = message.number
        over = None
        for event in events:
            if isinstance(event, ScanOver):
                over = event
                continue
            if isinstance(event, DeviceDone):
                if self._is_only_interrupted(event):
                    continue
                self.done.add(event.address)
            yield event
        ended = message.body["ended"]
        return None if ended is None else (over or ScanOver(), Ended(ended))

    def _is_only_interrupted(self, done: DeviceDone) -> bool:
        """Tell whether a device was left because the collector stopped by itself: it is still to be read."""
        return done.refusal is Refusal.KILLED and not self.stop.is_set()

    def _verdict(self, over: ScanOver, ended: Ended) -> ScanOver | None:
        if self.stop.is_set():
            return replace(over, refusal=over.refusal or Refusal.KILLED)
        return None if ended in TAKEN_UP_AGAIN else over

    def _word(self, *, is_last: bool = False) -> None:
        """Say up to where everything has come, and whether to go on; after the last word nobody listens here."""
        self.words += 1
        body = {"got": self.got, "go_on": not self.stop.is_set(), "is_last": is_last}
        self._tell(Kind.WORD, self.session, body, self.words)

    def _tell(self, kind: Kind, session: str, body: Mapping[str, Any], number: int = 0) -> None:
        message = Message(kind, Side.COLLECTOR, session, dict(body), number)
        try:
            self.post.put(queue_of(self.way.site), self.box.seal(message))
        except BrokerAwayError as error:
            self._is_away(error)
        else:
            self.broker_says = ""

    def _next(self) -> Message | None:
        """Return the next genuine message, None when there is none."""
        try:
            while (text := self.post.get(self.replies)) is not None:
                try:
                    return self.box.open(text, Side.CENTRE)
                except NotGenuineError as error:
                    logger.warning("message_refused", extra={"reason": str(error)})
        except BrokerAwayError as error:
            self._is_away(error)
        return None

    def _is_away(self, error: BrokerAwayError) -> None:
        if not self.broker_says:
            logger.warning("broker_away", extra={"reason": str(error)})
        self.broker_says = str(error)

    def _rest(self) -> Iterator[None]:
        yield None
        self.stop.wait(terms.POLL)

    def _hang_up(self) -> None:
        """Tell the collector to stop whatever it still does for us, and leave no queue behind."""
        self.stop.set()
        if self.session:
            self._word(is_last=True)
        try:
            self.post.forget(self.replies)
        except BrokerAwayError as error:
            self._is_away(error)
        self.post.close()


def _read_events(rows: Any) -> tuple[Event, ...]:  # noqa: ANN401 - what a message held
    try:
        found: tuple[Event, ...] = reader_of(tuple[Event, ...])(rows)
    except ShapeError as error:
        raise CollectorError(
            f"The collector told something that cannot be read: {error}"
        ) from error
    return found
