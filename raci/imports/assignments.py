"""Import kind of matrices: rows go into the draft of their matrix; a published revision never changes.

The file is compared with the draft if there is one, else with what is published, so a second run is idle.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assets.imports.lookups import classes_lookup
from assets.models import Tag
from common.imports import (
    Column,
    ImportContext,
    ImportKind,
    Lookup,
    PlannedRow,
    Session,
    column_for,
    reference_column,
)
from common.imports.cells import slug_parser
from evidence import services as ledger
from raci.access import MANAGE, assignments_visible_to
from raci.choices import Effect, Letter, MatrixStatus
from raci.imports.lookups import (
    SCOPE_FIELDS,
    activities_lookup,
    held,
    roles_lookup,
    scopes_lookup,
    seen,
    spread,
)
from raci.models import Assignment
from raci.services.matrices import open_draft

ENTERPRISE = ("enterprise", 0)
Span = tuple[Any, Any, int]


class Assignments(ImportKind):
    """Who gets a letter for an activity, where, for which items, from which day."""

    name, title, order = "raci", _("RACI matrices"), 95
    model, writer, permission = Assignment, ledger, MANAGE
    batch_size = 100_000
    columns = (
        Column(
            "matrix",
            slug_parser(60),
            _("the code of a matrix, made when new"),
            is_key=True,
            is_required=True,
        ),
        column_for(Assignment, "activity", refers_to="activities", is_key=True, is_required=True),
        column_for(Assignment, "letter", is_key=True, is_required=True),
        column_for(Assignment, "role", refers_to="roles", is_key=True, is_required=True),
        reference_column(
            "scope",
            "scopes",
            is_key=True,
            is_required=True,
            help=_("enterprise, location:CODE, zone:CODE, item:CODE or item_class:SLUG."),
        ),
        column_for(
            Assignment,
            "selector_class",
            refers_to="classes",
            is_key=True,
            help=_("Slug of a class."),
        ),
        column_for(Assignment, "selector_purdue", is_key=True),
        column_for(Assignment, "selector_criticality", is_key=True),
        column_for(Assignment, "selector_tag", refers_to="tags", is_key=True),
        column_for(Assignment, "effect", empty=Effect.ADD),
        column_for(Assignment, "valid_from", is_key=True, is_required=True),
        column_for(Assignment, "valid_until"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Assignments join activities, roles and scopes."""
        return {
            "activities": activities_lookup(),
            "roles": roles_lookup(),
            "scopes": scopes_lookup(context, bare="enterprise"),
            "classes": classes_lookup(),
            "tags": Lookup(_("tag (slug)"), Tag.objects.all(), lambda row: row.slug, "slug"),
        }

    def stored(self) -> QuerySet[Any]:
        """Return the assignments of the revision that an import continues: the draft, else the published."""
        open_drafts = Assignment.objects.filter(matrix__status=MatrixStatus.DRAFT)
        rows = Assignment.objects.select_related("matrix", "activity", "role", *SCOPE_FIELDS)
        return rows.filter(role__isnull=False).filter(
            Q(matrix__status=MatrixStatus.DRAFT)
            | Q(matrix__status=MatrixStatus.PUBLISHED)
            & ~Q(matrix__code__in=open_drafts.values("matrix__code"))
        )

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the assignments about what the context sees."""
        return seen(self.stored(), context, assignments_visible_to)

    def find(self, keys: Sequence[tuple[Any, ...]], session: Session) -> dict[tuple[Any, ...], Any]:
        """Return all assignments of the matrices named."""
        rows = list(self.stored().filter(matrix__code__in={key[0] for key in keys}))
        session.parked["stored"] = rows
        return {self.key_of(row): row for row in rows}

    def key_of(self, row: Any) -> tuple[Any, ...]:
        """Return the key in the order of the key columns."""
        return (
            row.matrix.code,
            row.activity_id,
            row.letter,
            row.role_id,
            held(row, SCOPE_FIELDS, otherwise=ENTERPRISE),
            row.selector_class_id,
            row.selector_purdue,
            row.selector_criticality,
            row.selector_tag_id,
            row.valid_from,
        )

    def load(self, stored: Sequence[Any], session: Session) -> None:
        """Know the scopes of stored assignments."""
        scopes = [held(row, SCOPE_FIELDS) for row in stored]
        session.lookups["scopes"].prime_ids(scopes)

    def current(self, row: PlannedRow, column: Column, session: Session) -> Any:
        """Return the stored matrix or scope."""
        if column.name == "matrix":
            return row.instance.matrix.code
        return held(row.instance, SCOPE_FIELDS, otherwise=ENTERPRISE)

    def shown(self, row: Any, column: Column, session: Session) -> str:
        """Return matrix and scope as text."""
        if column.name == "matrix":
            return str(row.matrix.code)
        return session.lookups["scopes"].text(held(row, SCOPE_FIELDS, otherwise=ENTERPRISE))

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Refuse a second A for the same thing on the same day, and an end before the beginning."""
        spans = _accountable(session.parked.get("stored", []), {row.key for row in rows})
        for row in rows:
            last = row.values.get("valid_until", getattr(row.instance, "valid_until", None))
            first = row.values["valid_from"]
            if last and last < first:
                session.fail(row, _("ends before it begins"), column="valid_until", value=str(last))
            if not _is_accountable(row):
                continue
            place = spans.setdefault(_coverage(row.key), [])
            other = next((span for span in place if _overlap(span, first, last)), None)
            if other is not None:
                where = (
                    _("row %(row)s") % {"row": other[2]}
                    if other[2]
                    else _("an assignment that stands already")
                )
                session.fail(
                    row,
                    _(
                        "there is one A at a time, and %(where)s gives it for the same activity and scope"
                    )
                    % {"where": where},
                    column="letter",
                )
            place.append((first, last, row.number))

    def fields(self, row: PlannedRow, session: Session) -> dict[str, Any]:
        """Spread the scope over its fields and name the draft."""
        values = super().fields(row, session)
        if row.is_new:
            scope = row.values["scope"]
            values |= spread(scope, SCOPE_FIELDS) | {"scope_kind": scope.kind}
            values["matrix"] = session.parked["drafts"][row.values["matrix"]]
        return values

    def create(self, rows: list[PlannedRow], session: Session) -> None:
        """Open the drafts, then insert."""
        _open_drafts(rows, session)
        super().create(rows, session)

    def update(self, rows: list[PlannedRow], session: Session) -> None:
        """Open the drafts, find the copies of published rows in them, then change those."""
        _open_drafts(rows, session)
        drafts = session.parked["drafts"]
        copies = {
            self.key_of(copy): copy
            for copy in self.stored().filter(matrix__in=list(drafts.values()))
        }
        for row in rows:
            row.instance = copies[row.key]
        super().update(rows, session)


def _open_drafts(rows: list[PlannedRow], session: Session) -> None:
    context = session.context
    drafts = session.parked.setdefault("drafts", {})
    for code in sorted({row.values["matrix"] for row in rows} - set(drafts)):
        drafts[code] = open_draft(actor=context.actor, code=code, now=context.now)


def _is_accountable(row: PlannedRow) -> bool:
    effect = row.values.get("effect", getattr(row.instance, "effect", Effect.ADD))
    return bool(row.values["letter"] == Letter.ACCOUNTABLE and effect != Effect.BLOCK)


def _accountable(stored: list[Any], replaced: set[Any]) -> dict[Any, list[Span]]:
    kind = Assignments()
    spans: dict[Any, list[Span]] = {}
    for row in stored:
        key = kind.key_of(row)
        if row.letter == Letter.ACCOUNTABLE and row.effect != Effect.BLOCK and key not in replaced:
            spans.setdefault(_coverage(key), []).append((row.valid_from, row.valid_until, 0))
    return spans


def _coverage(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what two As may not share: all of the key but the role and the first day."""
    return (*key[:3], *key[4:9])


def _overlap(span: Span, first: Any, last: Any) -> bool:
    return (last is None or span[0] <= last) and (span[1] is None or first <= span[1])
