"""The resolver again, naively: one item at a time, straight from the rows, nothing shared with raci.

Slow and plain on purpose; the property tests compare the real one with it.
"""

from django.utils import timezone

from raci.models import Absence, Activity, Assignment, RoleHolder


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
    if row.selector_tag_id and row.selector_tag not in item.tags.all():
        return None
    predicates = sum(wanted is not None for wanted, _ in conditions) + bool(row.selector_tag_id)
    return (scope[0], len(ancestors(row.activity)), scope[1], predicates)


def in_force(matrix, at):
    return (
        matrix.effective_at is not None
        and matrix.effective_at <= at
        and (matrix.superseded_at is None or at < matrix.superseded_at)
    )


def winners(item, activity, at, letter):
    """Return the assignments that win a letter."""
    day = timezone.localtime(at).date()
    reached = []
    rows = Assignment.objects.filter(letter=letter).select_related(
        "matrix",
        "activity__parent",
        "location__parent__parent",
        "zone__site__parent",
        "selector_tag",
    )
    for row in rows:
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


def holders(role_id, location, day):
    """Return the holders nearest above a location."""
    rows = [row for row in RoleHolder.objects.filter(role_id=role_id) if holds(row, day)]
    for place in [*ancestors(location), None]:
        here = [row for row in rows if row.location_id == (place.pk if place else None)]
        if here:
            return here
    return []


def acts(person, at, steps=2):
    """Return who acts for a person: themselves, or a deputy at most two steps away; else None."""
    if not person.is_active:
        return None
    away = [
        row
        for row in Absence.objects.filter(person=person)
        if row.starts_at <= at and (row.ends_at is None or at < row.ends_at)
    ]
    if not away:
        return person
    deputy = away[0].deputy
    return acts(deputy, at, steps - 1) if deputy and steps else None


def role_acts(role_id, location, at):
    """Return {(holder, acting)} as ids for a role at a place; a vacant one gives {(None, None)}."""
    here = holders(role_id, location, timezone.localtime(at).date())
    active = [row for row in here if row.person.is_active]
    pairs = set()
    for row in active or here[:1]:
        acting = acts(row.person, at)
        pairs.add((row.person_id, acting.pk if acting else None))
    return pairs or {(None, None)}


def answers(item, activity_code, at, letter):
    """Return {(role, holder, acting)} as ids, escalation to the matrix default included."""
    activity = Activity.objects.get(code=activity_code)
    found = set()
    roles = set()
    for row in sorted(winners(item, activity, at, letter), key=lambda row: row.pk):
        escalation = row.matrix.escalation_role_id
        if row.role_id in roles:
            continue
        roles.add(row.role_id)
        for holder, acting in role_acts(row.role_id, item.location, at):
            instead = acting
            if instead is None and escalation:
                options = role_acts(escalation, item.location, at)
                instead = min((a for _, a in options if a is not None), default=None)
            found.add((row.role_id, holder, instead))
    return found
