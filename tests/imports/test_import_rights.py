"""An import reaches no further than its user; what is hidden stays unknown."""

import pytest
from guardian.shortcuts import assign_perm

from assets.models import Asset, Location, Relation
from common.errors import NotAllowedError
from common.imports import ImportContext, ImportRefusedError
from common.imports.kinds import kind_named
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, ItemClassFactory, LocationFactory, SystemFactory


@pytest.fixture
def sites(db):
    ItemClassFactory(slug="plc")
    return {code: LocationFactory(code=code, name=code) for code in ("NF", "SB")}


@pytest.fixture
def engineer(sites):
    user = UserFactory(username="rosa")
    for right in ("view_items", "edit_items"):
        assign_perm(right, user, sites["NF"])
    return user


def refused(run, *arguments, **options) -> list[str]:
    with pytest.raises(ImportRefusedError) as refusal:
        run(*arguments, **options)
    return [str(error) for error in refusal.value.report.errors]


def test_may_add_and_change_within_the_own_scope(run, engineer):
    run("assets", "code,name,item_class,location\nP1,PLC,plc,NF\n", user=engineer)

    assert run("assets", "code,name\nP1,PLC one\n", user=engineer).counts["changed"] == 1


def test_a_hidden_location_is_as_unknown_as_one_that_is_not(run, engineer):
    hidden = refused(run, "assets", "code,name,item_class,location\nP1,PLC,plc,SB\n", user=engineer)
    missing = refused(
        run, "assets", "code,name,item_class,location\nP1,PLC,plc,XX\n", user=engineer
    )

    assert hidden == [line.replace("XX", "SB") for line in missing]


def test_a_visible_place_without_the_right_to_edit_is_refused(run, engineer, sites):
    assign_perm("view_items", engineer, sites["SB"])

    assert (
        "takes the right 'edit_items'"
        in refused(run, "assets", "code,name,item_class,location\nP1,PLC,plc,SB\n", user=engineer)[
            0
        ]
    )


def test_an_item_without_a_place_is_refused(run, engineer):
    assert (
        "edit_items"
        in refused(run, "assets", "code,name,item_class\nP1,PLC,plc\n", user=engineer)[0]
    )


def test_a_hidden_item_is_neither_changed_nor_named(run, engineer, sites):
    AssetFactory(code="SECRET", name="Secret press", location=sites["SB"])

    (line,) = refused(run, "assets", "code,name,location\nSECRET,Mine now,NF\n", user=engineer)

    assert "Secret press" not in line
    assert "cannot be used here" in line
    assert Asset.objects.get(code="SECRET").name == "Secret press"


def test_an_item_cannot_be_moved_out_of_the_scope(run, engineer, sites):
    AssetFactory(code="P1", location=sites["NF"])
    assign_perm("view_items", engineer, sites["SB"])

    assert "edit_items" in refused(run, "assets", "code,location\nP1,SB\n", user=engineer)[0]


def test_a_relation_to_a_hidden_item_looks_like_one_to_an_unknown_item(run, engineer, sites):
    AssetFactory(code="P1", location=sites["NF"])
    AssetFactory(code="SECRET", location=sites["SB"])

    report = run(
        "relations",
        "source,relation_class,target\nP1,depends_on,SECRET\nP1,depends_on,NOBODY\n",
        user=engineer,
    )

    hidden, unknown = report.warnings
    assert hidden.message == unknown.message
    assert set(Relation.objects.values_list("target", flat=True)) == {None}


def test_a_relation_of_an_item_one_may_only_see_is_refused(run, engineer, sites):
    assign_perm("view_items", engineer, sites["SB"])
    AssetFactory(code="P1", location=sites["NF"])
    AssetFactory(code="B1", location=sites["SB"])

    assert (
        "edit_items"
        in refused(
            run, "relations", "source,relation_class,target\nB1,depends_on,P1\n", user=engineer
        )[0]
    )


def test_locations_grow_only_below_the_own_scope(run, engineer):
    run("locations", "code,name,level,parent\nA1,Area,area,NF\nL1,Line,line,A1\n", user=engineer)

    assert Location.objects.get(code="L1").depth == 2
    assert refused(run, "locations", "code,name,level\nROOT,New,site\n", user=engineer)
    assert refused(run, "locations", "code,name\nSB,Taken over\n", user=engineer)


def test_reference_data_takes_its_own_right(run, engineer):
    with pytest.raises(NotAllowedError, match=r"accounts\.manage_people"):
        run("people", "employee_number,name\nE1,Rosa\n", user=engineer)
    with pytest.raises(NotAllowedError, match=r"raci\.manage_operating_model"):
        run("roles", "code,name\nR,Role\n", user=engineer)


def test_an_inactive_user_and_nobody_may_nothing(run, engineer, actor, now):
    engineer.is_active = False
    engineer.save()

    assert refused(run, "assets", "code,name,item_class,location\nP1,PLC,plc,NF\n", user=engineer)
    nobody = ImportContext(actor=actor, now=now)
    assert not kind_named("assets").is_permitted(nobody)


def test_an_export_holds_only_what_the_user_sees(export, engineer, sites):
    AssetFactory(code="OURS", location=sites["NF"])
    AssetFactory(code="THEIRS", location=sites["SB"])

    assert b"OURS" in export("assets", user=engineer)
    assert b"THEIRS" not in export("assets", user=engineer)
    assert b"SB" not in export("locations", user=engineer)


def test_an_export_does_not_name_a_hidden_system(export, engineer, sites):
    system = SystemFactory(code="HIDDEN-MES", location=sites["SB"])
    AssetFactory(code="OURS", location=sites["NF"], system=system)

    assert b"HIDDEN-MES" not in export("assets", user=engineer)
