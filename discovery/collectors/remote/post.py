"""Putting texts on queues of the broker and taking them: a folder, Redis or RabbitMQ alike.

Messages are taken one by one. What is taken is gone; who needs to know that a message arrived says so in another
one. A connection belongs to one thread.

RabbitMQ: each collector has an exchange of its own, named like its queue, so that its user can be kept from everything
else; through the default exchange whoever may write to one queue may write to all.
"""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection, Producer

from common import file_broker

TIMEOUT = 3.0
#: A broker that is away is tried again this often (seconds).
RETRY = 0.5
#: A message, and a queue that nobody looks at, is forgotten by the broker after so long (milliseconds).
MESSAGE_LIFE, QUEUE_LIFE = 60_000, 600_000
ARGUMENTS = {"x-message-ttl": MESSAGE_LIFE, "x-expires": QUEUE_LIFE}


class BrokerAwayError(Exception):
    """The broker does not answer; the message says what its driver said."""


@dataclass(frozen=True)
class Broker:
    """Where messages go."""

    url: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)


def broker_of(environ: Mapping[str, str]) -> Broker:
    """Return the broker that TASK_BROKER_URL names; without one, the folder of messages under RACEWAY_VAR."""
    url = environ.get("TASK_BROKER_URL", "")
    if url.startswith("redis"):
        return Broker(url, {"global_keyprefix": environ.get("TASK_BROKER_PREFIX", "")})
    if url:
        return Broker(url)
    here = Path(__file__).resolve().parents[3]
    folder = Path(environ.get("RACEWAY_VAR") or here / "var") / "broker"
    return Broker(
        "folder://localhost/",
        {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
        },
    )


class Post:
    """One connection to the broker; after a failure it connects anew when it is next used."""

    def __init__(self, broker: Broker) -> None:
        file_broker.register()
        self._broker = broker
        self._connection: Connection | None = None
        self._channel: Any = None
        self._declared: set[str] = set()
        self._not_before = 0.0

    def put(self, queue: str, text: str) -> None:
        """Put a text at the end of a queue. Raises BrokerAwayError."""
        with self._at_hand(queue) as channel:
            Producer(channel, auto_declare=False).publish(
                text,
                exchange=self._exchange(queue),
                routing_key=queue,
                content_type="text/plain",
                content_encoding="utf-8",
                delivery_mode=1,
                retry=False,
            )
            if self._is_redis:
                self._let_expire(channel, queue)

    def get(self, queue: str) -> str | None:
        """Take the first text of a queue, None when it is empty. Raises BrokerAwayError."""
        with self._at_hand(queue) as channel:
            message = channel.basic_get(queue, no_ack=True)
            if message is None:
                return None
            body = message.body
            return body if isinstance(body, str) else bytes(body).decode(errors="replace")

    def depth(self, queue: str) -> int:
        """Return how many texts wait in a queue. Raises BrokerAwayError."""
        with self._at_hand(queue) as channel:
            self._declared.discard(queue)
            return int(self._declare(channel, queue))

    def forget(self, queue: str) -> None:
        """Delete a queue with what is in it. Raises BrokerAwayError."""
        with self._at_hand(queue) as channel:
            channel.queue_purge(queue)
            channel.queue_delete(queue)
            self._declared.discard(queue)

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection, self._channel = self._connection, None, None
        self._declared.clear()
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()

    @contextlib.contextmanager
    def _at_hand(self, queue: str) -> Any:  # noqa: ANN401 - a kombu channel
        try:
            channel = self._open()
            if queue not in self._declared:
                self._declare(channel, queue)
            yield channel
        except BrokerAwayError:
            raise
        except Empty:
            return
        except Exception as error:
            # Drivers raise what they like; whatever it is, the next use begins with a new connection.
            self.close()
            self._not_before = time.monotonic() + RETRY
            raise BrokerAwayError(f"{type(error).__name__}: {error}") from error

    def _open(self) -> Any:  # noqa: ANN401 - a kombu channel
        if self._channel is not None:
            return self._channel
        if time.monotonic() < self._not_before:
            raise BrokerAwayError("The broker does not answer.")
        options = {**self._broker.options, **_patience(self._broker.url)}
        self._connection = Connection(
            self._broker.url, connect_timeout=TIMEOUT, transport_options=options
        )
        self._connection.connect()
        self._channel = self._connection.channel()
        return self._channel

    @property
    def _is_redis(self) -> bool:
        return self._broker.url.startswith("redis")

    def _exchange(self, queue: str) -> str:
        """Return the exchange of the collector whose queue it is; elsewhere queues are reached by their name."""
        is_rabbit = self._broker.url.startswith("amqp")
        return ".".join(queue.split(".")[:2]) if is_rabbit else ""

    def _let_expire(self, channel: Any, queue: str) -> None:  # noqa: ANN401 - a kombu channel
        """Let Redis forget a queue that nobody writes to any more, as RabbitMQ does."""
        with channel.conn_or_acquire() as client:
            prefix = self._broker.options.get("global_keyprefix", "")
            client.execute_command("PEXPIRE", f"{prefix}{queue}", QUEUE_LIFE)

    def _declare(self, channel: Any, queue: str) -> int:  # noqa: ANN401 - a kombu channel
        told = channel.queue_declare(
            queue=queue, durable=True, auto_delete=False, arguments=dict(ARGUMENTS)
        )
        exchange = self._exchange(queue)
        if exchange:
            channel.exchange_declare(
                exchange=exchange, type="direct", durable=True, auto_delete=True
            )
            channel.queue_bind(queue=queue, exchange=exchange, routing_key=queue)
        self._declared.add(queue)
        return int(told.message_count or 0)


def _patience(url: str) -> dict[str, Any]:
    """Return options that let no call wait for ever, by the kind of broker."""
    if url.startswith("redis"):
        # One step of priorities: one question per look into a queue.
        return {
            "socket_connect_timeout": TIMEOUT,
            "socket_timeout": TIMEOUT,
            "priority_steps": [0],
        }
    if url.startswith("amqp"):
        return {"connect_timeout": TIMEOUT, "read_timeout": TIMEOUT, "write_timeout": TIMEOUT}
    return {}
