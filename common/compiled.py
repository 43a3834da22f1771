"""Queries whose SQL is worked out once; afterwards only their values are put in.

Django builds and compiles a query anew for every use. For one row of 38 columns out of six tables that takes five
times what running it takes.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Value = int | str | list[int] | list[str]
MOST_PLANS = 1000
LARGEST = 2**63 - 1


class Slot(Expression):
    """The place of a value that is given when the query is run."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.adapt: Callable[[Any], Any] | None = None

    def adapted(self, adapt: Callable[[Any], Any]) -> "Slot":
        """Return this slot, its value to be turned into what the database takes."""
        slot = self.copy()
        slot.adapt = adapt
        return slot

    def value(self, values: Mapping[str, Value]) -> object:
        """Return the parameter to send."""
        given = _storable(values[self.name])
        return given if self.adapt is None else self.adapt(given)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ANN401 - Django's own
        """Return a parameter that stands for itself until the value is known."""
        return "%s", [self]


def _storable(value: Value) -> object:
    """Return the value without numbers that no column can hold: NULL equals nothing, as they do."""
    if isinstance(value, int):
        return value if -LARGEST <= value <= LARGEST else None
    if isinstance(value, list) and value and isinstance(value[0], int):
        return [one for one in value if -LARGEST <= one <= LARGEST]
    return value


@dataclass(frozen=True)
class Plan:
    """What Django worked out: a compiler that has done its work, and SQL with slots among its parameters."""

    rows: Any
    compiler: SQLCompiler
    converters: dict[int, Any]
    sql: str
    parameters: tuple[Any, ...]

    def read(self, values: Mapping[str, Value]) -> list[Any]:
        """Run the statement with these values; return what the QuerySet would."""
        query = Query.__new__(_BoundQuery)
        given = tuple(p.value(values) if type(p) is Slot else p for p in self.parameters)
        query.__dict__ = {**self.rows.query.__dict__, "plan": self, "given": given}
        rows = self.rows.__class__(model=self.rows.model, query=query, using=self.rows._db)
        rows._fields = self.rows._fields
        rows._iterable_class = self.rows._iterable_class
        return list(rows)


class _BoundQuery(Query):
    plan: Plan
    given: tuple[Any, ...]

    def get_compiler(
        self,
        using: str | None = None,
        connection: Any = None,  # noqa: ANN401 - Django's own
        elide_empty: bool = True,
    ) -> SQLCompiler:
        connection = connection or connections[using or "default"]
        if self.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked inside a transaction only.")
        compiler = SQLCompiler.__new__(_BoundCompiler)
        known = self.plan.compiler.__dict__
        compiler.__dict__ = {**known, "query": self, "connection": connection}
        return compiler


class _BoundCompiler(SQLCompiler):
    query: _BoundQuery

    def as_sql(self, *_args: object, **_options: object) -> tuple[str, tuple[Any, ...]]:
        return self.query.plan.sql, self.query.given

    def execute_sql(self, *_args: object, **_options: object) -> Any:  # noqa: ANN401 - Django's own
        statement, parameters = self.as_sql()
        cursor = getattr(self.connection, "prepared_cursor", self.connection.cursor)
        with cursor() as opened:
            opened.execute(statement, parameters)
            return [opened.fetchall()]

    def get_converters(self, _expressions: object) -> dict[int, Any]:
        return self.query.plan.converters


_plans: dict[Hashable, Plan | None] = {}


def compiled(
    build: Callable[..., QuerySet[Any]], *, key: Hashable = None, **values: Value
) -> list[Any]:
    """Return the rows of `build(**values)`, compiled at the first call with this key and then only filled in.

    `key` stands for everything the query depends on beside the values: its columns, and what the one who asks may
    see. Without a key `build` has to be a function of a module that looks at nothing else. Values are as the database
    takes them (numbers, texts, lists of them for `__among`) and stand in conditions only.
    """
    place = (build if key is None else key, tuple(values))
    try:
        plan = _plans[place]
    except KeyError:
        plan = _plan(build(**{name: Slot(name) for name in values}))
        if len(_plans) >= MOST_PLANS:
            _plans.clear()
        _plans[place] = plan
    return [] if plan is None else plan.read(values)


def _plan(rows: QuerySet[Any]) -> Plan | None:
    """Return the plan of a query; None when it can never have a row."""
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    shown = [one[0] for one in compiler.select[: compiler.col_count]]
    return Plan(rows, compiler, compiler.get_converters(shown), sql, tuple(parameters))
