"""One simulated SNMP agent: a request's octets in, a response's octets out; with the faults of real devices."""

from collections.abc import Callable
from dataclasses import dataclass, field

from demo.simulator import ber
from demo.simulator.recordings import Recording, varbind
from discovery.rules.readings import Oid

GET, GET_NEXT, RESPONSE, SET, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5
TOO_BIG, NO_SUCH_NAME, GEN_ERR = 1, 2, 5
#: No UDP answer is longer.
LONGEST = 65_000
LEAF = {tag: bytes((tag, 0)) for tag in (ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB)}

Distortion = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Request:
    """A request as read from the wire."""

    version: int
    community: bytes
    kind: int
    request_id: int
    first: int
    second: int
    names: list[Oid]
    body: bytes


@dataclass(frozen=True)
class Faults:
    """What is wrong with a device; the defaults are a healthy one.

    `latency` in seconds; `drops` are the requests (counted from 1) that get no answer; after `vanishes_after`
    answers there is none any more; `distorts` spoils each answer from the `distorts_from`-th request on;
    names below `loops_below` are answered by `loops_to` (None: by themselves); names below `fails_below`
    give genErr; a bulk of more than `most_varbinds` gives tooBig; answers of more than
    `loses_above` octets get lost on the way.
    """

    latency: float = 0.0
    drops: frozenset[int] = frozenset()
    vanishes_after: int | None = None
    distorts: Distortion | None = None
    distorts_from: int = 1
    loops_below: Oid | None = None
    loops_to: Oid | None = None
    fails_below: Oid | None = None
    most_varbinds: int | None = None
    loses_above: int | None = None


HEALTHY = Faults()


@dataclass
class Agent:
    """A device at one address. `packets` counts every datagram that arrived, `writes` the SETs among them."""

    recording: Recording
    community: bytes = b"public"
    faults: Faults = HEALTHY
    max_octets: int = LONGEST
    speaks_v2c: bool = True
    packets: int = 0
    answers: int = 0
    writes: int = 0
    octets: int = 0
    seen: list[Request] | None = field(default=None, repr=False)

    def answer(self, data: bytes) -> bytes | None:
        """Return the response to a datagram, None when a device would stay silent."""
        self.packets += 1
        try:
            request = read_request(data)
        except (ValueError, IndexError):
            return None
        self.writes += request.kind == SET
        if self.seen is not None:
            self.seen.append(request)
        if not self._hears(request):
            return None
        self.answers += 1
        response = message(request, *self._body(request))
        if self.faults.distorts is not None and self.packets >= self.faults.distorts_from:
            response = self.faults.distorts(response)
        self.octets += len(response)
        lost = self.faults.loses_above is not None and len(response) > self.faults.loses_above
        return None if lost else response

    def _hears(self, request: Request) -> bool:
        if request.community != self.community or request.kind not in {GET, GET_NEXT, GET_BULK}:
            return False
        if request.version not in {0, 1} or (request.version == 1 and not self.speaks_v2c):
            return False
        if request.version == 0 and request.kind == GET_BULK:
            return False
        gone = self.faults.vanishes_after
        return self.packets not in self.faults.drops and (gone is None or self.packets <= gone)

    def _body(self, request: Request) -> tuple[int, int, bytes]:
        """Return (error status, error index, variable bindings)."""
        failing = self._failing(request)
        if failing:
            return GEN_ERR, failing, request.body
        if request.version == 0:
            return self._v1(request)
        limit = self.faults.most_varbinds
        if limit is not None and asked_for(request) > limit:
            return TOO_BIG, 0, b""
        if self.faults.loops_below is not None:
            return 0, 0, self._v2c(request)
        key = (
            b"%d|%d|%d|%d|" % (request.kind, request.first, request.second, self.max_octets)
            + request.body
        )
        known = self.recording.answers.get(key)
        if known is None:
            known = self.recording.answers[key] = self._v2c(request)
        too_long = len(known) + 60 > self.max_octets and request.kind != GET_BULK
        return (TOO_BIG, 0, b"") if too_long else (0, 0, known)

    def _failing(self, request: Request) -> int:
        below = self.faults.fails_below
        if below is None:
            return 0
        bad = (place for place, name in enumerate(request.names, 1) if name[: len(below)] == below)
        return next(bad, 0)

    def _v2c(self, request: Request) -> bytes:
        if request.kind == GET:
            return b"".join(map(self._get, request.names))
        if request.kind == GET_NEXT:
            return b"".join(self._next(name)[1] for name in request.names)
        return self._bulk(request)

    def _get(self, name: Oid) -> bytes:
        place = self.recording.places.get(name)
        if place is not None:
            return self.recording.varbinds[place]
        return varbind(name, LEAF[ber.NO_SUCH_INSTANCE])

    def _next(self, name: Oid) -> tuple[Oid, bytes]:
        place = self._looped(name)
        place = self.recording.after(name) if place is None else place
        if place is None:
            return name, varbind(name, LEAF[ber.END_OF_MIB])
        return self.recording.names[place], self.recording.varbinds[place]

    def _looped(self, name: Oid) -> int | None:
        """Return the place of the wrong answer of a device that goes round in circles."""
        below = self.faults.loops_below
        if below is None or name[: len(below)] != below or name == below:
            return None
        return self.recording.places.get(self.faults.loops_to or name)

    def _bulk(self, request: Request) -> bytes:
        once, repeated = request.names[: request.first], request.names[request.first :]
        parts = [self._next(name)[1] for name in once]
        size = sum(map(len, parts))
        for _row in range(request.second if repeated else 0):
            row = [self._next(name) for name in repeated]
            for _name, part in row:
                size += len(part)
                if size > self.max_octets - 60:
                    return b"".join(parts)
                parts.append(part)
            following = [name for name, _part in row]
            if following == repeated and self.faults.loops_below is None:
                break
            repeated = following
        return b"".join(parts)

    def _v1(self, request: Request) -> tuple[int, int, bytes]:
        """Answer as SNMPv1 does: all or an error, and no 64-bit counters."""
        parts = []
        for index, name in enumerate(request.names, 1):
            place = self._v1_place(request.kind, name)
            if place is None:
                return NO_SUCH_NAME, index, request.body
            parts.append(self.recording.varbinds[place])
        return 0, 0, b"".join(parts)

    def _v1_place(self, kind: int, name: Oid) -> int | None:
        if kind == GET:
            place = self.recording.places.get(name)
            return None if place is None or self._is_long_counter(place) else place
        looped = self._looped(name)
        if looped is not None:
            return looped
        place = self.recording.after(name)
        while place is not None and self._is_long_counter(place):
            place = self.recording.after(self.recording.names[place])
        return place

    def _is_long_counter(self, place: int) -> bool:
        part = self.recording.varbinds[place]
        _tag, start, _end = ber.read_tlv(part)
        _tag, _start, end = ber.read_tlv(part, start)
        return part[end] == ber.COUNTER64


def asked_for(request: Request) -> int:
    """Return how many variables a request asks for at most."""
    if request.kind != GET_BULK:
        return len(request.names)
    return request.first + (len(request.names) - request.first) * request.second


def read_request(data: bytes) -> Request:
    """Return the request in a datagram. Raises ValueError."""
    _tag, at, _end = ber.read_tlv(data)
    version, at = ber.read_integer(data, at)
    _tag, start, end = ber.read_tlv(data, at)
    community = data[start:end]
    kind, at, _end = ber.read_tlv(data, end)
    request_id, at = ber.read_integer(data, at)
    first, at = ber.read_integer(data, at)
    second, at = ber.read_integer(data, at)
    _tag, start, end = ber.read_tlv(data, at)
    names, at = [], start
    while at < end:
        _tag, inner, at = ber.read_tlv(data, at)
        _tag, inner, stop = ber.read_tlv(data, inner)
        names.append(ber.read_object_id(data[inner:stop]))
    return Request(version, community, kind, request_id, first, second, names, data[start:end])


def message(request: Request, status: int, index: int, body: bytes) -> bytes:
    """Return the response message to a request."""
    head = ber.integer(request.request_id) + ber.integer(status) + ber.integer(index)
    pdu = ber.tlv(RESPONSE, head + ber.tlv(ber.SEQUENCE, body))
    start = ber.integer(request.version) + ber.tlv(ber.OCTETS, request.community)
    return ber.tlv(ber.SEQUENCE, start + pdu)


def other_request_id(response: bytes) -> bytes:
    """Answer a question nobody asked."""
    told = read_request(response)
    changed = Request(
        told.version, told.community, told.kind, told.request_id ^ 0x55, 0, 0, [], b""
    )
    return message(changed, 0, 0, told.body)


def other_version(response: bytes) -> bytes:
    """Answer in a version of SNMP that does not exist."""
    told = read_request(response)
    changed = Request(7, told.community, told.kind, told.request_id, 0, 0, [], b"")
    return message(changed, 0, 0, told.body)


def garbage(_response: bytes) -> bytes:
    """Answer with octets that are no BER."""
    return bytes.fromhex("30ff02deadbeef") * 5


def truncated(response: bytes) -> bytes:
    """Answer with the first half."""
    return response[: len(response) // 2]


def cut_inside(response: bytes) -> bytes:
    """Answer with a message whose last value says it is longer than the message."""
    _tag, at, _end = ber.read_tlv(response)
    _version, at = ber.read_integer(response, at)
    _tag, _community, at = ber.read_tlv(response, at)
    _tag, at, _end = ber.read_tlv(response, at)
    for _number in range(3):
        _value, at = ber.read_integer(response, at)
    _tag, at, last = ber.read_tlv(response, at)
    while at < last:
        _tag, start, at = ber.read_tlv(response, at)
    _tag, _start, value = ber.read_tlv(response, start)
    spoilt = bytearray(response)
    spoilt[value + 1] += 1
    return bytes(spoilt)
