"""Read one device: what it says of itself, which tables it has, then those tables, all columns at once."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from discovery.collectors.gates import Gate
from discovery.collectors.guard import RefusedError
from discovery.collectors.snmp.conversation import (
    SHORTER,
    Conversation,
    DeniedError,
    SilentError,
    SpentError,
    Target,
)
from discovery.collectors.snmp.credentials import Community, Credentials, Version
from discovery.collectors.snmp.messages import Kind, Query, Status
from discovery.collectors.snmp.plan import SYS_OBJECT_ID, Plan
from discovery.collectors.snmp.varbinds import Binding, Missing
from discovery.collectors.snmp.walking import Column, Walk
from discovery.collectors.snmp.wire import Wire
from discovery.rules.readings import Oid, Reading, Value, dotted
from discovery.rules.safety import Refusal


@dataclass(frozen=True)
class DeviceRead:
    """What came of reading a device; what went wrong stands in `reading.problems`.

    `requests` are datagrams sent, `octets` those received. `is_complete` says that everything planned was asked;
    tables cut short or going in circles are problems of a complete reading. `refusal` is the gate's reason when
    it ended the reading. `left_out` are tables the limits did not allow.
    """

    reading: Reading
    requests: int
    octets: int
    has_answered: bool
    is_complete: bool
    refusal: Refusal | None = None
    left_out: tuple[str, ...] = ()


async def read_device(
    wire: Wire, target: Target, credentials: Credentials, plan: Plan, gate: Gate
) -> DeviceRead:
    """Return what a device told. Its silence, its nonsense and the gate's refusals are results, not exceptions."""
    conversation = Conversation(wire.carrier(credentials), target, credentials, plan.limits, gate)
    reader = _Reader(conversation, plan)
    refusal, is_complete = None, False
    try:
        await reader.read()
        is_complete = True
    except (SilentError, SpentError, DeniedError) as error:
        reader.problems.append(str(error))
    except RefusedError as error:
        refusal = error.reason
        reader.problems.append(str(error))
    return DeviceRead(
        Reading(reader.found, tuple(reader.problems)),
        conversation.requests,
        conversation.octets,
        conversation.has_answered,
        is_complete,
        refusal,
        tuple(table.name for table in plan.tables if table not in plan.tables_to_read()),
    )


@dataclass
class _Reader:
    """The reading as it grows: it stays valid whatever stops it."""

    conversation: Conversation
    plan: Plan
    found: dict[Oid, Value] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    async def read(self) -> None:
        """Ask for the scalars, then for which tables there are, then for the tables."""
        await self._scalars(self.plan.scalars)
        await self._walk(await self._live_columns())

    @property
    def _has_bulk(self) -> bool:
        credentials = self.conversation.credentials
        return not (isinstance(credentials, Community) and credentials.version is Version.V1)

    async def _scalars(self, names: Iterable[Oid]) -> None:
        """Take single variables; in SNMPv1, where one missing name spoils a GET, by the names before them."""
        wanted = tuple(dict.fromkeys(names))
        if self._has_bulk:
            answers = await self._singles(Kind.GET, wanted)
        else:
            answers = await self._singles(Kind.GET_NEXT, [name[:-1] for name in wanted])
        self._keep(answers.values(), frozenset(wanted))

    def _keep(self, bindings: Iterable[Binding], wanted: frozenset[Oid]) -> None:
        for name, value in bindings:
            if name in wanted and not isinstance(value, Missing):
                self.found[name] = value

    async def _live_columns(self) -> list[Column]:
        """Return the columns of the tables that the device has, by one GETNEXT over all their roots.

        A vendor's scalars (….0) are asked for in the same request, by the names before them.
        """
        identity = self.found.get(SYS_OBJECT_ID)
        identity = identity if isinstance(identity, tuple) else ()
        reads = self.plan.of_vendor(identity)
        scalars = {name for one in reads for name in one.scalars} - set(self.found)
        by_next = [name[:-1] for name in scalars if name[-1] == 0]
        await self._scalars(sorted(name for name in scalars if name[-1] != 0))
        groups = [*self._table_columns(), *self._vendor_columns(identity)]
        answers = await self._singles(
            Kind.GET_NEXT, [*(root for root, _ in groups), *sorted(by_next)]
        )
        self._keep(answers.values(), frozenset(scalars))
        return [
            column
            for root, group in groups
            for column in group
            if _is_below(answers.get(root), root)
        ]

    def _table_columns(self) -> Iterator[tuple[Oid, list[Column]]]:
        for table in self.plan.tables_to_read():
            most = self.plan.most_rows(table)
            yield table.entry, [Column(table.name, root, most) for root in table.roots]

    def _vendor_columns(self, identity: Oid) -> Iterator[tuple[Oid, list[Column]]]:
        limits = self.plan.limits
        most: dict[Oid, int] = {}
        for one in self.plan.of_vendor(identity):
            for root in one.columns:
                most[root] = max(most.get(root, 0), min(one.rows, limits.rows))
        for root, rows in most.items():
            yield root, [Column(dotted(root), root, rows)]
        tree = self.plan.sampled_tree(identity)
        if tree is not None:
            yield tree, [Column(dotted(tree), tree, limits.sample, is_sample=True)]

    async def _walk(self, columns: list[Column]) -> None:
        walk = Walk(columns, self.plan.limits, self._has_bulk, self.found, self.problems)
        while (query := walk.next_query()) is not None:
            walk.take(await self.conversation.ask(query))
            if self.conversation.was_late:
                walk.shrink(SHORTER)

    async def _singles(self, kind: Kind, names: Iterable[Oid]) -> dict[Oid, Binding]:
        """Return what stands for each name; requests that are too big or fail are split until they are not."""
        width = self.plan.limits.names
        every = tuple(names)
        waiting = deque(every[at : at + width] for at in range(0, len(every), width))
        answers: dict[Oid, Binding] = {}
        while waiting:
            part = waiting.popleft()
            answer = await self.conversation.ask(Query(kind, part))
            if answer.status is Status.FINE:
                answers.update(zip(part, answer.bindings, strict=False))
                rest = part[len(answer.bindings) :] if answer.bindings else ()
                waiting.extendleft([rest] if rest else [])
            else:
                waiting.extendleft(self._without_the_guilty(part, answer.status, answer.index))
        return answers

    def _without_the_guilty(
        self, part: tuple[Oid, ...], status: Status, index: int
    ) -> list[tuple[Oid, ...]]:
        """Return how to go on after an error: without the name it is about, or in halves."""
        if 0 < index <= len(part) and status is not Status.TOO_BIG:
            if status is Status.OTHER:
                self.problems.append(f"{dotted(part[index - 1])}: the device reports an error")
            left = part[: index - 1] + part[index:]
            return [left] if left else []
        if len(part) == 1:
            self.problems.append(f"{dotted(part[0])}: the device reports an error")
            return []
        half = len(part) // 2
        return [part[half:], part[:half]]


def _is_below(binding: Binding | None, root: Oid) -> bool:
    return (
        binding is not None
        and not isinstance(binding[1], Missing)
        and binding[0][: len(root)] == root
    )
