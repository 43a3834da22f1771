"""The life of a matrix and the writes of its assignments, each with its ledger entry."""

from datetime import timedelta

import pytest

from evidence.models import LedgerEntry
from raci.models import Assignment, Matrix
from raci.services import (
    AssignmentError,
    MatrixStateError,
    change_assignment,
    change_matrix,
    create_matrix,
    discard_draft,
    draft_next_revision,
    open_draft,
    publish_matrix,
    remove_assignment,
)


def actions_on(row):
    name = f"raci.{type(row)._meta.model_name}"
    entries = LedgerEntry.objects.filter(object_type=name, object_id=row.pk)
    return list(entries.order_by("sequence").values_list("action", flat=True))


def test_a_matrix_starts_as_a_draft(db, actor, now):
    matrix = create_matrix(actor=actor, values={"code": "site", "name": "Site"}, now=now)

    assert matrix.is_draft
    assert actions_on(matrix) == ["create"]


def test_publishing_supersedes_the_revision_before(plant):
    plant.rule("A", plant.role("lead"))
    first = plant.publish()
    second = draft_next_revision(actor=plant.actor, matrix=first, now=plant.now)
    later = plant.now + timedelta(days=1)

    published = publish_matrix(actor=plant.actor, matrix=second, now=later)

    first.refresh_from_db()
    assert (first.status, first.superseded_at) == ("superseded", later)
    assert (published.status, published.effective_at) == ("published", later)
    assert published.assignments.count() == 1
    assert actions_on(first) == ["publish", "supersede"]
    assert actions_on(published) == ["create", "publish"]


def test_a_first_revision_reaches_back_to_its_first_day(plant):
    plant.rule("A", plant.role("lead"))

    matrix = plant.publish()

    assert matrix.effective_at.date().isoformat() in {"2023-12-31", "2024-01-01"}


def test_a_later_revision_cannot_reach_back(plant):
    plant.rule("A", plant.role("lead"))
    second = draft_next_revision(actor=plant.actor, matrix=plant.publish(), now=plant.now)

    with pytest.raises(MatrixStateError, match="only a first one may reach back"):
        publish_matrix(
            actor=plant.actor,
            matrix=second,
            now=plant.now,
            effective_at=plant.now - timedelta(days=9),
        )


def test_an_empty_draft_is_not_published(plant):
    with pytest.raises(MatrixStateError, match="no assignments"):
        plant.publish()


def test_a_published_matrix_refuses_every_write(plant):
    row = plant.rule("A", plant.role("lead"))
    matrix = plant.publish()
    common = {"actor": plant.actor, "now": plant.now}

    for write in (
        lambda: change_matrix(matrix=matrix, values={"name": "x"}, **common),
        lambda: change_assignment(assignment=row, values={"letter": "R"}, **common),
        lambda: remove_assignment(assignment=row, **common),
        lambda: plant.rule("R", plant.role("other")),
        lambda: discard_draft(matrix=matrix, **common),
        lambda: publish_matrix(matrix=matrix, **common),
    ):
        with pytest.raises(MatrixStateError, match="never changes"):
            write()


def test_there_is_one_draft_at_a_time(plant):
    plant.rule("A", plant.role("lead"))
    matrix = plant.publish()
    draft = draft_next_revision(actor=plant.actor, matrix=matrix, now=plant.now)

    with pytest.raises(MatrixStateError, match="being drafted already"):
        draft_next_revision(actor=plant.actor, matrix=matrix, now=plant.now)

    assert open_draft(actor=plant.actor, code=matrix.code, now=plant.now) == draft


def test_a_second_a_is_refused_by_name(plant):
    plant.rule("A", plant.role("site-lead"), location=plant.site)

    with pytest.raises(AssignmentError, match="Site lead is accountable for “Change” at Location"):
        plant.rule("A", plant.role("other"), location=plant.site)

    plant.rule("A", plant.role("line-lead"), location=plant.line)
    plant.rule("A", plant.role("hmi-lead"), location=plant.site, selector_purdue="2")


def test_changing_an_assignment_into_a_second_a_is_refused(plant):
    plant.rule("A", plant.role("site-lead"), location=plant.site)
    row = plant.rule("A", plant.role("line-lead"), location=plant.line)

    with pytest.raises(AssignmentError):
        change_assignment(
            actor=plant.actor, assignment=row, values={"location": plant.site}, now=plant.now
        )

    row.refresh_from_db()
    assert row.location == plant.line


def test_a_scope_needs_exactly_what_its_kind_says(plant):
    with pytest.raises(Exception, match="exactly what its kind says"):
        plant.rule("R", plant.role("lead"), location=plant.site, zone=None, item=plant.filler)


def test_discarding_a_draft_leaves_its_rows_in_the_ledger(plant):
    row = plant.rule("A", plant.role("lead"))

    discard_draft(actor=plant.actor, matrix=plant.matrix, now=plant.now)

    assert not Matrix.objects.exists()
    assert not Assignment.objects.exists()
    assert actions_on(row)[-1] == "delete" if row.pk else True
    assert LedgerEntry.objects.filter(object_type="raci.assignment", action="delete").count() == 1
