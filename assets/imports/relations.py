"""Import kind of relations: ends by code, an unknown end kept as text, redundancy groups from columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assets import access
from assets.imports import groups, lookups
from assets.models import Relation
from common.imports import (
    Column,
    ImportContext,
    ImportKind,
    Lookup,
    PlannedRow,
    Session,
    column_for,
)
from common.imports.cells import format_value, integer_parser, text_parser
from evidence import services as ledger

ENDS = ("source", "target")


@dataclass(frozen=True, slots=True)
class Unknown:
    """An end that no item answers to."""

    code: str


def _format_end(value: Any) -> str:
    if isinstance(value, Unknown):
        return _("%(code)s (unknown)") % {"code": value.code}
    return format_value(value)


def _end(name: str) -> Column:
    return Column(
        name,
        text_parser(200),
        _("the code of an asset or system"),
        help=_("An unknown code is kept and joined when the item arrives."),
        is_key=True,
        is_required=True,
        format=_format_end,
    )


class Relations(ImportKind):
    """Relations by source, class, target and protocol."""

    name, title, order = "relations", _("Relations"), 70
    model, writer = Relation, ledger
    columns = (
        _end("source"),
        column_for(Relation, "relation_class", is_key=True, is_required=True),
        _end("target"),
        column_for(Relation, "protocol", is_key=True),
        Column(
            "redundancy_group",
            text_parser(100),
            _("text up to 100 characters"),
            help=_("Name of the group of providers the dependent item needs k of."),
        ),
        Column(
            "required",
            integer_parser(1, 1_000),
            _("a whole number from 1"),
            help=_("k of the group; empty: not declared."),
            empty=None,
        ),
        column_for(Relation, "data_model"),
        column_for(Relation, "middleware"),
        column_for(Relation, "note"),
        column_for(Relation, "verified_at"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Relations join items."""
        return {"items": lookups.items_lookup(context)}

    def stored(self) -> QuerySet[Any]:
        """Return relations with their ends, the locations of those, and the group."""
        return Relation.objects.select_related(
            "source__location", "target__location", "redundancy_group"
        )

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the relations whose known ends the context sees."""
        if context.is_unlimited:
            return self.stored()
        if not isinstance(context.user, User):
            return Relation.objects.none()
        return self.stored().filter(pk__in=access.relations_visible_to(context.user).values("pk"))

    def find(self, keys: Sequence[tuple[Any, ...]], session: Session) -> dict[tuple[Any, ...], Any]:
        """Return stored relations by the codes of their ends, known or not."""
        items = session.lookups["items"]
        codes = {code for key in keys for code in (key[0], key[2])}
        items.prime(codes)
        ids = [item.pk for item in map(items.get, codes) if item is not None]
        named = Q(unresolved_source__in=codes) | Q(unresolved_target__in=codes)
        found: dict[tuple[Any, ...], Any] = {}
        for condition in (named, Q(source_id__in=ids, target_id__in=ids)):
            rows = self.stored().filter(condition)
            if session.is_writing:
                rows = rows.select_for_update(of=("self",))
            found.update({self.key_of(row): row for row in rows})
        return found

    def key_of(self, row: Any) -> tuple[Any, ...]:
        """Return the key by the codes of the ends."""
        return (*_codes(row)[:1], row.relation_class, *_codes(row)[1:], row.protocol)

    def prepare(self, rows: list[PlannedRow], session: Session) -> None:
        """Find the ends; refuse a relation to itself or between two unknown ends."""
        items = session.lookups["items"]
        for row in rows:
            codes = [row.values[end] for end in ENDS]
            found = [items.get(code) for code in codes]
            row.notes |= dict(zip(ENDS, found, strict=True))
            if codes[0] == codes[1]:
                session.fail(row, _("has a relation to itself"), column="target", value=codes[1])
            elif found == [None, None]:
                words = {"source": codes[0], "target": codes[1]}
                neither = _("neither '%(source)s' nor '%(target)s' is a known asset or system")
                session.fail(row, neither % words)
            else:
                _note_unknown(row, codes, found, session)
        groups.prepare([row for row in rows if not row.is_failed], session)

    def current(self, row: PlannedRow, column: Column, session: Session) -> Any:
        """Return the stored ends and group."""
        stored = row.instance
        if column.name in ENDS:
            item = getattr(stored, column.name)
            return item.code if item else Unknown(getattr(stored, f"unresolved_{column.name}"))
        return _group_value(stored, column.name)

    def shown(self, row: Any, column: Column, session: Session) -> str:
        """Return the same as an export writes it."""
        if column.name in ENDS:
            return _codes(row)[ENDS.index(column.name)]
        return format_value(_group_value(row, column.name))

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Require the right to edit the source, or the target when the source is unknown."""
        edit = lookups.scope(session.context)
        for row in rows:
            if not lookups.covers(edit, row.notes["source"] or row.notes["target"]):
                session.fail(row, lookups.OUT_OF_SCOPE, column="source", value=row.values["target"])

    def fields(self, row: PlannedRow, session: Session) -> dict[str, Any]:
        """Add ends, group and provenance to the plain fields."""
        values = super().fields(row, session)
        for end in ENDS:
            item, code = row.notes[end], row.values[end]
            if row.is_new or end in row.changes:
                values |= {end: item, f"unresolved_{end}": "" if item else _code(code)}
        if "redundancy_group" in row.changes:
            values["redundancy_group"] = row.notes.get("group")
        return values | {"provenance_source": session.context.source}

    def create(self, rows: list[PlannedRow], session: Session) -> None:
        """Make the groups, then the relations."""
        groups.write(rows, session)
        super().create(rows, session)

    def update(self, rows: list[PlannedRow], session: Session) -> None:
        """Make or change the groups, then the relations."""
        groups.write(rows, session)
        changed = [row for row in rows if set(row.changes) != {"required"}]
        super().update(changed, session)


def _codes(row: Any) -> tuple[str, str]:
    return (
        row.source.code if row.source else row.unresolved_source,
        row.target.code if row.target else row.unresolved_target,
    )


def _code(value: Any) -> str:
    return value.code if isinstance(value, Unknown) else str(value)


def _group_value(row: Any, name: str) -> Any:
    group = row.redundancy_group
    if name == "required":
        return group.required_count if group else None
    return group.name if group else ""


def _note_unknown(row: PlannedRow, codes: list[str], found: list[Any], session: Session) -> None:
    for end, code, item in zip(ENDS, codes, found, strict=True):
        if item is None:
            row.values[end] = Unknown(code)
            session.warn(
                row,
                _("is not known; the relation is kept and joined when the item arrives"),
                column=end,
                value=code,
            )
