"""The resolver again, naively: one item at a time, straight from the rows, nothing shared with raci.

Slow and plain on purpose; the property tests compare the real one with it.
"""

from django.utils import timezone

from raci.models import Absence, Activity, Assignment, RoleHolder


class World:
    """All rows, read once; everything else is plain loops over them."""

    def __init__(self):
        self.assignments = list(
            Assignment.objects.select_related(
                "matrix", "activity__parent", "location__parent__parent", "zone__site__parent"
            ).order_by("pk")
        )
        self.holders = list(RoleHolder.objects.select_related("person").order_by("pk"))
        self.absences = list(Absence.objects.select_related("deputy"))
        self.activities = {row.code: row for row in Activity.objects.select_related("parent")}


def world_tags(item):
    """Return the ids of an item's tags, read once per object."""
    if not hasattr(item, "tag_ids_of_oracle"):
        item.tag_ids_of_oracle = set(item.tags.values_list("pk", flat=True))
    return item.tag_ids_of_oracle


def ancestors(node):
    """Return the node and everything above it, by following `parent`."""
    found = []
    while node is not None:
        found.append(node)
        node = node.parent
    return found


def systems_of(item):
    """Return the systems an item is part of, the nearest first."""
    found, system = [], item.system
    while system is not None and system.pk != item.pk and system not in found:
        found.append(system)
        system = system.system
    return found


def criticality_of(item):
    own = item.criticality_override
    return own if own is not None or item.system is None else item.system.criticality_override


def purdue_of(item):
    return item.purdue_override or (item.zone.purdue_level if item.zone else "")


def holds(row, day):
    return row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)


def scope_rank(row, item):
    """Return (nearness of a named item, depth of the scope), or None when out of scope."""
    if row.scope_kind == "enterprise":
        return (0, 0)
    if row.scope_kind == "item_class":
        return (0, 1) if row.item_class_id == item.item_class_id else None
    if row.scope_kind == "location":
        above = ancestors(item.location)
        return (0, len(ancestors(row.location)) + 1) if row.location in above else None
    if row.scope_kind == "zone":
        return (0, len(ancestors(row.zone.site)) + 2) if row.zone_id == item.zone_id else None
    if row.item_id == item.pk:
        return (99, 0)
    chain = [system.pk for system in systems_of(item)]
    return (98 - chain.index(row.item_id), 0) if row.item_id in chain else None


def rank(row, item, activity, day):
    """Return how specific an assignment is for an item; None when it does not reach it."""
    line = ancestors(activity)
    scope = scope_rank(row, item)
    if row.activity not in line or scope is None or not holds(row, day):
        return None
    conditions = [
        (row.selector_class_id, item.item_class_id),
        (row.selector_purdue or None, purdue_of(item)),
        (row.selector_criticality, criticality_of(item)),
    ]
    if any(wanted is not None and wanted != value for wanted, value in conditions):
        return None
    if row.selector_tag_id and row.selector_tag_id not in world_tags(item):
        return None
    predicates = sum(wanted is not None for wanted, _ in conditions) + bool(row.selector_tag_id)
    return (scope[0], len(ancestors(row.activity)), scope[1], predicates)


def in_force(matrix, at):
    return (
        matrix.effective_at is not None
        and matrix.effective_at <= at
        and (matrix.superseded_at is None or at < matrix.superseded_at)
    )


def winners(world, item, activity, at, letter):
    """Return the assignments that win a letter."""
    day = timezone.localtime(at).date()
    reached = []
    for row in world.assignments:
        if row.letter != letter:
            continue
        found = rank(row, item, activity, day)
        if found is not None and in_force(row.matrix, at):
            reached.append((found, row))
    kept = [
        (mine, row)
        for mine, row in reached
        if row.effect != "block"
        and not any(
            other.effect == "block" and other.role_id == row.role_id and theirs >= mine
            for theirs, other in reached
        )
    ]
    if letter == "A":
        floor = max((mine for mine, _ in kept), default=None)
    else:
        floor = max((mine for mine, row in kept if row.effect == "override"), default=None)
    return [row for mine, row in kept if floor is None or mine >= floor]


def holders(world, role_id, location, day):
    """Return the holders nearest above a location."""
    rows = [row for row in world.holders if row.role_id == role_id and holds(row, day)]
    for place in [*ancestors(location), None]:
        here = [row for row in rows if row.location_id == (place.pk if place else None)]
        if here:
            return here
    return []


def acts(world, person, at, steps=2):
    """Return who acts for a person: themselves, or a deputy at most two steps away; else None."""
    if not person.is_active:
        return None
    away = [
        row
        for row in world.absences
        if row.person_id == person.pk
        and row.starts_at <= at
        and (row.ends_at is None or at < row.ends_at)
    ]
    if not away:
        return person
    deputy = away[0].deputy
    return acts(world, deputy, at, steps - 1) if deputy and steps else None


def role_acts(world, role_id, location, at):
    """Return [(holder, acting)] as ids for a role at a place, the first named first; [(None, None)] for a vacant one."""
    here = holders(world, role_id, location, timezone.localtime(at).date())
    active = [row for row in here if row.person.is_active]
    pairs = []
    for row in active or here[:1]:
        acting = acts(world, row.person, at)
        pairs.append((row.person_id, acting.pk if acting else None))
    return pairs or [(None, None)]


def answers(world, item, activity_code, at, letter):
    """Return {(role, holder, acting)} as ids, escalation to the matrix default included."""
    activity = world.activities[activity_code]
    found = set()
    roles = set()
    for row in sorted(winners(world, item, activity, at, letter), key=lambda row: row.pk):
        escalation = row.matrix.escalation_role_id
        if row.role_id in roles:
            continue
        roles.add(row.role_id)
        for holder, acting in role_acts(world, row.role_id, item.location, at):
            instead = acting
            if instead is None and escalation:
                options = role_acts(world, escalation, item.location, at)
                instead = next((a for _, a in options if a is not None), None)
            found.add((row.role_id, holder, instead))
    return found
