"""What people answer to discovery's questions, and what follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from assets.choices import ItemStatus, ProvenanceSource
from assets.models import ConfigurationItem, Relation
from assets.services.items import Edit, change_items
from assets.services.relations import change_relation
from common.actor import Actor
from common.errors import ConflictError, DomainError, StaleVersionError
from discovery.choices import CaseDecision, CaseKind, CaseState, ObservationVerdict
from discovery.models import Case, Merge, NotSame, Observation
from discovery.rules.answers import ANSWERS
from discovery.rules.values import plan_of
from discovery.services.item_keys import forget, remember
from discovery.services.making import made_item, seen_values
from discovery.services.merging import Learned, merge_items
from discovery.services.owners import note_gaps
from discovery.services.presences import note_seen
from discovery.services.products import Products
from discovery.services.staging import sighting_from
from discovery.topology.keys import keys_of
from evidence.services import create_many, lock_ledger, update_object

#: What a successor takes over from the device it replaces: its place in the plant, not what it is.
INHERITED = (
    "name",
    "function",
    "location",
    "zone",
    "system",
    "criticality_override",
    "purdue_override",
    "stops_line",
    "is_safety_system",
    "is_never_scanned",
)


@dataclass(frozen=True)
class _Answer:
    """An answer as it is carried out."""

    actor: Actor
    person: Person | None
    case: Case
    item: ConfigurationItem | None
    note: str
    now: datetime

    @property
    def row(self) -> Observation:
        """Return the observed device."""
        return self.case.observation

    @property
    def chosen(self) -> ConfigurationItem:
        """Return the item the answer names."""
        if self.item is None:
            message = _("Say which item.")
            raise DomainError(message, fields={"item": [message]})
        return self.item


@transaction.atomic
def decide_case(
    *,
    actor: Actor,
    person: Person | None,
    case: Case,
    decision: str,
    item: ConfigurationItem | None = None,
    note: str = "",
    now: datetime,
    expected_version: int | None = None,
) -> Case:
    """Answer a question and do what follows. The caller has checked the right over the place and the item.

    `item` is needed for "same", "successor" and "merge" (the one that is kept), and must be one of those the
    question names.
    """
    lock_ledger()
    current = (
        Case.objects.select_for_update(of=("self",))
        .select_related("network__location", "network__zone", "observation")
        .get(pk=case.pk)
    )
    if current.state != CaseState.OPEN:
        raise ConflictError(_("Somebody has answered this already."))
    _require_fit(current, decision, item)
    if expected_version is not None and current.version != expected_version:
        raise StaleVersionError(_("The question was asked anew meanwhile. Look at it again."))
    _ACTIONS[decision](_Answer(actor, person, current, item, note, now))
    return update_object(
        actor=actor,
        instance=current,
        changes={
            "state": CaseState.DECIDED,
            "decision": decision,
            "decided_by": person,
            "decided_at": now,
            "note": note.strip(),
        },
        now=now,
        expected_version=expected_version,
        action="decide",
        comment=note,
    )


def _require_fit(case: Case, decision: str, item: ConfigurationItem | None) -> None:
    allowed = ANSWERS[case.kind]
    if decision not in allowed:
        labels = ", ".join(sorted(allowed))
        message = _("'%(given)s' is no answer to this; there is: %(allowed)s.") % {
            "given": decision,
            "allowed": labels,
        }
        raise DomainError(message, fields={"decision": [message]})
    if item is None:
        return
    if not case.candidates.filter(pk=item.pk).exists():
        message = _("'%s' is none of the items this is about.") % item
        raise DomainError(message, fields={"item": [message]})
    if merge := Merge.objects.filter(gone=item, undone_at=None).select_related("kept").first():
        message = _("'%(gone)s' was merged into '%(kept)s'.") % {"gone": item, "kept": merge.kept}
        raise DomainError(message, fields={"item": [message]})


def _same(answer: _Answer) -> None:
    _refuse(answer, except_id=answer.chosen.pk)
    if answer.case.kind == CaseKind.RETIRED:
        _use_again(answer)
    _follow(answer)


def _use_again(answer: _Answer) -> None:
    """Take a retired item that answers back into use; what discovery writes then comes on top."""
    change_items(
        actor=answer.actor,
        edits=[Edit(answer.chosen, {"status": ItemStatus.ACTIVE})],
        now=answer.now,
        comment=_("Retired, and seen again"),
    )
    answer.chosen.refresh_from_db()


def _merge(answer: _Answer) -> None:
    """Let the chosen item follow the device, and the other candidates become it."""
    kept = answer.chosen
    others = list(
        answer.case.candidates.exclude(pk=kept.pk).exclude(
            merges__in=Merge.objects.filter(undone_at=None)
        )
    )
    if not others:
        raise DomainError(_("There is no other item that '%s' could be merged with.") % kept)
    learned: Learned | None = Learned(kept)
    _follow(answer)
    for gone in others:
        merge_items(
            learned=learned,
            actor=answer.actor,
            person=answer.person,
            kept=kept,
            gone=gone,
            note=answer.note,
            case=answer.case,
            now=answer.now,
        )
        learned = None


def _follow(answer: _Answer) -> None:
    item = answer.chosen
    values = seen_values(answer.row, _products(answer))
    stored = {name: getattr(item, name) for name in values}
    changes = plan_of(stored, values, item.provenance).changes
    _write(answer, item, changes)
    _recognise(answer, item.pk)
    _judge(answer, item.pk, ObservationVerdict.UPDATED)


def _new(answer: _Answer) -> None:
    _refuse(answer)
    if answer.case.kind == CaseKind.RETIRED:
        for gone in answer.case.candidates.all():
            forget(gone.pk)
    item = made_item(
        actor=answer.actor,
        network=answer.case.network,
        row=answer.row,
        products=_products(answer),
        now=answer.now,
    )
    _recognise(answer, item.pk)
    _judge(answer, item.pk, ObservationVerdict.ADDED)


def _successor(answer: _Answer) -> None:
    """Put a new item in the place of the old one: it takes over place and relations, the old one retires."""
    old = answer.chosen
    item = made_item(
        actor=answer.actor,
        network=answer.case.network,
        row=answer.row,
        products=_products(answer),
        now=answer.now,
        given={name: getattr(old, name) for name in INHERITED},
    )
    for relation in list(Relation.objects.filter(source=old)):
        _move(answer, relation, {"source": item})
    for relation in list(Relation.objects.filter(target=old)):
        _move(answer, relation, {"target": item})
    change_items(
        actor=answer.actor,
        edits=[Edit(old, {"status": ItemStatus.RETIRED})],
        now=answer.now,
        comment=_("Replaced by %s") % item.code,
    )
    forget(old.pk)
    _recognise(answer, item.pk)
    _judge(answer, item.pk, ObservationVerdict.ADDED)


def _move(answer: _Answer, relation: Relation, values: Mapping[str, Any]) -> None:
    change_relation(actor=answer.actor, relation=relation, values=values, now=answer.now)


def _accept(answer: _Answer) -> None:
    item = answer.case.candidates.first()
    if item is None:
        raise ConflictError(_("The item this is about was deleted since."))
    _write(answer, item, {answer.case.field: answer.case.seen_value})
    _judge(answer, item.pk, ObservationVerdict.UPDATED)


def _nothing(_answer: _Answer) -> None:
    """The answer itself is remembered; nothing else follows."""


_ACTIONS: Mapping[str, Callable[[_Answer], None]] = {
    CaseDecision.SAME: _same,
    CaseDecision.NEW: _new,
    CaseDecision.SUCCESSOR: _successor,
    CaseDecision.MERGE: _merge,
    CaseDecision.ACCEPT: _accept,
    CaseDecision.REJECT: _nothing,
    CaseDecision.IGNORE: _nothing,
}


def _write(answer: _Answer, item: ConfigurationItem, changes: Mapping[str, Any]) -> None:
    if not changes:
        return
    change_items(
        actor=answer.actor,
        edits=[Edit(item, changes)],
        now=answer.now,
        source=ProvenanceSource.DISCOVERY,
        comment=_("Decided: as discovery saw it"),
    )


def _products(answer: _Answer) -> Products:
    products = Products(actor=answer.actor, now=answer.now)
    values = answer.row.values
    products.prepare([(values.get("vendor", ""), values.get("model", ""))])
    return products


def _recognise(answer: _Answer, item_id: int) -> None:
    sighting = sighting_from(answer.row.sighting, key="seen")
    keys = {key for key in keys_of(sighting) if key.is_strong}
    remember({item_id: keys}, now=answer.now)


def _refuse(answer: _Answer, *, except_id: int | None = None) -> None:
    """Remember which items the device is not, by its first key."""
    keys = keys_of(sighting_from(answer.row.sighting, key="seen"))
    if not keys:
        return
    others = answer.case.candidates.exclude(pk=except_id or 0)
    held = set(
        NotSame.objects.filter(
            item__in=others, kind=keys[0].kind.value, value=keys[0].value
        ).values_list("item_id", flat=True)
    )
    create_many(
        actor=answer.actor,
        instances=[
            NotSame(item=one, kind=keys[0].kind.value, value=keys[0].value)
            for one in others
            if one.pk not in held
        ],
        now=answer.now,
    )


def _judge(answer: _Answer, item_id: int, verdict: str) -> None:
    row = answer.row
    row.item_id, row.verdict, row.reason = item_id, verdict, _("A person decided.")
    row.save(update_fields=["item", "verdict", "reason"])
    note_seen(observation=row)
    if verdict == ObservationVerdict.ADDED:
        network = answer.case.network
        note_gaps(network=network, scan=row.scan, item_ids=[item_id], now=answer.now)
