"""Relations and redundancy groups."""

import pytest

from assets.models import RedundancyGroup, Relation
from common.imports import ImportRefusedError
from tests.factories.assets import AssetFactory

HEAD = "source,relation_class,target,protocol,redundancy_group,required\n"


@pytest.fixture
def items(db):
    return {code: AssetFactory(code=code, name=code) for code in ("HMI", "PLC", "SW1", "SW2")}


def test_a_second_run_changes_nothing(run, items):
    text = (
        HEAD + "HMI,connects_via,SW1,Profinet,uplinks,1\nHMI,connects_via,SW2,Profinet,uplinks,\n"
    )
    run("relations", text)

    report = run("relations", text)

    assert report.counts["unchanged"] == 2
    group = RedundancyGroup.objects.get()
    assert (group.item.code, group.required_count) == ("HMI", 1)


def test_the_group_belongs_to_the_end_that_depends(run, items):
    run("relations", HEAD + "PLC,feeds_data,HMI,,sources,1\nSW1,feeds_data,HMI,,sources,1\n")

    assert RedundancyGroup.objects.get().item.code == "HMI"


def test_a_group_without_a_number_is_kept_undeclared_and_declared_later(run, items):
    run("relations", HEAD + "HMI,connects_via,SW1,,uplinks,\nHMI,connects_via,SW2,,uplinks,\n")
    assert RedundancyGroup.objects.get().required_count is None

    report = run("relations", HEAD + "HMI,connects_via,SW1,,uplinks,1\n")

    assert RedundancyGroup.objects.get().required_count == 1
    assert report.counts["changed"] == 1


def test_two_numbers_for_one_group_are_refused(run, items):
    with pytest.raises(ImportRefusedError, match="the same group needs 1 in row 2"):
        run(
            "relations", HEAD + "HMI,connects_via,SW1,,uplinks,1\nHMI,connects_via,SW2,,uplinks,2\n"
        )


def test_a_number_without_a_group_is_refused(run, items):
    with pytest.raises(ImportRefusedError, match="without a redundancy_group"):
        run("relations", HEAD + "HMI,connects_via,SW1,,,1\n")


def test_a_relation_to_itself_is_refused(run, items):
    with pytest.raises(ImportRefusedError, match="'HMI' has a relation to itself"):
        run("relations", HEAD + "HMI,depends_on,HMI,,,\n")


def test_an_unknown_item_is_kept_and_reported(run, items):
    report = run("relations", HEAD + "HMI,depends_on,GHOST,,,\n")

    relation = Relation.objects.get()
    assert (relation.target, relation.unresolved_target) == (None, "GHOST")
    assert report.warnings[0].value == "GHOST"
    assert run("relations", HEAD + "HMI,depends_on,GHOST,,,\n").counts["unchanged"] == 1


def test_a_known_item_joins_a_relation_that_waited_for_it(run, items):
    run("relations", HEAD + "HMI,depends_on,GHOST,,,\n")
    AssetFactory(code="GHOST")

    report = run("relations", HEAD + "HMI,depends_on,GHOST,,,\n")

    (change,) = report.rows[0].changes
    assert (change.before, change.after) == ("GHOST", "GHOST")
    assert Relation.objects.get().target.code == "GHOST"


def test_two_unknown_ends_are_refused(run, items):
    with pytest.raises(ImportRefusedError, match="neither 'X' nor 'Y' is a known"):
        run("relations", HEAD + "X,depends_on,Y,,,\n")


def test_an_unknown_relation_names_those_there_are(run, items):
    with pytest.raises(ImportRefusedError, match="is not one of: depends_on, runs_on"):
        run("relations", HEAD + "HMI,likes,PLC,,,\n")
