"""The content of an audit pack: population first, then a reproducible sample, then each section asked for."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.registries import evidence_sections
from evidence.choices import PackKind
from evidence.models import LedgerEntry
from evidence.packs import PackContent, Total
from evidence.packs.assembly import ranges_of
from evidence.packs.sections import AuditScope, section, table
from evidence.queries.population import administration_in, counted, entries_in
from evidence.rules.canonical import plain
from evidence.rules.sampling import sample_of

SAMPLE = 25
MOST_ENTRIES = 20_000


def audit_content(scope: AuditScope, *, sections: Sequence[str]) -> PackContent:
    """Return what a pack of a scope, a period and the named sections holds."""
    entries = entries_in(scope)
    sequences = list(entries.values_list("sequence", flat=True))
    embedded = sequences[:MOST_ENTRIES]
    collected = [_collected(name, scope) for name in _in_order(sections)]
    data = {
        "scope": {"path": scope.path, "label": scope.label},
        "period": {"from": scope.starts_at, "until": scope.ends_at},
        "sections_asked": sorted(sections),
        "population": _population(scope, sequences, embedded),
        "by_type": counted(entries, "object_type", "action"),
        "by_actor": counted(entries, "actor_label", "channel"),
        "sample": _sample(scope, embedded),
        "sections": collected,
        **{_records(one): one.pop("records", []) for one in collected},
    }
    return PackContent(
        kind=PackKind.AUDIT,
        title=_("Evidence for %(scope)s") % {"scope": scope.label},
        subject=_period(scope),
        template="pdf/audit.html",
        data=data,
        sequences=embedded,
        totals=[
            Total(_("Entries in scope and period, by type"), "by_type", sum_of="count"),
            Total(_("Entries in scope and period, by actor"), "by_actor", sum_of="count"),
            *_totals(collected, data),
        ],
        scope_path=scope.path,
        limits=_limits(len(sequences), len(embedded)),
        glossary={
            _("Population"): _("All ledger entries about objects in the scope, in the period."),
            _("Sample"): _(
                "The entries whose SHA-256 of the seed, a colon and the entry number is smallest. "
                "Anyone can draw it again; the verifier does."
            ),
        },
    )


def _period(scope: AuditScope) -> str:
    """Return the first and last day, in the plant's time zone."""
    last = scope.ends_at - timedelta(seconds=1)
    return f"{timezone.localtime(scope.starts_at):%Y-%m-%d} to {timezone.localtime(last):%Y-%m-%d}"


def _records(one: Mapping[str, Any]) -> str:
    return f"records_{one['name']}"


def _totals(collected: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> list[Total]:
    """Return a total for each value of the field a section counts its population by."""
    totals = []
    for one in collected:
        if field := one.get("counted_by"):
            values = sorted({str(record[field]) for record in data[_records(one)]})
            totals += [
                Total(f"{one['title']}: {value}", _records(one), {field: value}) for value in values
            ]
    return totals


def _population(scope: AuditScope, sequences: list[int], embedded: list[int]) -> dict[str, Any]:
    return {
        "count": len(sequences),
        "embedded": len(embedded),
        "first": sequences[0] if sequences else None,
        "last": sequences[-1] if sequences else None,
        "ranges": len(ranges_of(sequences)),
        "criterion": {"scope_path_starts_with": scope.path, "order": "sequence"},
    }


def _sample(scope: AuditScope, embedded: list[int]) -> dict[str, Any]:
    seed = f"{scope.path}|{scope.starts_at.isoformat()}|{scope.ends_at.isoformat()}"
    chosen = sample_of(embedded, seed=seed, size=SAMPLE)
    rows = LedgerEntry.objects.filter(sequence__in=chosen).order_by("sequence")
    columns = ("sequence", "at", "actor_label", "acting_for", "action", "object_type")
    return {
        "seed": seed,
        "size": SAMPLE,
        "sequences": chosen,
        "entries": [
            {
                **{name: plain(getattr(row, name)) for name in columns},
                "object_label": row.object_label,
                "comment": row.comment,
                "before": row.before,
                "after": row.after,
            }
            for row in rows
        ],
    }


def _in_order(names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda name: (evidence_sections.get(name).order, name))


def _collected(name: str, scope: AuditScope) -> dict[str, Any]:
    entry = evidence_sections.get(name)
    return {"name": name, "title": str(entry.title), **entry.collect(scope)}


def administration_section(scope: AuditScope) -> dict[str, Any]:
    """Collect what was done to logins, rights, keys and packs."""
    rows = administration_in(scope)
    shown = [
        [
            row["sequence"],
            f"{row['at']:%Y-%m-%d %H:%M}",
            row["actor_label"],
            row["action"],
            f"{row['object_label']} ({row['object_type']})",
        ]
        for row in rows
    ]
    columns = [_("Entry"), _("When (UTC)"), _("Who"), _("Did"), _("To what")]
    return section(
        summary=_("Logins, rights, tokens, keys and exports, for the whole site."),
        tables=[table("", columns, shown, numeric=[0], empty=_("None in the period."))],
    )


def _limits(count: int, embedded: int) -> list[str]:
    limits = [
        _("Scope: entries carry the location path their object had when they were written."),
        _(
            "Entries about things without a location (classes, products, people) are not in a scope."
        ),
    ]
    if embedded < count:
        limits.append(
            _(
                "Of %(count)s entries the first %(embedded)s are embedded; sample and proof cover those."
            )
            % {"count": count, "embedded": embedded}
        )
    return limits
