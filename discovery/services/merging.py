"""Two items become one: relations and keys move to the one that is kept, the other retires and is never matched again.

Everything moved is written down, so that `services.unmerging` can put it back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Person
from assets.choices import ItemKind, ItemStatus, ProvenanceSource
from assets.models import ConfigurationItem, RedundancyGroup, Relation
from common.actor import Actor
from common.errors import ConflictError, DomainError
from discovery.choices import CaseKind, CaseState
from discovery.models import Case, ItemKey, Merge, NotSame, Observation
from discovery.rules.merging import FILLED, FLAGS, Ends, taken_over
from discovery.services.item_keys import hand_over
from discovery.services.presences import hand_over_presence
from evidence.services import (
    create_many,
    create_object,
    delete_object,
    lock_ledger,
    snapshot,
    update_object,
)


@transaction.atomic
def merge_items(
    *,
    actor: Actor,
    kept: ConfigurationItem,
    gone: ConfigurationItem,
    now: datetime,
    person: Person | None = None,
    note: str = "",
    case: Case | None = None,
    learned: "Learned | None" = None,
) -> Merge:
    """Let one item stand for two. The caller has checked the right over both.

    `learned` is what the kept item took from the device in the same breath; it is given back with the rest.
    What was seen of the other item was seen of the one that is kept. What hangs on it by decision of people
    (responsibilities, changes) stays with it.
    """
    lock_ledger()
    locked = ConfigurationItem.objects.select_for_update(of=("self",)).order_by("pk")
    rows = {row.pk: row for row in locked.filter(pk__in=[kept.pk, gone.pk])}
    pair = _Pair(actor, rows[kept.pk], rows[gone.pk], now)
    _require_mergeable(pair)
    own_keys = learned.keys() if learned else []
    own_values = learned.values() if learned else {}
    record = {
        "groups": pair.move_groups(),
        **pair.move_relations(),
        "keys": pair.move_keys(),
        "observations": pair.move_observations(),
        "refusals": pair.share_refusals(),
        "cases": pair.readdress_cases(except_id=case.pk if case else None),
        **pair.fill(),
        **pair.retire(),
        "learned": own_keys,
    }
    record["filled"] = {**own_values, **record["filled"]}
    merge = Merge(
        kept=pair.kept,
        gone=pair.gone,
        case=case,
        merged_by=person,
        merged_at=now,
        note=note.strip(),
        record=record,
    )
    return create_object(actor=actor, instance=merge, now=now, comment=note, action="merge")


def ends_of(relation: Relation) -> Ends:
    """Return what makes a relation the same one."""
    return Ends(
        relation.source_id or relation.unresolved_source,
        relation.target_id or relation.unresolved_target,
        relation.relation_class,
        relation.protocol,
    )


class Learned:
    """What an item takes from a device after this moment: values and keys."""

    def __init__(self, item: ConfigurationItem) -> None:
        self.item_id = item.pk
        row = ConfigurationItem.objects.get(pk=item.pk)
        self._before, self._origins = snapshot(row), row.provenance
        self._keys = self._held_keys()

    def values(self) -> dict[str, Any]:
        """Return the fields that are different now, {field: [before, after, provenance before]}."""
        row = ConfigurationItem.objects.get(pk=self.item_id)
        return changed_fields(row, self._before, snapshot(row), self._origins)

    def keys(self) -> list[int]:
        """Return the keys it has now and had not before."""
        return sorted(self._held_keys() - self._keys)

    def _held_keys(self) -> set[int]:
        return set(ItemKey.objects.filter(item=self.item_id).values_list("pk", flat=True))


def changed_fields(
    item: ConfigurationItem,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    origins: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what differs between two snapshots of an item, {field: [before, after, provenance before]}."""
    columns = {one.attname: one.name for one in item._meta.concrete_fields}
    return {
        columns[column]: [value, after[column], origins.get(columns[column])]
        for column, value in before.items()
        if value != after[column] and columns[column] != "provenance"
    }


class _Pair:
    """The two items of a merge; each step returns what it moved, as plain values."""

    def __init__(
        self, actor: Actor, kept: ConfigurationItem, gone: ConfigurationItem, now: datetime
    ) -> None:
        self.actor, self.kept, self.gone, self.now = actor, kept, gone, now

    def move_groups(self) -> list[list[Any]]:
        """Move redundancy groups, [id, name before]; one whose name is taken gets the other's code behind it."""
        taken = set(self.kept.redundancy_groups.values_list("name", flat=True))
        moved: list[list[Any]] = []
        for group in RedundancyGroup.objects.filter(item=self.gone):
            name = group.name
            if name in taken:
                name = f"{name[: 97 - len(self.gone.code)]} ({self.gone.code})"
            moved.append([group.pk, group.name])
            self._update(group, {"item": self.kept, "name": name})
        return moved

    def move_relations(self) -> dict[str, list[Any]]:
        """Move relations; those that would be there twice or lead to themselves are dropped and written down."""
        standing = Relation.objects.filter(Q(source=self.kept) | Q(target=self.kept))
        held = {ends_of(relation) for relation in standing}
        moved, dropped = [], []
        of_gone = Relation.objects.filter(Q(source=self.gone) | Q(target=self.gone))
        for relation in of_gone.order_by("pk"):
            ends = ends_of(relation).moved(self.gone.pk, self.kept.pk)
            if ends.is_to_itself or ends in held:
                dropped.append({"id": relation.pk, **snapshot(relation)})
                delete_object(
                    actor=self.actor, instance=relation, now=self.now, comment=self._words()
                )
                continue
            held.add(ends)
            sides = [end for end in ("source", "target") if self._is_gone(relation, end)]
            moved.append([relation.pk, sides])
            self._update(relation, dict.fromkeys(sides, self.kept))
        return {"relations": moved, "dropped": dropped}

    def _is_gone(self, relation: Relation, end: str) -> bool:
        return bool(getattr(relation, f"{end}_id") == self.gone.pk)

    def move_keys(self) -> list[int]:
        """Move the keys the other item was recognised by."""
        ids = list(ItemKey.objects.filter(item=self.gone).values_list("pk", flat=True))
        if ids:
            hand_over(ids=ids, item_id=self.kept.pk)
        return ids

    def move_observations(self) -> list[int]:
        """Move what was seen of the other item, and when it was seen last."""
        ids = list(Observation.objects.filter(item=self.gone).values_list("pk", flat=True))
        Observation.objects.filter(pk__in=ids).update(item=self.kept)
        hand_over_presence(from_id=self.gone.pk, to_id=self.kept.pk)
        return ids

    def share_refusals(self) -> list[int]:
        """Let what is not the one not be the other either; return the new rows."""
        refusals = NotSame.objects.filter(item=self.kept)
        held = set(refusals.values_list("kind", "value"))
        rows = [
            NotSame(item=self.kept, kind=one.kind, value=one.value)
            for one in NotSame.objects.filter(item=self.gone)
            if (one.kind, one.value) not in held
        ]
        made = create_many(actor=self.actor, instances=rows, now=self.now, comment=self._words())
        return [one.pk for one in made]

    def readdress_cases(self, *, except_id: int | None) -> list[list[Any]]:
        """Let open questions ask about the kept item, [case, whether it did before]."""
        asked = Case.objects.filter(state=CaseState.OPEN, candidates=self.gone)
        moved: list[list[Any]] = []
        for case in asked.exclude(kind=CaseKind.VALUE).exclude(pk=except_id or 0):
            moved.append([case.pk, case.candidates.filter(pk=self.kept.pk).exists()])
            case.candidates.add(self.kept)
            case.candidates.remove(self.gone)
        return moved

    def fill(self) -> dict[str, Any]:
        """Fill what is empty in the kept item; values bring along where they come from."""
        names = (*FILLED, *FLAGS)
        values = taken_over(
            {name: getattr(self.kept, name) for name in names},
            {name: getattr(self.gone, name) for name in names},
        )
        if self.kept.item_class_id == self.gone.item_class_id:
            attributes = {**self.gone.attributes, **self.kept.attributes}
            if attributes != self.kept.attributes:
                values["attributes"] = attributes
        origins = dict(self.kept.provenance)
        for name in values:
            origins[name] = self.gone.provenance.get(name, {})
        changes = {**values, "provenance": origins} if values else {}
        return {"filled": self._changed(self.kept, changes)}

    def retire(self) -> dict[str, Any]:
        """Retire the other item."""
        stamp = {
            "source": str(ProvenanceSource.MANUAL),
            "at": self.now.isoformat(),
            "confidence": 100,
        }
        changes = {
            "status": ItemStatus.RETIRED,
            "provenance": {**self.gone.provenance, "status": stamp},
        }
        return {"retired": self._changed(self.gone, changes)}

    def _changed(self, item: ConfigurationItem, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change an item; return {field: [before, after, provenance before]}."""
        if not changes:
            return {}
        before, origins = snapshot(item), item.provenance
        after = snapshot(self._update(item, changes))
        return changed_fields(item, before, after, origins)

    def _update(self, row: Any, changes: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any row
        return update_object(
            actor=self.actor, instance=row, changes=changes, now=self.now, comment=self._words()
        )

    def _words(self) -> str:
        return _("%(gone)s and %(kept)s are one item") % {
            "gone": self.gone.code,
            "kept": self.kept.code,
        }


def _require_mergeable(pair: _Pair) -> None:
    if pair.kept.pk == pair.gone.pk:
        raise DomainError(_("'%s' cannot be merged with itself.") % pair.kept)
    for item in (pair.kept, pair.gone):
        if item.kind != ItemKind.ASSET:
            raise DomainError(_("'%s' is a system; only assets can be merged.") % item)
        if Merge.objects.filter(gone=item, undone_at=None).exists():
            raise ConflictError(_("'%s' was merged into another item already.") % item)
    if pair.kept.status == ItemStatus.RETIRED:
        raise DomainError(_("'%s' is retired; keep the one that is in use.") % pair.kept)
