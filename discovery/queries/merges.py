"""Merges as people see them: what was moved, and whether it can still be put back."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from assets.choices import ItemStatus
from assets.models import RedundancyGroup, Relation
from discovery.models import ItemKey, Merge


def obstacle_to_undo(merge: Merge) -> str:
    """Return why a merge cannot be undone, "" when it can.

    Values that were changed since stay as they are; what was moved must still be where the merge put it.
    """
    return next(_obstacles(merge), "")


def _obstacles(merge: Merge) -> Iterator[str]:
    if merge.undone_at is not None:
        yield _("It was undone already.")
        return
    later = Merge.objects.filter(undone_at=None, pk__gt=merge.pk)
    pair = [merge.kept_id, merge.gone_id]
    if other := later.filter(Q(kept__in=pair) | Q(gone__in=pair)).select_related("gone").first():
        yield _("'%s' was merged later; undo that first.") % other.gone
    if merge.gone.status != ItemStatus.RETIRED:
        yield _("'%(item)s' is in use again: its status is '%(status)s', not '%(wanted)s'.") % {
            "item": merge.gone,
            "status": merge.gone.get_status_display(),
            "wanted": ItemStatus.RETIRED.label,
        }
    yield from _relations(merge)
    yield from _keys(merge)


def _relations(merge: Merge) -> Iterator[str]:
    moved: dict[int, list[str]] = dict(merge.record["relations"])
    rows = {row.pk: row for row in Relation.objects.filter(pk__in=moved)}
    for pk, sides in moved.items():
        row = rows.get(pk)
        if row is None or any(getattr(row, f"{side}_id") != merge.kept_id for side in sides):
            yield _("A relation it moved was changed or deleted since (no. %d).") % pk
    groups = {pk for pk, _name in merge.record["groups"]}
    if RedundancyGroup.objects.filter(pk__in=groups, item=merge.kept_id).count() < len(groups):
        yield _("A redundancy group it moved was changed or deleted since.")
    yield from _dropped(merge)


def _dropped(merge: Merge) -> Iterator[str]:
    """Say what keeps dropped relations from being made again."""
    for values in merge.record["dropped"]:
        ends = {name: values[name] for name in ("source_id", "target_id")}
        group = values["redundancy_group_id"]
        known = [pk for pk in ends.values() if pk is not None]
        if merge.kept.__class__._base_manager.filter(pk__in=known).count() < len(known):
            yield _("The other end of a relation it dropped was deleted since.")
        if group and not RedundancyGroup.objects.filter(pk=group).exists():
            yield _("The redundancy group of a relation it dropped was deleted since.")
        again = Relation.objects.filter(
            relation_class=values["relation_class"], protocol=values["protocol"], **ends
        )
        if None not in ends.values() and again.exists():
            yield _("A relation it dropped was recorded again since.")


def _keys(merge: Merge) -> Iterator[str]:
    moved = merge.record["keys"]
    if ItemKey.objects.filter(pk__in=moved, item=merge.kept_id).count() < len(moved):
        yield _("Another device is recognised by a key it moved.")
