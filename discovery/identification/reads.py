"""What the rules need to be read of a device, worked out from the sources they name."""

from collections.abc import Iterable

from discovery.collectors.snmp.plan import SCALARS, TABLES, VendorReads
from discovery.identification.answers import is_answer
from discovery.identification.loading import standard_rules
from discovery.identification.rules import RuleSet
from discovery.identification.sources import Source
from discovery.rules.readings import Oid

#: Rules want a column's first text; tables of a device's parts are short.
ROWS = 8
_STANDARD = frozenset(SCALARS)
_ROOTS = tuple(root for table in TABLES for root in table.roots)


def vendor_reads(rules: RuleSet | None = None) -> tuple[VendorReads, ...]:
    """Return what to read besides the standard plan, by sysObjectID prefix; () is every device."""
    wanted: dict[Oid, set[Source]] = {}
    for rule in (rules or standard_rules()).rules:
        sources = {source for source in rule.sources() if _is_extra(source)}
        for prefix in rule.when.prefixes or ((),):
            if sources:
                wanted.setdefault(prefix, set()).update(sources)
    return tuple(_reads(prefix, sources) for prefix, sources in sorted(wanted.items()))


def _is_extra(source: Source) -> bool:
    """Tell whether a source is not in the standard plan."""
    name = source.identifier
    if source.is_relative:
        return True
    if not name or name in _STANDARD or is_answer(name):
        return False
    return not any(name[: len(root)] == root for root in _ROOTS)


def _reads(prefix: Oid, sources: Iterable[Source]) -> VendorReads:
    return VendorReads(
        prefix,
        tuple(sorted(s.identifier for s in sources if not s.is_column and not s.is_relative)),
        tuple(sorted(s.identifier for s in sources if s.is_column)),
        ROWS,
        tuple(sorted(s.identifier for s in sources if s.is_relative)),
    )
