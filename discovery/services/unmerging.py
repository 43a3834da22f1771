"""Undoes a merge: what was moved goes back, what was dropped is there again, the item is in use as it was before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from assets.models import ConfigurationItem, RedundancyGroup, Relation
from common.actor import Actor
from common.errors import ConflictError
from discovery.choices import CaseDecision, CaseState, ObservationVerdict
from discovery.models import Case, ItemKey, Merge, NotSame, Observation
from discovery.queries.merges import obstacle_to_undo
from discovery.services.item_keys import hand_over
from discovery.services.presences import look_back
from evidence.services import create_object, delete_object, lock_ledger, snapshot, update_object


@transaction.atomic
def undo_merge(
    *, actor: Actor, merge: Merge, now: datetime, person: Person | None = None, note: str = ""
) -> Merge:
    """Put everything back as it was before the merge; ConflictError says what keeps it from being possible.

    Values somebody or a scan has changed since stay as they are. The caller has checked the right over both.
    """
    lock_ledger()
    rows = Merge.objects.select_for_update(of=("self",)).select_related("kept", "gone", "case")
    current = rows.get(pk=merge.pk)
    if obstacle := obstacle_to_undo(current):
        raise ConflictError(_("The merge cannot be undone. %s") % obstacle)
    _Undoing(actor, current, now).put_back()
    return update_object(
        actor=actor,
        instance=current,
        changes={"undone_at": now, "undone_by": person},
        now=now,
        comment=note,
        action="undo merge",
    )


class _Undoing:
    """One merge being undone, in the opposite order of its steps."""

    def __init__(self, actor: Actor, merge: Merge, now: datetime) -> None:
        self.actor, self.merge, self.now = actor, merge, now
        self.record: Mapping[str, Any] = merge.record

    def put_back(self) -> None:
        """Put back items, questions, keys, relations and groups."""
        self._restore(self.merge.gone, self.record["retired"])
        self._restore(self.merge.kept, self.record["filled"])
        self._ask_as_before()
        self._reopen()
        for one in NotSame.objects.filter(pk__in=self.record["refusals"]):
            delete_object(actor=self.actor, instance=one, now=self.now, comment=self._words())
        ItemKey.objects.filter(pk__in=self.record["learned"], item=self.merge.kept_id).delete()
        if self.record["keys"]:
            hand_over(ids=self.record["keys"], item_id=self.merge.gone_id)
        self._move_observations_back()
        self._move_relations_back()

    def _move_observations_back(self) -> None:
        """Let what was seen of the other item before the merge be of that again."""
        ids = self.record.get("observations", [])
        Observation.objects.filter(pk__in=ids, item=self.merge.kept_id).update(
            item=self.merge.gone_id
        )
        look_back(item_ids=[self.merge.kept_id, self.merge.gone_id])

    def _restore(self, item: ConfigurationItem, changed: Mapping[str, Any]) -> None:
        """Give fields that still hold what the merge wrote their value and provenance from before."""
        held = snapshot(item)
        origins = dict(item.provenance)
        columns = {one.name: one.attname for one in item._meta.concrete_fields}
        changes: dict[str, Any] = {}
        for name, (before, after, origin) in changed.items():
            column = columns[name]
            if held[column] != after:
                continue
            changes[column] = before
            origins.pop(name, None)
            if origin is not None:
                origins[name] = origin
        if changes:
            self._update(item, {**changes, "provenance": origins})

    def _ask_as_before(self) -> None:
        asked_before = dict(self.record["cases"])
        for case in Case.objects.filter(pk__in=asked_before, state=CaseState.OPEN):
            case.candidates.add(self.merge.gone_id)
            if not asked_before[case.pk]:
                case.candidates.remove(self.merge.kept_id)

    def _reopen(self) -> None:
        """Ask again what the merge was the answer to."""
        case = self.merge.case
        if case is None or case.decision != CaseDecision.MERGE:
            return
        update_object(
            actor=self.actor,
            instance=case,
            changes={
                "state": CaseState.OPEN,
                "decision": "",
                "decided_by": None,
                "decided_at": None,
            },
            now=self.now,
            action="reopen",
            comment=self._words(),
        )
        row = case.observation
        row.verdict, row.item = ObservationVerdict.CONFLICTING, None
        row.reason = _("The merge that was the answer has been undone.")
        row.save(update_fields=["verdict", "item", "reason"])

    def _move_relations_back(self) -> None:
        sides_of = dict(self.record["relations"])
        for relation in Relation.objects.filter(pk__in=sides_of):
            self._update(relation, dict.fromkeys(sides_of[relation.pk], self.merge.gone))
        names = dict(self.record["groups"])
        for group in RedundancyGroup.objects.filter(pk__in=names):
            self._update(group, {"item": self.merge.gone, "name": names[group.pk]})
        for values in self.record["dropped"]:
            create_object(
                actor=self.actor,
                instance=Relation(**values),
                now=self.now,
                comment=self._words(),
                action="restore",
            )

    def _update(self, row: Any, changes: Mapping[str, Any]) -> None:  # noqa: ANN401 - any row
        update_object(
            actor=self.actor, instance=row, changes=changes, now=self.now, comment=self._words()
        )

    def _words(self) -> str:
        return _("The merge of %(gone)s into %(kept)s is undone") % {
            "gone": self.merge.gone.code,
            "kept": self.merge.kept.code,
        }
