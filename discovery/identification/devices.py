"""A reading as rules look at it: texts by source, bounded in length and number, worked out once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from discovery.identification.chassis import chassis_index
from discovery.identification.guesses import likely_model, only_version, version_in_description
from discovery.identification.sources import (
    ABBREVIATIONS,
    DESCRIPTION,
    ENTITY_COLUMNS,
    OBJECT_ID,
    Source,
)
from discovery.identification.values import bounded
from discovery.rules.readings import Oid, Reading, as_mac, oid

ENTITY = oid(ABBREVIATIONS["entPhysicalEntry"])
HOST_DEVICE = oid("1.3.6.1.2.1.25.3.2.1")
HOST_PRINTER = oid("1.3.6.1.2.1.25.3.1.5")
BRIDGE_ADDRESS = oid("1.3.6.1.2.1.17.1.1.0")
INTERFACE_ADDRESS = oid("1.3.6.1.2.1.2.2.1.6")
#: No rule looks at more rows of a column or texts of a tree than this.
MOST_TEXTS = 64


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text of a device and the variable it stands in."""

    identifier: Oid
    text: str


def _seen(evidence: Evidence, value: str) -> tuple[Evidence, ...]:
    return (Evidence(evidence.identifier, value),) if value else ()


@dataclass(frozen=True)
class Device:
    """A reading, seen by rules."""

    reading: Reading

    @cached_property
    def object_id(self) -> Oid:
        """Return sysObjectID, () when the device gives none."""
        value = self.reading.get(OBJECT_ID)
        return value if isinstance(value, tuple) else ()

    @cached_property
    def enterprise(self) -> int:
        """Return the number of the enterprise in sysObjectID, 0 for none.

        >>> Device(Reading({OBJECT_ID: oid("1.3.6.1.4.1.9.1.615")})).enterprise
        9
        """
        is_enterprise = self.object_id[:6] == (1, 3, 6, 1, 4, 1) and len(self.object_id) > 6
        return self.object_id[6] if is_enterprise else 0

    def evidence(self, identifier: Oid) -> Evidence:
        """Return one variable as text, "" when the device has none of that name."""
        return Evidence(identifier, bounded(self.reading.text(identifier)))

    def texts(self, source: Source) -> Iterator[Evidence]:
        """Yield the texts of a source that are not empty, in order."""
        for identifier in self._identifiers(source):
            evidence = self.evidence(identifier)
            if evidence.text:
                yield evidence
        yield from self._computed(source.name)

    def _identifiers(self, source: Source) -> Iterator[Oid]:
        if source.name in ENTITY_COLUMNS:
            if self._chassis is not None:
                yield (*ENTITY, ENTITY_COLUMNS[source.name], *self._chassis)
        elif source.name == "printer.description":
            yield from self._printer_lines
        elif source.name == "tree":
            yield from self._tree
        elif source.is_relative:
            yield (*self.object_id, *source.identifier)
        elif source.is_column:
            yield from self._column(source.identifier)
        elif source.identifier:
            yield source.identifier

    def _computed(self, name: str) -> tuple[Evidence, ...]:
        if name == "mac":
            return self._mac
        description = self.evidence(DESCRIPTION)
        if name == "description.version":
            return _seen(description, version_in_description(description.text))
        if name == "tree.version":
            return self._in_tree(only_version(text for _identifier, text in self._tree_texts))
        if name == "tree.model":
            texts = (text for _identifier, text in self._tree_texts)
            return self._in_tree(likely_model(texts, description.text))
        return ()

    @cached_property
    def _tree_texts(self) -> tuple[tuple[Oid, str], ...]:
        return tuple((identifier, self.evidence(identifier).text) for identifier in self._tree)

    def _in_tree(self, value: str) -> tuple[Evidence, ...]:
        """Return a value with the variable of the vendor's tree it stands in."""
        if not value:
            return ()
        return tuple(
            Evidence(identifier, value) for identifier, text in self._tree_texts if value in text
        )[:1]

    def _column(self, root: Oid) -> Iterator[Oid]:
        for (index, _value), _count in zip(
            self.reading.below(root), range(MOST_TEXTS), strict=False
        ):
            yield (*root, *index)

    @cached_property
    def _chassis(self) -> Oid | None:
        return chassis_index(self.reading)

    @cached_property
    def _printer_lines(self) -> tuple[Oid, ...]:
        types = self.reading.column((*HOST_DEVICE, 2))
        return tuple(
            (*HOST_DEVICE, 3, *index) for index, kind in types.items() if kind == HOST_PRINTER
        )

    @cached_property
    def _tree(self) -> tuple[Oid, ...]:
        if not self.enterprise:
            return ()
        root = self.object_id[:7]
        texts = (
            (*root, *index) for index, value in self.reading.below(root) if isinstance(value, bytes)
        )
        return tuple(
            identifier for identifier, _count in zip(texts, range(MOST_TEXTS), strict=False)
        )

    @cached_property
    def _mac(self) -> tuple[Evidence, ...]:
        """The bridge's address, else that of the first interface that has one."""
        candidates = [(BRIDGE_ADDRESS, self.reading.get(BRIDGE_ADDRESS))]
        candidates += [
            ((*INTERFACE_ADDRESS, *index), value)
            for index, value in self.reading.below(INTERFACE_ADDRESS)
        ]
        found = ((identifier, as_mac(value)) for identifier, value in candidates)
        return tuple(Evidence(identifier, mac) for identifier, mac in found if mac)[:1]
