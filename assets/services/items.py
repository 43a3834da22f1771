"""Writes of assets and systems: create, change, delete, each also in bulk, each in the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assets.choices import ItemKind, ProvenanceSource
from assets.models import ConfigurationItem, Tag
from assets.rules import attribute_problems
from common.actor import Actor
from common.compiled import compiled
from common.errors import DomainError, StaleVersionError
from common.models import take_numbers
from evidence.services import create_many, delete_object, invalid, record, update_many

CODE_PREFIX = {ItemKind.ASSET: "A", ItemKind.SYSTEM: "S"}
Stamp: TypeAlias = dict[str, str | int]
UNCHECKED = ("item_class", "location", "zone", "system", "product", "code", "kind")


@dataclass(frozen=True)
class Edit:
    """New values for one item; `version` is the one the change is based on (None: any)."""

    item: ConfigurationItem
    values: Mapping[str, Any]
    version: int | None = None


class ItemError(DomainError):
    """An item's values are not possible."""


def create_item(
    *, actor: Actor, kind: str, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> ConfigurationItem:
    """Create one asset or system."""
    return create_items(actor=actor, kind=kind, rows=[values], now=now, comment=comment)[0]


@transaction.atomic
def create_items(
    *,
    actor: Actor,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
    source: str = ProvenanceSource.MANUAL,
    comment: str = "",
) -> list[ConfigurationItem]:
    """Create assets or systems, all or none; codes left out are given (A-000123, S-000123)."""
    stamp: Stamp = {"source": str(source), "at": now.isoformat(), "confidence": 100}
    items = [_new(kind, values, stamp) for values in rows]
    _refuse_duplicates([item for item in items if item.code])
    _give_codes(items, CODE_PREFIX[ItemKind(kind)])
    for item in items:
        check_item(item)
    create_many(actor=actor, instances=items, now=now, comment=comment)
    for item, values in zip(items, rows, strict=True):
        if values.get("tags"):
            item.tags.set(values["tags"])
    return items


def _new(kind: str, values: Mapping[str, Any], stamp: Stamp) -> ConfigurationItem:
    given = {name: value for name, value in values.items() if name != "tags"}
    provenance = {name: dict(stamp) for name in given}
    return ConfigurationItem(kind=kind, provenance=provenance, **given)


def _give_codes(items: Sequence[ConfigurationItem], prefix: str) -> None:
    nameless = [item for item in items if not item.code]
    given = {item.code for item in items}
    wanted = len(nameless)
    while nameless:
        # An import may have used codes of this form: reach past them in doubling steps.
        codes = [f"{prefix}-{n:06}" for n in take_numbers(f"item-{prefix}", wanted)]
        wanted = min(wanted * 2, 10_000)
        taken = set(compiled(_codes_among, codes=codes))
        free = [code for code in codes if code not in taken and code not in given]
        for item, code in zip(nameless, free, strict=False):
            item.code = code
        nameless = nameless[len(free) :]


def _refuse_duplicates(items: Sequence[ConfigurationItem]) -> None:
    if not items:
        return
    codes = [item.code for item in items]
    twice = {code for code in codes if codes.count(code) > 1} if len(codes) < 2000 else set()
    if len(set(codes)) < len(codes) and not twice:
        twice = {min(codes, key=lambda code: -codes.count(code))}
    taken = set(compiled(_codes_among, codes=codes))
    if bad := sorted(twice | taken):
        raise ItemError(
            _("The code %s is already in use; codes are unique.") % ", ".join(bad[:10]),
            fields={"code": [_("Already in use: %s.") % ", ".join(bad[:10])]},
        )


def _codes_among(codes: list[str]) -> QuerySet[ConfigurationItem, str]:
    known = ConfigurationItem.objects.filter(code__among=codes).order_by()
    return known.values_list("code", flat=True)


def check_item(item: ConfigurationItem) -> None:
    """Check an item's own values without a query; raises DomainError naming each field."""
    try:
        item.clean_fields(exclude=UNCHECKED)
    except ValidationError as error:
        raise invalid(error) from error
    if item.item_class.kind != item.kind:
        raise ItemError(
            _("'%(cls)s' is a class of %(other)ss, '%(item)s' is a %(kind)s.")
            % {
                "cls": item.item_class,
                "other": item.item_class.kind,
                "item": item,
                "kind": item.kind,
            }
        )
    if item.system_id is not None and item.system and item.system.kind != ItemKind.SYSTEM:
        raise ItemError(_("'%s' is not a system; an item is part of a system.") % item.system)
    if item.system_id is not None and item.system_id == item.pk:
        raise ItemError(_("'%s' cannot be part of itself.") % item)
    if problems := attribute_problems(item.attributes, item.item_class.attribute_schema):
        raise ItemError("; ".join(problems), fields={"attributes": problems})


def change_item(
    *,
    actor: Actor,
    item: ConfigurationItem,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> ConfigurationItem:
    """Change one item; StaleVersionError when somebody else changed it since."""
    edit = Edit(item, values, expected_version)
    return change_items(actor=actor, edits=[edit], now=now, comment=comment)[0]


@transaction.atomic
def change_items(
    *,
    actor: Actor,
    edits: Sequence[Edit],
    now: datetime,
    source: str = ProvenanceSource.MANUAL,
    comment: str = "",
) -> list[ConfigurationItem]:
    """Change several items, all or none, each with its own new values."""
    rows = _locked(edit.item.pk for edit in edits)
    pairs: list[tuple[ConfigurationItem, dict[str, Any]]] = []
    for edit in edits:
        row = rows[edit.item.pk]
        _refuse_stale(row, edit.version)
        changes = _differences(row, edit.values)
        if not changes:
            continue
        stamp = {"source": str(source), "at": now.isoformat(), "confidence": 100}
        trail = {**row.provenance, **dict.fromkeys(changes, stamp)}
        _check_changed(row, changes)
        pairs.append((row, {**changes, "provenance": trail}))
    update_many(actor=actor, pairs=pairs, now=now, comment=comment)
    for edit in edits:
        if "tags" in edit.values:
            _set_tags(actor, rows[edit.item.pk], edit.values["tags"], now)
    return [rows[edit.item.pk] for edit in edits]


def _locked(ids: Iterable[int]) -> dict[int, ConfigurationItem]:
    rows = ConfigurationItem.objects.select_for_update(of=("self",)).select_related(
        "item_class", "location", "system"
    )
    return {row.pk: row for row in rows.filter(pk__in=list(ids)).order_by("pk")}


def _refuse_stale(row: ConfigurationItem, expected: int | None) -> None:
    if expected is not None and row.version != expected:
        raise StaleVersionError(
            _("'%(row)s' was changed by somebody else: it is version %(now)s, yours is %(yours)s.")
            % {"row": row, "now": row.version, "yours": expected}
        )


def _differences(row: ConfigurationItem, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in values.items()
        if name != "tags" and getattr(row, name) != value
    }


def _check_changed(row: ConfigurationItem, changes: Mapping[str, Any]) -> None:
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    check_item(row)
    if "code" in changes:
        _refuse_duplicates([row])
    for name, value in before.items():
        setattr(row, name, value)


def _set_tags(actor: Actor, row: ConfigurationItem, tags: Sequence[Tag], now: datetime) -> None:
    before = sorted(row.tags.values_list("slug", flat=True))
    after = sorted(tag.slug for tag in tags)
    if before == after:
        return
    row.tags.set(tags)
    record(
        actor=actor,
        action="tag",
        instance=row,
        now=now,
        before={"tags": before},
        after={"tags": after},
    )


def delete_item(*, actor: Actor, item: ConfigurationItem, now: datetime, comment: str = "") -> None:
    """Delete an item with its relations; the ledger keeps what it held."""
    delete_object(actor=actor, instance=item, now=now, comment=comment)


@transaction.atomic
def delete_items(
    *, actor: Actor, items: Sequence[ConfigurationItem], now: datetime, comment: str = ""
) -> None:
    """Delete several items, all or none."""
    for item in items:
        delete_item(actor=actor, item=item, now=now, comment=comment)
