"""One scan at the collector's end: it runs while the centre's word is fresh, and tells in numbered batches."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from discovery.collectors.remote import terms
from discovery.collectors.remote.codec import plain
from discovery.collectors.remote.messages import Box, Kind, Message, Side
from discovery.collectors.scanning import Event, ScanOrder, ScanOver, scan

logger = logging.getLogger(__name__)

Scan = Callable[[ScanOrder, threading.Event], Iterator[Event | None]]


class Ended(StrEnum):
    """Why a scan ended at the collector's end."""

    DONE = "done"  # by itself, by a refusal or by an error of its own
    STOPPED = "stopped"  # the centre said so
    LEASE = "lease"  # nothing was heard of the centre
    FULL = "full"  # the centre does not take what is told
    LEAVING = "leaving"  # the collector is being stopped


@dataclass
class Batch:
    """A sealed message of events, kept until the centre has it."""

    number: int
    text: str
    sent_at: float = 0.0


@dataclass
class Session:
    """A scan ordered by the centre. Its thread reads; the collector's loop sends what `due` returns.

    The lease counts from the moment a batch was first sent to the acknowledgement of that batch, on this machine's
    own steady clock: neither a late message nor a wrong clock makes it longer.
    """

    name: str
    reply_to: str
    order: ScanOrder
    box: Box
    scan: Scan = scan
    clock: Callable[[], float] = time.monotonic
    stop: threading.Event = field(default_factory=threading.Event)
    ended: Ended | None = None
    ended_at: float = 0.0
    last_word: int = -1
    is_forgotten: bool = False
    _batches: deque[Batch] = field(default_factory=deque)
    _held: int = 0
    _next: int = 0
    _acknowledged: int = -1
    _first_sent: dict[int, float] = field(default_factory=dict)
    _lease_until: float = 0.0
    _moved_at: float = 0.0
    _why: Ended = Ended.DONE
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _may_begin: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Say that the order is taken; the first packet is sent when the centre has acknowledged that."""
        self._lease_until = self.clock() + terms.LEASE
        self._moved_at = self.clock()
        self._keep([])
        threading.Thread(target=self._run, name=f"session {self.name}", daemon=True).start()

    def end(self, why: Ended) -> None:
        """Stop the scan at once; the first reason given is told."""
        with self._lock:
            if not self.stop.is_set():
                self._why = why
        self.stop.set()
        self._may_begin.set()

    def hear(self, number: int, acknowledged: int, *, is_on: bool) -> None:
        """Take the centre's word; an old one again, or one about what was never sent, changes nothing."""
        if number <= self.last_word:
            return
        self.last_word = number
        with self._lock:
            sent_at = self._first_sent.get(acknowledged)
            if sent_at is not None and is_on:
                self._lease_until = max(self._lease_until, sent_at + terms.LEASE)
            self._forget_until(acknowledged)
        if not is_on:
            self.end(Ended.STOPPED)
        elif sent_at is not None:
            self._may_begin.set()

    def forget(self) -> None:
        """Stop, and tell nothing more: nobody listens."""
        self.is_forgotten = True
        self.end(Ended.STOPPED)

    def due(self) -> list[Batch]:
        """Return the batches to send now: new ones, or all again when nothing was acknowledged for a while."""
        now = self.clock()
        with self._lock:
            if self.is_forgotten:
                return []
            if now - self._moved_at >= terms.RESEND and self._batches:
                self._moved_at = now
                return list(self._batches)
            return [one for one in self._batches if not one.sent_at]

    def sent(self, batch: Batch) -> None:
        """Take note that a batch went out."""
        with self._lock:
            batch.sent_at = self.clock()
            self._first_sent.setdefault(batch.number, batch.sent_at)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do: ended and told, or ended long ago."""
        if self.ended is None:
            return False
        with self._lock:
            return (
                self.is_forgotten
                or not self._batches
                or self.clock() - self.ended_at > terms.LINGER
            )

    def _forget_until(self, acknowledged: int) -> None:
        if acknowledged >= self._next or acknowledged <= self._acknowledged:
            return
        self._acknowledged = acknowledged
        self._moved_at = self.clock()
        while self._batches and self._batches[0].number <= acknowledged:
            self._held -= len(self._batches.popleft().text)
        for number in [one for one in self._first_sent if one < acknowledged]:
            del self._first_sent[number]

    def _run(self) -> None:
        try:
            self._wait_for_leave()
            over = self._scan() if not self.stop.is_set() else ScanOver()
        except BaseException as error:  # noqa: BLE001 - told to the centre, which raises it
            over = ScanOver(error=error)
        with self._lock:
            why = self._why
        self._keep([over], ended=why)
        self.ended_at, self.ended = self.clock(), why
        logger.info("session_ended", extra={"session": self.name, "why": why.value})

    def _wait_for_leave(self) -> None:
        while not self._may_begin.wait(terms.POLL):
            self._look_at_the_lease()

    def _scan(self) -> ScanOver:
        waiting: list[Event] = []
        flushed_at = self.clock()
        over = ScanOver()
        for event in self.scan(self.order, self.stop):
            self._look_at_the_lease()
            if isinstance(event, ScanOver):
                over = event
            elif event is not None:
                waiting.append(event)
            is_time = self.clock() - flushed_at >= terms.BATCH_SECONDS
            if is_time or len(waiting) >= terms.BATCH_EVENTS:
                self._keep(waiting)
                waiting, flushed_at = [], self.clock()
        if waiting:
            self._keep(waiting)
        return over

    def _look_at_the_lease(self) -> None:
        if self.stop.is_set():
            return
        if self.clock() > self._lease_until:
            self.end(Ended.LEASE)
        elif self._held > terms.MOST_HELD:
            self.end(Ended.FULL)

    def _keep(self, events: list[Event], *, ended: Ended | None = None) -> None:
        """Seal events as the next batch."""
        body: dict[str, Any] = {"events": plain(events), "ended": ended.value if ended else None}
        number = self._next
        text = self.box.seal(Message(Kind.EVENTS, Side.CENTRE, self.name, body, number))
        with self._lock:
            self._next = number + 1
            self._batches.append(Batch(number, text))
            self._held += len(text)
