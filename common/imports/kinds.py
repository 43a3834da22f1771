"""What an app declares to make a kind of object importable, and the state of one run.

`common` knows nothing of the domain or the ledger: the app hands in its lookups, rules and the ledgered writer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError
from common.imports.columns import Column
from common.imports.findings import Finding, Tally
from common.imports.lookups import Lookup
from common.registries import Registry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 1_000


@dataclass(frozen=True)
class ImportContext:
    """Who imports, when, and where the values come from.

    `is_console` is a person with a shell on the server: no scope limits. Otherwise `user` must be given;
    without either nothing may be touched.
    """

    actor: Actor
    now: datetime
    user: Any = None
    is_console: bool = False
    source: str = "import"
    comment: str = ""

    @property
    def is_unlimited(self) -> bool:
        """Whether scopes do not matter."""
        return self.is_console or (
            isinstance(self.user, AbstractBaseUser)
            and bool(getattr(self.user, "is_superuser", False))
            and self.user.is_active
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """An object that another row of the same file creates."""

    text: str
    pk: None = None


@dataclass(slots=True)
class PlannedRow:
    """One row on its way: what it says, what there is, and what would change."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    key: tuple[Any, ...] = ()
    label: str = ""
    instance: Any = None
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    is_new: bool = False
    is_failed: bool = False
    notes: dict[str, Any] = field(default_factory=dict)


class Writer(Protocol):
    """The bulk half of evidence.services: rows written with their ledger entries."""

    def create_many(
        self, *, actor: Actor, instances: Sequence[Any], now: datetime, comment: str = ""
    ) -> list[Any]: ...

    def update_many(
        self,
        *,
        actor: Actor,
        pairs: Iterable[tuple[Any, Mapping[str, Any]]],
        now: datetime,
        comment: str = "",
    ) -> int: ...


@dataclass
class Session:
    """The state of one pass over a file."""

    context: ImportContext
    columns: tuple[Column, ...]
    lookups: dict[str, Lookup]
    tally: Tally
    is_writing: bool = False
    file_keys: dict[tuple[Any, ...], int] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    memo: dict[str, dict[str, Any]] = field(default_factory=dict)
    parked: dict[str, Any] = field(default_factory=dict)

    def fail(
        self, row: PlannedRow, message: "StrOrPromise", *, column: str = "", value: str = ""
    ) -> None:
        """Note an error; the row is not written."""
        row.is_failed = True
        self.tally.error(Finding(message=str(message), row=row.number, column=column, value=value))

    def warn(
        self, row: PlannedRow, message: "StrOrPromise", *, column: str = "", value: str = ""
    ) -> None:
        """Note something worth knowing that does not stop the import."""
        self.tally.warn(Finding(message=str(message), row=row.number, column=column, value=value))

    def has(self, column: str) -> bool:
        """Whether the file has a column."""
        return any(known.name == column for known in self.columns)


class ImportKind:
    """An importable kind of object. Subclasses set the attributes and override what is special to them.

    `parent` names the column that points to another row of the same kind; such a file is read as a tree.
    `permission` is the one a user needs for reference data that stands in no scope.
    """

    name: str
    title: Any
    model: type[Any]
    columns: tuple[Column, ...]
    writer: Any
    order: int = 50
    parent: str = ""
    permission: str = ""
    batch_size: int = BATCH

    @property
    def key_columns(self) -> tuple[Column, ...]:
        """The natural key."""
        return tuple(column for column in self.columns if column.is_key)

    def column(self, name: str) -> Column | None:
        """Return the column of a header cell; kinds with free columns override `free_column`."""
        return next((known for known in self.columns if known.name == name), None) or (
            self.free_column(name)
        )

    def free_column(self, name: str) -> Column | None:
        """Return a column that is not declared one by one, such as attr.x."""
        return None

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Return how references are resolved, limited to what the context may refer to."""
        return {}

    def stored(self) -> QuerySet[Any]:
        """Return all rows, with what their ledger scope needs."""
        rows: QuerySet[Any] = self.model._base_manager.all()
        return rows

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the rows an export may show."""
        return self.stored()

    def is_permitted(self, context: ImportContext) -> bool:
        """Whether the context may import this kind at all; rows are checked by `check`."""
        if context.is_unlimited or not self.permission:
            return context.is_unlimited or context.user is not None
        return context.user is not None and context.user.has_perm(self.permission)

    def find(self, keys: Sequence[tuple[Any, ...]], session: Session) -> dict[tuple[Any, ...], Any]:
        """Return the stored rows of these keys, locked while writing."""
        condition = Q()
        for position, column in enumerate(self.key_columns):
            wanted = {key[position] for key in keys}
            part = Q(**{f"{column.field}__in": wanted - {None}})
            condition &= part | Q(**{f"{column.field}__isnull": True}) if None in wanted else part
        rows = self.stored().filter(condition)
        if session.is_writing:
            rows = rows.select_for_update(of=("self",))
        return {self.key_of(row): row for row in rows}

    def key_of(self, row: Any) -> tuple[Any, ...]:
        """Return the key of a stored row: references by id."""
        return tuple(
            getattr(row, row._meta.get_field(column.field).attname) for column in self.key_columns
        )

    def prepare(self, rows: list[PlannedRow], session: Session) -> None:
        """Complete parsed rows before they are compared, such as by reading extras of stored rows in bulk."""

    def current(self, row: PlannedRow, column: Column, session: Session) -> Any:
        """Return the stored value of a column that is no field of the model."""
        raise NotImplementedError(f"{self.name}.{column.name}")

    def shown(self, row: Any, column: Column, session: Session) -> str:
        """Return the stored value of such a column as an export writes it."""
        raise NotImplementedError(f"{self.name}.{column.name}")

    def load(self, stored: Sequence[Any], session: Session) -> None:
        """Fetch in bulk what `current` and `shown` need about stored rows."""

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Apply the kind's rules and permissions to planned rows; report with session.fail."""

    def fields(self, row: PlannedRow, session: Session) -> dict[str, Any]:
        """Return what to set on the model for the row's changes."""
        by_name = {column.name: column.field for column in session.columns}
        return {by_name[name]: value for name, value in row.changes.items() if by_name[name]}

    def create(self, rows: list[PlannedRow], session: Session) -> None:
        """Insert the new rows."""
        context = session.context
        made = [self.model(**self.fields(row, session)) for row in rows]
        stored = self.writer.create_many(
            actor=context.actor, instances=made, now=context.now, comment=context.comment
        )
        for row, instance in zip(rows, stored, strict=True):
            row.instance = instance

    def update(self, rows: list[PlannedRow], session: Session) -> None:
        """Write the changed rows."""
        context = session.context
        self.writer.update_many(
            actor=context.actor,
            pairs=[(row.instance, self.fields(row, session)) for row in rows],
            now=context.now,
            comment=context.comment,
        )

    def after(self, rows: list[PlannedRow], session: Session) -> None:
        """Write what lives outside the model's own columns, for rows added and changed."""

    def export_columns(self, rows: QuerySet[Any]) -> Iterator[Column]:
        """Yield the columns of an export."""
        yield from self.columns


import_kinds: Registry[ImportKind] = Registry("import kinds")


class UnknownKindError(DomainError):
    """There is no such kind to import."""

    code = "unknown_kind"


def kind_named(name: str) -> ImportKind:
    """Return an import kind; UnknownKindError names those there are."""
    if name in import_kinds:
        return import_kinds.get(name)
    known = ", ".join(kind.name for kind in kinds_in_order())
    raise UnknownKindError(
        _("There is no import kind '%(kind)s'; there is: %(known)s.")
        % {"kind": name, "known": known}
    )


def kinds_in_order() -> list[ImportKind]:
    """Return the kinds so that what is referred to comes first."""
    return sorted(import_kinds, key=lambda kind: kind.order)
