"""Where a rule takes a text from: a variable, a column, or something that has a name because everybody needs it."""

import re
from dataclasses import dataclass

from discovery.identification import answers
from discovery.rules.readings import Oid, dotted, oid

#: Short forms of identifiers, as MIBs write them.
ABBREVIATIONS = {
    "enterprises": "1.3.6.1.4.1",
    "mib-2": "1.3.6.1.2.1",
    "system": "1.3.6.1.2.1.1",
    "entPhysicalEntry": "1.3.6.1.2.1.47.1.1.1.1",
}
SYSTEM = oid("1.3.6.1.2.1.1")
DESCRIPTION, OBJECT_ID, SYSTEM_NAME = (*SYSTEM, 1, 0), (*SYSTEM, 2, 0), (*SYSTEM, 5, 0)
PRINTER = oid("1.3.6.1.2.1.43.5.1.1")
UPS = oid("1.3.6.1.2.1.33.1.1")

#: Single variables that have a name of their own.
VARIABLES: dict[str, Oid] = {
    "description": DESCRIPTION,
    "name": SYSTEM_NAME,
    "object_id": OBJECT_ID,
    "lldp.description": oid("1.0.8802.1.1.2.1.3.4.0"),
    "ups.maker": (*UPS, 1, 0),
    "ups.model": (*UPS, 2, 0),
    "ups.software": (*UPS, 3, 0),
    "ups.agent": (*UPS, 4, 0),
    "rmon.software": oid("1.3.6.1.2.1.16.19.2.0"),
    "rmon.hardware": oid("1.3.6.1.2.1.16.19.3.0"),
    **answers.VARIABLES,
}
#: Columns of which the first row with a text counts.
COLUMNS: dict[str, Oid] = {
    "printer.serial": (*PRINTER, 17),
    "interfaces": oid("1.3.6.1.2.1.2.2.1.2"),
    **answers.COLUMNS,
}
#: Columns of the row of ENTITY-MIB that stands for the device itself.
ENTITY_COLUMNS = {
    "entity.description": 2,
    "entity.name": 7,
    "entity.hardware": 8,
    "entity.firmware": 9,
    "entity.software": 10,
    "entity.serial": 11,
    "entity.vendor": 12,
    "entity.model": 13,
}
#: Texts that are worked out: the printer's line in HOST-RESOURCES-MIB, the device's own MAC address, every text
#: that was read of the vendor's tree, and what looks like a version or a model there, if only one text does.
COMPUTED = (
    "printer.description",
    "mac",
    "tree",
    "tree.version",
    "tree.model",
    "description.version",
)
#: What stands behind it follows the device's sysObjectID.
RELATIVE = "object_id."
_TAIL = re.compile(r"\d{1,10}(\.\d{1,10}){0,20}")
_IDENTIFIER = re.compile(r"\d{1,10}(\.\d{1,10}){1,60}")


class SourceError(ValueError):
    """A text that names no source; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place to take text from: `name` when it has one, else the identifier of a variable or of a column.

    `is_relative` says that the identifier follows the device's own sysObjectID: makers that give every model a
    tree of its own keep the same leaves in it.
    """

    name: str = ""
    identifier: Oid = ()
    is_column: bool = False
    is_relative: bool = False

    def __str__(self) -> str:
        head = RELATIVE if self.is_relative else ""
        return self.name or head + dotted(self.identifier) + (".*" if self.is_column else "")


def source_of(text: str) -> Source:
    """Return the source that a rule names. Raises SourceError.

    >>> str(source_of("enterprises.9.3.6.3.0"))
    '1.3.6.1.4.1.9.3.6.3.0'
    >>> source_of("entPhysicalEntry.13.*").is_column
    True
    >>> source_of("object_id.1.78.0").identifier
    (1, 78, 0)
    """
    if text in VARIABLES:
        return Source(text, VARIABLES[text])
    if text in COLUMNS:
        return Source(text, COLUMNS[text], is_column=True)
    if text in ENTITY_COLUMNS or text in COMPUTED:
        return Source(text)
    if text.startswith(RELATIVE) and _TAIL.fullmatch(text.removeprefix(RELATIVE)):
        return Source("", oid(text.removeprefix(RELATIVE)), is_relative=True)
    is_column = text.endswith(".*")
    return Source("", identifier_of(text.removesuffix(".*")), is_column)


def identifier_of(text: str) -> Oid:
    """Return the identifier written with dots, short forms resolved. Raises SourceError.

    >>> identifier_of("mib-2.33")
    (1, 3, 6, 1, 2, 1, 33)
    """
    head, _, tail = text.partition(".")
    whole = ABBREVIATIONS.get(head, head) + ("." + tail if tail else "")
    if not _IDENTIFIER.fullmatch(whole):
        names = ", ".join(sorted({*VARIABLES, *COLUMNS, *ENTITY_COLUMNS, *COMPUTED}))
        raise SourceError(
            f"“{text}” is no source: write an object identifier ({', '.join(ABBREVIATIONS)} may stand at its "
            f"beginning, .* behind a column) or one of {names}"
        )
    return oid(whole)
