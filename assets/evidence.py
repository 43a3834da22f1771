"""What an audit pack says of the plant: the population of items, zones and conduits, what is unresolved.

The scope is the reader's right: nothing that stands outside of it is named.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.choices import Criticality, ItemKind, ItemStatus, PurdueLevel, RelationClass
from assets.models import Conduit, ConfigurationItem, Relation, Zone
from assets.models.items import ItemQuerySet
from assets.queries.zones import without_conduit
from evidence.packs.sections import AuditScope, section, table

REQUIREMENTS = "IAC, UC, SI, DC, RDF, TRE, RA"


def items_in(scope: AuditScope) -> ItemQuerySet:
    """Return the items standing in a scope; of the whole enterprise also those without a place."""
    within = Q(location__path__startswith=scope.path) if scope.path else Q()
    return ConfigurationItem.objects.filter(within)


def inventory_section(scope: AuditScope) -> dict[str, Any]:
    """Collect how many items there are, by what they are and how they are."""
    # The stubs do not see what a queryset method annotates.
    items: QuerySet[Any, Any] = items_in(scope).with_effective().order_by()
    columns = ("kind", "status", "criticality", "item_class__name")
    rows = list(items.values(*columns).annotate(count=Count("pk")))
    by_kind = _summed(rows, "kind")
    unresolved = _unresolved(scope)
    return section(
        summary=_(
            "Every item standing in the scope, as recorded when this document was written. Who answers "
            "for them is in the section on ownership."
        ),
        facts={
            _("Items"): sum(by_kind.values()),
            _("Assets"): by_kind[ItemKind.ASSET],
            _("Systems"): by_kind[ItemKind.SYSTEM],
            _("Relations with an unknown end"): len(unresolved),
        },
        tables=[
            _by_status(rows),
            _by_criticality(rows),
            _by_class(rows),
            _unresolved_table(unresolved),
        ],
    )


def _summed(rows: Iterable[dict[str, Any]], *names: str) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for row in rows:
        key = tuple(row[name] for name in names)
        found[key if len(names) > 1 else key[0]] += row["count"]
    return found


def _crossed(title: str, head: str, lines: Sequence[tuple[Any, str]], counts: Counter[Any]) -> Any:  # noqa: ANN401
    """Return a table of assets and systems by something, with a sum."""
    kinds = (ItemKind.ASSET, ItemKind.SYSTEM)
    rows: list[list[Any]] = []
    for value, label in lines:
        numbers: list[int] = [counts[value, kind] for kind in kinds]
        if any(numbers):
            rows.append([label, *numbers, sum(numbers)])
    sums = [sum(row[column] for row in rows) for column in (1, 2, 3)]
    if rows:
        rows.append([_("All"), *sums])
    columns = [head, _("Assets"), _("Systems"), _("All")]
    return table(title, columns, rows, numeric=(1, 2, 3), empty=_("No items in the scope."))


def _by_status(rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - a table
    lines = [(status.value, str(status.label)) for status in ItemStatus]
    return _crossed(_("By status"), _("Status"), lines, _summed(rows, "status", "kind"))


def _by_criticality(rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401
    lines: list[tuple[Any, str]] = [
        (level.value, str(level.label)) for level in reversed(Criticality)
    ]
    lines.append((None, _("Not set")))
    counts = _summed(rows, "criticality", "kind")
    return _crossed(_("By criticality (own, else the system's)"), _("Criticality"), lines, counts)


def _by_class(rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401
    names = sorted({row["item_class__name"] for row in rows})
    counts = _summed(rows, "item_class__name", "kind")
    return _crossed(_("By class"), _("Class"), [(name, name) for name in names], counts)


def _unresolved(scope: AuditScope) -> list[list[Any]]:
    items = items_in(scope).values("pk")
    unknown = Relation.objects.filter(
        Q(source__isnull=True, target__in=items) | Q(target__isnull=True, source__in=items)
    )
    rows = unknown.select_related("source", "target").order_by("pk")
    return [
        [
            _end(row.source, row.unresolved_source),
            _class(row),
            _end(row.target, row.unresolved_target),
        ]
        for row in rows
    ]


def _end(item: ConfigurationItem | None, unresolved: str) -> str:
    return f"{item.code} {item.name}" if item else _("unknown: %s") % unresolved


def _class(row: Relation) -> str:
    return str(RelationClass(row.relation_class).label)


def _unresolved_table(rows: list[list[Any]]) -> Any:  # noqa: ANN401
    return table(
        _("Relations with an unknown end"),
        [_("From"), _("Relation"), _("To")],
        rows,
        empty=_("None: both ends of every relation are known."),
    )


def zones_section(scope: AuditScope) -> dict[str, Any]:
    """Collect zones with their security levels, conduits, and traffic no conduit declares."""
    zones = list(
        Zone.objects.filter(site__path__startswith=scope.path)
        .select_related("site")
        .annotate(count=Count("items", filter=Q(items__in=items_in(scope))))
        .order_by("code")
    )
    crossings = _crossings(scope)
    short = sum(_falls_short(zone) for zone in zones)
    return section(
        summary=_(
            "Zones and conduits after IEC 62443-3-2. A security level vector gives the seven foundational "
            "requirements in the order %s; a zone falls short where SL-A is below SL-T."
        )
        % REQUIREMENTS,
        facts={
            _("Zones"): len(zones),
            _("Zones whose SL-A is below SL-T"): short,
            _("Zones without a target"): sum(not zone.sl_target for zone in zones),
            _("Undeclared crossings"): len(crossings),
        },
        tables=[
            _zone_table(zones),
            _conduit_table(scope, {zone.pk for zone in zones}),
            _crossing_table(crossings),
        ],
    )


def _levels(vector: str) -> list[int]:
    return [int(level) for level in vector.split(",")] if vector else []


def _falls_short(zone: Zone) -> bool:
    pairs = zip(_levels(zone.sl_target), _levels(zone.sl_achieved), strict=False)
    return any(achieved < target for target, achieved in pairs)


def _judged(zone: Zone) -> str:
    if not zone.sl_target:
        return _("no target")
    if not zone.sl_achieved:
        return _("not assessed")
    return _("falls short") if _falls_short(zone) else _("met")


def _zone_table(zones: Sequence[Zone]) -> Any:  # noqa: ANN401
    columns = [_("Zone"), _("Level"), _("Items"), "SL-T", "SL-C", "SL-A", _("Target")]
    rows = [
        [
            f"{zone.code} {zone.name}" + (f" ({_('safety')})" if zone.is_safety else ""),
            str(PurdueLevel(zone.purdue_level).label),
            getattr(zone, "count", 0),
            *(
                vector.replace(",", " ") or "-"
                for vector in (zone.sl_target, zone.sl_capable, zone.sl_achieved)
            ),
            _judged(zone),
        ]
        for zone in zones
    ]
    return table(_("Zones"), columns, rows, numeric=(2,), empty=_("No zone stands in the scope."))


def _conduit_table(scope: AuditScope, known: set[int]) -> Any:  # noqa: ANN401
    touching = Conduit.objects.filter(
        Q(from_zone__site__path__startswith=scope.path)
        | Q(to_zone__site__path__startswith=scope.path)
    )
    joined = touching.select_related("from_zone", "to_zone").order_by("code")
    rows = [_conduit(row, known) for row in joined]
    columns = [_("Conduit"), _("From zone"), _("To zone"), _("Protocols")]
    return table(_("Conduits"), columns, rows, empty=_("No conduit is declared."))


def _conduit(row: Conduit, known: set[int]) -> list[str]:
    """Return a conduit; of one that leaves the scope neither its code nor its other end."""
    ends = [
        zone.code if zone.pk in known else _("outside the scope")
        for zone in (row.from_zone, row.to_zone)
    ]
    is_within = {row.from_zone_id, row.to_zone_id} <= known
    code = row.code if is_within else _("leads outside")
    return [code, *ends, ", ".join(row.protocols) or "-"]


def _crossings(scope: AuditScope) -> list[list[str]]:
    """Return relations meaning traffic between two zones no conduit joins, with an end in the scope."""
    items = items_in(scope).values("pk")
    known = Relation.objects.filter(Q(source__in=items) | Q(target__in=items))
    rows = (
        without_conduit(known)
        .select_related("source__zone", "source__location", "target__zone", "target__location")
        .order_by("source__code", "target__code", "relation_class", "pk")
    )
    return [[_place(row.source, scope), _class(row), _place(row.target, scope)] for row in rows]


def _place(item: ConfigurationItem | None, scope: AuditScope) -> str:
    if item is None or not item.ledger_scope().startswith(scope.path):
        return _("an item outside the scope")
    return f"{item.code} {item.name} ({item.zone.code if item.zone else '-'})"


def _crossing_table(rows: list[list[str]]) -> Any:  # noqa: ANN401
    title = ngettext("%d undeclared crossing", "%d undeclared crossings", len(rows)) % len(rows)
    return table(
        title,
        [_("From (zone)"), _("Relation"), _("To (zone)")],
        rows,
        empty=_("None: every relation between two zones runs through a declared conduit."),
    )
