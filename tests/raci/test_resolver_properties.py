"""The resolver agrees with the naive oracle on random plants, items, matrices, holders and absences."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.models import Tag
from raci.choices import MatrixStatus
from raci.models import Absence, Assignment, Matrix, RoleHolder
from raci.queries import resolve_many
from tests.factories.accounts import PersonFactory
from tests.factories.assets import (
    AssetFactory,
    ItemClassFactory,
    LocationFactory,
    SystemFactory,
    ZoneFactory,
)
from tests.factories.raci import ActivityFactory, RoleFactory
from tests.raci.oracle import World, answers

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
STAMPS = {"created_at": AT, "updated_at": AT}
index = st.integers(0, 9)
assignment = st.tuples(
    st.sampled_from("AAARRCI"),
    st.sampled_from(["add", "add", "override", "block", "block"]),
    st.sampled_from(["enterprise", "location", "location", "zone", "item", "item_class"]),
    st.tuples(index, index, index, index),
    st.sampled_from(
        [()] * 4 + [("class",), ("purdue",), ("criticality",), ("tag",), ("class", "tag")]
    ),
    st.sampled_from([(-300, None)] * 6 + [(-300, -1), (-300, 0), (1, None), (-5, 5)]),
)
holding = st.tuples(index, index, st.none() | index)
absence = st.tuples(index, st.none() | index, st.booleans())


def make_plant():
    """Return a small plant: a tree of six places, two zones, nested systems, five items."""
    root = LocationFactory(code="ROOT")
    sites = [LocationFactory(code=f"SITE{n}", parent=root) for n in range(2)]
    lines = [LocationFactory(code=f"LINE{n}", parent=sites[n // 2]) for n in range(3)]
    zones = [ZoneFactory(site=sites[n], purdue_level=str(n + 1)) for n in range(2)]
    outer = SystemFactory(location=sites[0], criticality_override=4)
    inner = SystemFactory(location=lines[0], system=outer, criticality_override=3, zone=zones[0])
    classes = [ItemClassFactory(slug=f"class-{n}") for n in range(2)]
    tag = Tag.objects.create(slug="gmp", name="GMP", **STAMPS)
    places = [lines[0], lines[0], lines[0], lines[2], None]
    items = [
        AssetFactory(
            location=place,
            item_class=classes[n % 2],
            zone=zones[n % 2] if n < 4 else None,
            system=inner if n in {0, 2} else None,
            criticality_override=[None, 3, None, 4, None][n],
            purdue_override="2" if n == 3 else "",
        )
        for n, place in enumerate(places)
    ]
    items[1].tags.add(tag)
    items[2].tags.add(tag)
    change = ActivityFactory(code="change")
    return {
        "location": [root, *sites, *lines],
        "zone": zones,
        "item": [*items, inner, outer],
        "item_class": classes,
        "tag": [tag],
        "activities": [change, change, ActivityFactory(code="firmware", parent=change)],
        "roles": [RoleFactory() for _ in range(3)],
        "people": [PersonFactory(is_active=n != 3) for n in range(5)],
    }


def pick(options, n):
    return options[n % len(options)]


def make_assignments(plant, rows, escalation):
    roles = plant["roles"]
    matrices = [
        Matrix.objects.create(
            code=f"m{n}", name="m", escalation_role=roles[2] if escalation and n else None, **STAMPS
        )
        for n in range(2)
    ]
    made = {}
    for letter, effect, scope, (where, who, what, book), selector, (since, until) in rows:
        row = Assignment(
            matrix=pick(matrices, book),
            activity=pick(plant["activities"], what),
            letter=letter,
            effect=effect,
            role=pick(roles, who),
            scope_kind=scope,
            valid_from=date(2026, 11, 16) + timedelta(days=since),
            valid_until=None if until is None else date(2026, 11, 16) + timedelta(days=until),
            **STAMPS,
        )
        if scope != "enterprise":
            setattr(row, scope, pick(plant[scope], where))
        set_selector(row, selector, plant, where)
        # One A at a time (and one row per start): keep the first of those that exclude each other.
        same = (row.matrix_id, row.activity_id, letter, scope, where % 12, selector)
        made.setdefault(same if letter == "A" else (*same, row.role_id), row)
    for row in unique(made.values()):
        row.save()
    Matrix.objects.update(
        status=MatrixStatus.PUBLISHED, effective_at=AT - timedelta(days=900), **STAMPS
    )


def set_selector(row, selector, plant, n):
    if "class" in selector:
        row.selector_class = pick(plant["item_class"], n)
    if "tag" in selector:
        row.selector_tag = plant["tag"][0]
    if "purdue" in selector:
        row.selector_purdue = pick("12", n)
    if "criticality" in selector:
        row.selector_criticality = pick((3, 4), n)


def unique(rows):
    """Yield rows that no other one of the same coverage precedes."""
    seen = set()
    for row in rows:
        key = (row.matrix_id, row.activity_id, row.letter, row.scope_kind, row.location_id,
               row.zone_id, row.item_id, row.item_class_id, row.selector_class_id,
               row.selector_purdue, row.selector_criticality, row.selector_tag_id)  # fmt: skip
        key = key if row.letter == "A" else (*key, row.role_id)
        if key not in seen:
            seen.add(key)
            yield row


def make_people(plant, holdings, absences):
    seen = set()
    for role, person, place in holdings:
        key = (role % 3, person % 5, None if place is None else place % 6)
        if key not in seen:
            seen.add(key)
            RoleHolder.objects.create(
                role=pick(plant["roles"], role),
                person=pick(plant["people"], person),
                location=None if place is None else pick(plant["location"], place),
                valid_from=date(2024, 1, 1),
                **STAMPS,
            )
    away = set()
    for person, deputy, is_now in absences:
        if person % 5 in away or (deputy is not None and deputy % 5 == person % 5):
            continue
        away.add(person % 5)
        start = AT - timedelta(hours=1) if is_now else AT + timedelta(hours=1)
        Absence.objects.create(
            person=pick(plant["people"], person),
            deputy=None if deputy is None else pick(plant["people"], deputy),
            starts_at=start,
            **STAMPS,
        )


def given_answers(found):
    return {
        (a.assigned.id, a.holder.id if a.holder else None, a.acting.id if a.acting else None)
        for a in found
    }


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(assignment, min_size=12, max_size=30),
    holdings=st.lists(holding, min_size=3, max_size=8),
    absences=st.lists(absence, min_size=1, max_size=3),
    escalation=st.booleans(),
)
def test_agrees_with_the_naive_oracle(rows, holdings, absences, escalation):
    with transaction.atomic():
        plant = make_plant()
        make_assignments(plant, rows, escalation)
        make_people(plant, holdings, absences)
        world = World()
        for activity in ("change", "firmware"):
            found = resolve_many(plant["item"], activity_code=activity, at=AT)
            for item in plant["item"]:
                one = found[item.pk]
                accountable = (one.accountable,) if one.accountable else one.contenders
                assert given_answers(accountable) == answers(world, item, activity, AT, "A")
                assert given_answers(one.responsible) == answers(world, item, activity, AT, "R")
                assert given_answers(one.consulted) == answers(world, item, activity, AT, "C")
                assert given_answers(one.informed) == answers(world, item, activity, AT, "I")
        transaction.set_rollback(True)
