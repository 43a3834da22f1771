"""The database itself keeps published matrices as they are and refuses a second A."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from raci.models import Assignment, Matrix
from tests.factories.raci import AssignmentFactory


def refused(statement, *values):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_published_assignment_is_neither_changed_nor_removed_nor_added(plant):
    row = plant.rule("A", plant.role("lead"))
    matrix = plant.publish()

    refused("UPDATE raci_assignment SET letter = 'R' WHERE id = %s", row.pk)
    refused("DELETE FROM raci_assignment WHERE id = %s", row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentFactory(matrix=matrix)


def test_an_assignment_is_not_moved_into_a_published_matrix(plant):
    row = AssignmentFactory()
    plant.rule("A", plant.role("lead"))
    matrix = plant.publish()

    refused("UPDATE raci_assignment SET matrix_id = %s WHERE id = %s", matrix.pk, row.pk)


def test_a_published_matrix_is_only_superseded(plant):
    plant.rule("A", plant.role("lead"))
    matrix = plant.publish()

    refused("UPDATE raci_matrix SET name = 'x' WHERE id = %s", matrix.pk)
    refused("UPDATE raci_matrix SET status = 'draft', effective_at = NULL WHERE id = %s", matrix.pk)
    refused("DELETE FROM raci_matrix WHERE id = %s", matrix.pk)
    Matrix.objects.filter(pk=matrix.pk).update(status="superseded", superseded_at=plant.now)
    refused(
        "UPDATE raci_matrix SET status = 'published', superseded_at = NULL WHERE id = %s", matrix.pk
    )


def test_a_draft_is_free(plant):
    row = plant.rule("A", plant.role("lead"))

    Assignment.objects.filter(pk=row.pk).update(letter="R")
    plant.matrix.delete()

    assert not Assignment.objects.exists()


def test_a_second_a_of_the_same_reach_and_time_is_refused(plant):
    first = AssignmentFactory(valid_until="2026-06-30")
    same = {"matrix": first.matrix, "activity": first.activity}

    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentFactory(**same, valid_from="2026-06-30")

    AssignmentFactory(**same, valid_from="2026-07-01")
    AssignmentFactory(**same, selector_purdue="2")
    AssignmentFactory(**same, letter="R")
    AssignmentFactory(**same, effect="block")
    AssignmentFactory(**same, scope_kind="location", location=plant.line)


@pytest.mark.django_db(transaction=True)
def test_a_test_database_with_published_matrices_can_be_emptied(plant):
    plant.rule("A", plant.role("lead"))
    plant.publish()

    call_command("flush", interactive=False, verbosity=0)

    row = AssignmentFactory()
    Matrix.objects.filter(pk=row.matrix_id).update(
        status="published", effective_at="2026-01-01T00:00:00Z"
    )
    refused("DELETE FROM raci_assignment WHERE id = %s", row.pk)
