"""Two people, or one form sent twice, at the same moment: one vote a seat, one decision a round."""

import sqlite3
import threading

import pytest
from django.db import DatabaseError, connection, connections

from common.errors import ConflictError
from governance.choices import ChangeState, RoundState
from governance.models import Vote
from governance.services import vote
from tests.factories.governance import MONDAY


@pytest.fixture
def shared_database(plant, tmp_path):
    """The cast in a database that several threads can use: SQLite in memory locks whole tables at once."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    copy = sqlite3.connect(tmp_path / "copy.sqlite3")
    in_memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "copy.sqlite3")
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


def at_once(works) -> list[object]:
    """Run the works in threads that start together; return what each returned or raised."""
    results: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(position: int, work) -> None:
        try:
            gate.wait(10)
            results[position] = work()
        except (ConflictError, DatabaseError) as error:
            results[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def voting(plant, change, name, choice="approve", **given):
    seat, actor, asked = plant.seat(change, name), plant.actor(name), change.content_hash
    return lambda: vote(
        actor=actor, approval=seat, choice=choice, content_hash=asked, now=MONDAY, **given
    )


@pytest.mark.django_db(transaction=True)
def test_the_last_two_votes_together_decide_the_round_once(plant, shared_database):
    change = plant.submitted()
    results = at_once([voting(plant, change, "marta"), voting(plant, change, "hari")])
    assert all(isinstance(found, Vote) for found in results), results
    change.refresh_from_db()
    assert change.state == ChangeState.APPROVED
    assert change.rounds.get().state == RoundState.APPROVED


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_counts_once(plant, shared_database):
    change = plant.submitted()
    results = at_once([voting(plant, change, "marta")] * 3)
    assert Vote.objects.count() == 1
    assert sum(isinstance(found, ConflictError) for found in results) == 2, results


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_no_at_once_never_approve(plant, shared_database):
    change = plant.submitted()
    at_once(
        [
            voting(plant, change, "marta"),
            voting(plant, change, "hari", "reject", reason="Not today."),
        ]
    )
    change.refresh_from_db()
    assert change.state == ChangeState.REJECTED
