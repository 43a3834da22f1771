"""The collector of a site: takes orders from its queue and carries them out here. It knows the broker and nothing else.

An order is carried out when it is sealed with this collector's key, answers a challenge that this process gave out a
moment ago and has not used, and both clocks agree. Anything else sends no packet.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from discovery.collectors.remote import terms
from discovery.collectors.remote.codec import ShapeError, typed
from discovery.collectors.remote.messages import (
    Box,
    Kind,
    Message,
    NotGenuineError,
    Side,
    nonce,
    our_name,
    our_shape,
    queue_of,
)
from discovery.collectors.remote.post import BrokerAwayError, Post
from discovery.collectors.remote.session import Ended, Scan, Session
from discovery.collectors.scanning import ScanOrder, scan

logger = logging.getLogger(__name__)

#: Challenges that are open at the same time; the oldest goes first.
MOST_CHALLENGES = 16
#: The release this is, as in pyproject.toml (a test compares).
VERSION = "0.1.0"


class RefusedOrderError(Exception):
    """An order that the centre may have meant, and that is not carried out; says why."""


@dataclass
class Collector:
    """Everything a collector does, in one loop; scans run in threads of their own."""

    site: str
    box: Box
    post: Post
    scan: Scan = scan
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sessions: dict[str, Session] = field(default_factory=dict)
    _challenges: dict[str, float] = field(default_factory=dict)
    _is_away: bool = False

    def run(self, until: threading.Event) -> None:
        """Take orders until the event is set; then stop what runs and say so."""
        while not until.is_set():
            pause = self.step()
            until.wait(pause)
        for session in self.sessions.values():
            session.end(Ended.LEAVING)
        give_up_at = self.clock() + terms.LEASE
        while self.sessions and self.clock() < give_up_at:
            time.sleep(self.step())
        self.post.close()

    def step(self) -> float:
        """Take what waits, send what is due; return how long to rest (seconds)."""
        try:
            while (text := self.post.get(queue_of(self.site))) is not None:
                self.take(text)
            self._send()
            self._told_that_it_is(away=False)
        except BrokerAwayError as error:
            self._told_that_it_is(away=True, why=str(error))
        for name in [name for name, session in self.sessions.items() if session.is_over]:
            del self.sessions[name]
        return terms.POLL if self.sessions or self._challenges else terms.IDLE_POLL

    def take(self, text: str) -> None:
        """Act on one text from the queue; what is not genuine is counted in the log and otherwise ignored."""
        try:
            message = self.box.open(text, Side.COLLECTOR)
        except NotGenuineError as error:
            logger.warning("message_refused", extra={"reason": str(error)})
            return
        handler = self._handlers().get(message.kind)
        if handler is None:
            return
        try:
            handler(message)
        except (KeyError, TypeError) as error:
            logger.warning("message_unreadable", extra={"reason": repr(error)})

    def _handlers(self) -> Mapping[Kind, Callable[[Message], None]]:
        return {Kind.HELLO: self._greet, Kind.ORDER: self._obey, Kind.WORD: self._hear}

    def _greet(self, message: Message) -> None:
        """Answer a greeting with a new challenge, and with what the centre wants to know of us."""
        challenge = ""
        if message.body["wants_challenge"]:
            self._drop_old_challenges()
            challenge = nonce()
            self._challenges[challenge] = self.clock()
        body = {
            "challenge": challenge,
            "shape": our_shape(),
            "version": VERSION,
            "process": our_name(),
            "running": len(self.sessions),
        }
        self._answer(message, Kind.READY, body)

    def _drop_old_challenges(self) -> None:
        oldest = self.clock() - terms.CHALLENGE_LIFE
        kept = [one for one, given_at in self._challenges.items() if given_at > oldest]
        kept = kept[-(MOST_CHALLENGES - 1) :]
        self._challenges = {one: self._challenges[one] for one in kept}

    def _obey(self, message: Message) -> None:
        """Carry an order out. One that answers no open challenge is a copy or too late: nobody is told anything."""
        self._drop_old_challenges()
        if self._challenges.pop(str(message.body["challenge"]), None) is None:
            logger.warning("order_refused", extra={"reason": "it answers no open challenge"})
            return
        try:
            order = self._acceptable(message)
        except RefusedOrderError as error:
            logger.warning("order_refused", extra={"reason": str(error)})
            self._answer(message, Kind.REFUSED, {"sentence": str(error)})
            return
        session = Session(
            message.session, self._reply_to(message), order, self.box, self.scan, self.clock
        )
        self.sessions[session.name] = session
        logger.info(
            "session_began",
            extra={"session": session.name, "addresses": len(order.addresses)},
        )
        session.start()

    def _acceptable(self, message: Message) -> ScanOrder:
        off = self.wall() - message.at
        if abs(off) > terms.CLOCK_TOLERANCE:
            raise RefusedOrderError(
                f"The clock of the collector is {abs(off):.0f} seconds {'ahead' if off > 0 else 'behind'}; "
                f"{terms.CLOCK_TOLERANCE:.0f} are allowed. Windows and consents end by it: set it right."
            )
        if len(self.sessions) >= terms.MOST_SCANS:
            raise RefusedOrderError(
                f"The collector carries out {terms.MOST_SCANS} scans already; wait for one to end."
            )
        try:
            order: ScanOrder = typed(ScanOrder, message.body["order"])
        except ShapeError as error:
            raise RefusedOrderError(f"The collector cannot read the order: {error}") from error
        return order

    def _hear(self, message: Message) -> None:
        session = self.sessions.get(message.session)
        if session is None:
            return
        if message.body["is_last"]:
            session.forget()
        else:
            session.hear(
                message.number, int(message.body["got"]), is_on=message.body["go_on"] is True
            )

    def _reply_to(self, message: Message) -> str:
        """Return the queue for an answer: one of ours, whatever the message says."""
        name = str(message.body["reply_to"])
        if not name.startswith(f"{queue_of(self.site)}."):
            raise KeyError(name)
        return name

    def _answer(self, message: Message, kind: Kind, body: dict[str, Any]) -> None:
        answer = Message(kind, Side.CENTRE, message.session, body, at=self.wall())
        self.post.put(self._reply_to(message), self.box.seal(answer))

    def _send(self) -> None:
        for session in self.sessions.values():
            for batch in session.due():
                self.post.put(session.reply_to, batch.text)
                session.sent(batch)

    def _told_that_it_is(self, *, away: bool, why: str = "") -> None:
        if away and not self._is_away:
            logger.warning("broker_away", extra={"reason": why})
        elif self._is_away and not away:
            logger.info("broker_back")
        self._is_away = away
