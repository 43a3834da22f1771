"""Asking collectors whether they are there, and which they are."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

from discovery.collectors.remote import terms
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

logger = logging.getLogger(__name__)

#: So long (seconds) the answers are waited for.
WAIT = 2.0
#: A queue in which more than this waits has nobody who takes it: nothing is added.
NOBODY_TAKES = 5


@dataclass(frozen=True)
class Heard:
    """What a collector answered: `clock_offset` is how many seconds its clock is ahead of ours."""

    release: str
    process: str
    running: int
    clock_offset: float
    is_same_build: bool


@dataclass(frozen=True)
class _Greeting:
    box: Box
    word: str
    sent_at: float


def greet(broker: Broker, keys: Mapping[str, str], wait: float = WAIT) -> dict[str, Heard]:
    """Return what each collector answered, by site; who did not answer is not in it. Raises BrokerAwayError."""
    post = Post(broker)
    heard: dict[str, Heard] = {}
    try:
        waiting = {site: _hello(post, site, key) for site, key in keys.items()}
        give_up_at = time.monotonic() + wait
        while len(heard) < len(waiting) and time.monotonic() < give_up_at:
            for site, greeting in waiting.items():
                answer = None if site in heard else _answer(post, site, greeting)
                if answer is not None:
                    heard[site] = answer
            time.sleep(terms.POLL)
    finally:
        post.close()
    return heard


def forget(broker: Broker, site: str) -> None:
    """Delete the queues of a collector that is no more; a broker that is away keeps them until they expire."""
    post = Post(broker)
    try:
        for queue in (queue_of(site), reply_queue(site, "here")):
            post.forget(queue)
    except BrokerAwayError as error:
        logger.warning("queues_not_forgotten", extra={"site": site, "reason": str(error)})
    finally:
        post.close()


def _hello(post: Post, site: str, key: str) -> _Greeting:
    greeting = _Greeting(Box(key), nonce(), time.time())
    body = {"reply_to": reply_queue(site, "here"), "wants_challenge": False}
    message = Message(Kind.HELLO, Side.COLLECTOR, greeting.word, body, at=greeting.sent_at)
    if post.depth(queue_of(site)) <= NOBODY_TAKES:
        post.put(queue_of(site), greeting.box.seal(message))
    return greeting


def _answer(post: Post, site: str, greeting: _Greeting) -> Heard | None:
    """Return the answer to this greeting; one to an earlier greeting, or to nobody's, does not count."""
    while (text := post.get(reply_queue(site, "here"))) is not None:
        try:
            message = greeting.box.open(text, Side.CENTRE)
        except NotGenuineError as error:
            logger.warning("message_refused", extra={"site": site, "reason": str(error)})
            continue
        if message.kind is Kind.READY and message.session == greeting.word:
            half_way = (greeting.sent_at + time.time()) / 2
            return Heard(
                release=str(message.body["version"])[:40],
                process=str(message.body["process"])[:120],
                running=int(message.body["running"]),
                clock_offset=round(message.at - half_way, 1),
                is_same_build=message.body["shape"] == our_shape(),
            )
    return None
