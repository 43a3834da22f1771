"""The location tree, zones and conduits."""

import pytest

from assets.models import Conduit, Location, Zone
from common.imports import ImportRefusedError

TREE = (
    "code,name,level,parent,time_zone\n"
    "C1,Cell 1,cell,L1,\nL1,Line 1,line,FIL,\nFIL,Filling,area,NF,\nNF,Northfield,site,HW,Europe/Dublin\n"
    "HW,Halden Works,enterprise,,\n"
)


def errors(refusal) -> list[str]:
    return [str(error) for error in refusal.value.report.errors]


def test_parents_may_stand_below_their_children_and_paths_are_right(run):
    run("locations", TREE)

    ids = {row.code: row.pk for row in Location.objects.all()}
    assert Location.objects.get(code="C1").path == "".join(
        f"{ids[code]}/" for code in ("HW", "NF", "FIL", "L1", "C1")
    )


def test_moving_an_area_takes_everything_below_along(run):
    run("locations", TREE + "SB,Stahlbach,site,HW,\n")

    report = run("locations", "code,parent\nFIL,SB\n")

    site = Location.objects.get(code="SB")
    assert report.counts["changed"] == 1
    assert Location.objects.get(code="C1").path.startswith(
        site.path + str(Location.objects.get(code="FIL").pk)
    )


def test_a_cycle_within_the_file_is_refused_by_name(run):
    with pytest.raises(ImportRefusedError) as refusal:
        run("locations", "code,name,level,parent\nA,A,area,B\nB,B,area,C\nC,C,area,A\nD,D,site,\n")

    assert "a cycle: A > B > C > A" in errors(refusal)[0]
    assert not Location.objects.exists()


def test_a_location_cannot_stand_above_itself(run):
    with pytest.raises(ImportRefusedError, match="a cycle: A > A"):
        run("locations", "code,name,level,parent\nA,A,area,A\n")


def test_a_cycle_with_what_is_stored_is_refused(run):
    run("locations", "code,name,level,parent\nX,X,area,\nY,Y,area,X\nZ,Z,area,Y\n")

    with pytest.raises(ImportRefusedError) as refusal:
        run("locations", "code,parent\nX,Z\n")

    assert "'Z' stands below 'X'" in errors(refusal)[0]


def test_a_level_must_fit_below_its_parent(run):
    with pytest.raises(ImportRefusedError, match="a site cannot stand below a line"):
        run("locations", "code,name,level,parent\nL,Line,line,\nS,Site,site,L\n")


def test_an_unknown_parent_is_refused(run):
    with pytest.raises(ImportRefusedError, match="'NOPE' there is no such location"):
        run("locations", "code,name,level,parent\nL,Line,line,NOPE\n")


def test_an_unknown_time_zone_is_refused(run):
    with pytest.raises(ImportRefusedError, match="is not a time zone such as Europe/Berlin"):
        run("locations", "code,name,level,time_zone\nS,Site,site,Mars/Olympus\n")


def test_zones_and_conduits(run):
    run("locations", TREE)
    run(
        "zones",
        'code,name,site,purdue_level,sl_target\nZ1,Control,NF,2,"2,2,2,1,2,1,2"\nZ2,DMZ,NF,3.5,\n',
    )

    run("conduits", "code,name,from_zone,to_zone,protocols\nC1,OPC,Z1,Z2,OPC UA;TLS\n")

    assert Zone.objects.get(code="Z2").purdue_level == "3.5"
    assert Conduit.objects.get().protocols == ["OPC UA", "TLS"]


def test_a_security_vector_has_seven_levels(run):
    run("locations", TREE)

    with pytest.raises(ImportRefusedError, match="seven levels"):
        run("zones", 'code,name,site,purdue_level,sl_target\nZ1,Control,NF,2,"2,2"\n')


def test_a_conduit_joins_two_different_zones(run):
    run("locations", TREE)
    run("zones", "code,name,site,purdue_level\nZ1,Control,NF,2\n")

    with pytest.raises(ImportRefusedError, match="two different zones"):
        run("conduits", "code,name,from_zone,to_zone\nC1,Loop,Z1,Z1\n")
