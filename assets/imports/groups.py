"""Redundancy groups as an import writes them: named on a relation, owned by the end that depends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assets.models import RedundancyGroup
from assets.rules import dependent_end
from common.imports import PlannedRow, Session
from evidence import services as ledger

COLUMNS = ("redundancy_group", "required")


def prepare(rows: list[PlannedRow], session: Session) -> None:
    """Refuse a k without a group and two k for one group; a group needs a known dependent."""
    declared = session.parked.setdefault("required by group", {})
    for row in rows:
        name, required = (row.values.get(column) for column in COLUMNS)
        if required is not None and not name:
            session.fail(row, _("is given without a redundancy_group"), column="required")
        if not name:
            continue
        item = dependent(row)
        if item is None:
            session.warn(
                row,
                _("is left out: the item that depends on the group is not known yet"),
                column="redundancy_group",
                value=name,
            )
            for column in COLUMNS:
                row.values.pop(column, None)
        elif required is not None:
            _compare(row, (item.pk, name), required, declared, session)


def _compare(
    row: PlannedRow, key: tuple[int, str], required: int, declared: dict[Any, Any], session: Session
) -> None:
    known, number = declared.setdefault(key, (required, row.number))
    if known != required:
        session.fail(
            row,
            _("the same group needs %(count)s in row %(row)s; a group has one number")
            % {"count": known, "row": number},
            column="required",
            value=str(required),
        )


def dependent(row: PlannedRow) -> Any:
    """Return the item that depends on the other end, if it is known."""
    return row.notes[dependent_end(row.values["relation_class"])]


def write(rows: list[PlannedRow], session: Session) -> None:
    """Create missing groups, change declared k, and note each row's group."""
    wanted = [
        (row, (dependent(row).pk, row.values["redundancy_group"]))
        for row in rows
        if row.values.get("redundancy_group") and any(column in row.changes for column in COLUMNS)
    ]
    if not wanted:
        return
    known = _stored({key for _row, key in wanted}, session)
    _create(wanted, known, session)
    _update(wanted, known, session)
    for row, key in wanted:
        row.notes["group"] = known[key]


def _stored(keys: set[tuple[int, str]], session: Session) -> dict[tuple[int, str], RedundancyGroup]:
    rows = RedundancyGroup.objects.select_related("item__location").filter(
        item_id__in={pk for pk, _name in keys}
    )
    return {(row.item_id, row.name): row for row in rows}


def _create(
    wanted: list[tuple[PlannedRow, tuple[int, str]]],
    known: dict[tuple[int, str], RedundancyGroup],
    session: Session,
) -> None:
    new: dict[tuple[int, str], RedundancyGroup] = {}
    for row, key in wanted:
        if key in known:
            continue
        required = row.values.get("required")
        group = new.setdefault(
            key, RedundancyGroup(item=dependent(row), name=key[1], required_count=required)
        )
        group.required_count = group.required_count or required
    context = session.context
    made = ledger.create_many(actor=context.actor, instances=list(new.values()), now=context.now)
    known.update({(group.item_id, group.name): group for group in made})


def _update(
    wanted: list[tuple[PlannedRow, tuple[int, str]]],
    known: dict[tuple[int, str], RedundancyGroup],
    session: Session,
) -> None:
    changes: dict[tuple[int, str], Any] = {
        key: row.values["required"]
        for row, key in wanted
        if "required" in row.values and row.values["required"] != known[key].required_count
    }
    context = session.context
    ledger.update_many(
        actor=context.actor,
        pairs=[(known[key], {"required_count": required}) for key, required in changes.items()],
        now=context.now,
    )
