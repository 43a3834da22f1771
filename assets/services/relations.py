"""Writes of relations and the redundancy groups that bind them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assets.models import ConfigurationItem, RedundancyGroup, Relation
from assets.rules import dependent_end
from common.actor import Actor
from common.errors import ConflictError, DomainError
from evidence.services import create_many, create_object, delete_object, update_object

GROUP_VALUES = ("redundancy_group", "required_count")


class RelationError(DomainError):
    """A relation cannot join these ends."""


def create_relation(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Relation:
    """Create one relation. `redundancy_group` is a group or the name of one (made when new)."""
    return create_relations(actor=actor, rows=[values], now=now, comment=comment)[0]


@transaction.atomic
def create_relations(
    *, actor: Actor, rows: Sequence[Mapping[str, Any]], now: datetime, comment: str = ""
) -> list[Relation]:
    """Create relations, all or none."""
    relations = []
    for values in rows:
        relation = Relation(**{k: v for k, v in values.items() if k not in GROUP_VALUES})
        check_relation(relation)
        relation.redundancy_group = _group(actor, relation, values, now)
        relations.append(relation)
    _refuse_known(relations)
    return create_many(actor=actor, instances=relations, now=now, comment=comment)


def check_relation(relation: Relation) -> None:
    """Refuse a relation to itself, without a known end, or with an end both known and unknown."""
    if relation.source_id is not None and relation.source_id == relation.target_id:
        raise RelationError(_("'%s' cannot have a relation to itself.") % relation.source_label)
    if relation.source_id is None and relation.target_id is None:
        raise RelationError(_("A relation needs at least one known item."))
    for end in ("source", "target"):
        known = getattr(relation, f"{end}_id") is not None
        named = bool(getattr(relation, f"unresolved_{end}"))
        if known == named:
            raise RelationError(
                _("The %s is either an item or the name of an unknown one, not both or neither.")
                % end
            )
    try_choices = dict(Relation._meta.get_field("relation_class").flatchoices)
    if relation.relation_class not in try_choices:
        raise RelationError(
            _("'%(given)s' is not a relation; there is: %(known)s.")
            % {"given": relation.relation_class, "known": ", ".join(try_choices)}
        )


def _group(
    actor: Actor, relation: Relation, values: Mapping[str, Any], now: datetime
) -> RedundancyGroup | None:
    wanted = values.get("redundancy_group")
    if not wanted:
        return None
    dependent: ConfigurationItem | None = getattr(relation, dependent_end(relation.relation_class))
    if dependent is None:
        raise RelationError(_("A redundancy group belongs to a known item; the dependent is not."))
    if isinstance(wanted, RedundancyGroup):
        if wanted.item_id != dependent.pk:
            raise RelationError(
                _("The group '%(group)s' belongs to '%(other)s', not to '%(item)s'.")
                % {"group": wanted, "other": wanted.item, "item": dependent}
            )
        return wanted
    found = RedundancyGroup.objects.filter(item=dependent, name=wanted).first()
    required = values.get("required_count")
    if found is None:
        draft = RedundancyGroup(item=dependent, name=wanted, required_count=required)
        return create_object(actor=actor, instance=draft, now=now)
    if required is not None and found.required_count != required:
        return update_object(
            actor=actor, instance=found, changes={"required_count": required}, now=now
        )
    return found


def _refuse_known(relations: Sequence[Relation]) -> None:
    sources = [r.source_id for r in relations]
    known: set[tuple[int | None, int | None, str, str]] = set(
        Relation.objects.filter(source_id__in=sources).values_list(
            "source_id", "target_id", "relation_class", "protocol"
        )
    )
    for relation in relations:
        key = (relation.source_id, relation.target_id, relation.relation_class, relation.protocol)
        if None not in key[:2] and key in known:
            raise ConflictError(_("There is already: %s.") % relation)
        known.add(key)


@transaction.atomic
def change_relation(
    *,
    actor: Actor,
    relation: Relation,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Relation:
    """Change a relation; a changed class or end is checked again."""
    changes = {k: v for k, v in values.items() if k not in GROUP_VALUES}
    draft = Relation.objects.select_related("source", "target").get(pk=relation.pk)
    for name, value in changes.items():
        setattr(draft, name, value)
    check_relation(draft)
    if "redundancy_group" in values:
        changes["redundancy_group"] = _group(actor, draft, values, now)
    return update_object(
        actor=actor,
        instance=relation,
        changes=changes,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


def delete_relation(*, actor: Actor, relation: Relation, now: datetime, comment: str = "") -> None:
    """Delete a relation."""
    delete_object(actor=actor, instance=relation, now=now, comment=comment)
