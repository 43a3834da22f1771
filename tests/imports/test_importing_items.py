"""Assets and systems: products, attributes by schema, tags, provenance."""

import pytest

from assets.models import Asset, Relation, System
from common.imports import ImportRefusedError
from evidence.models import LedgerEntry
from tests.factories.assets import AssetFactory, ItemClassFactory, LocationFactory, RelationFactory

SCHEMA = {
    "type": "object",
    "properties": {"axes": {"type": "integer", "minimum": 1}, "safe": {"type": "boolean"}},
    "additionalProperties": False,
}


@pytest.fixture
def plant(db):
    ItemClassFactory(slug="plc")
    ItemClassFactory(slug="cnc", attribute_schema=SCHEMA)
    ItemClassFactory(slug="mes", kind="system")
    return LocationFactory(code="NF")


def test_attributes_are_typed_by_the_schema_of_the_class(run, plant):
    run("assets", "code,name,item_class,attr.axes,attr.safe\nM1,Mill,cnc,5,yes\n")

    assert Asset.objects.get().attributes == {"axes": 5, "safe": True}


def test_attributes_against_the_schema_are_refused(run, plant):
    with pytest.raises(ImportRefusedError) as refusal:
        run(
            "assets",
            "code,name,item_class,attr.axes,attr.colour\nM1,Mill,cnc,0,red\nM2,Mill,cnc,x,\n",
        )

    found = {(error.row, error.column) for error in refusal.value.report.errors}
    assert (2, "attr.axes") in found
    assert (3, "attr.axes") in found
    assert any("'colour'" in error.message for error in refusal.value.report.errors)
    assert not Asset.objects.exists()


def test_an_attribute_column_leaves_the_other_attributes_alone(run, plant):
    run("assets", "code,name,item_class,attr.rack,attr.slot\nP1,PLC,plc,R1,7\n")

    run("assets", "code,attr.slot\nP1,8\n")
    run("assets", "code,attr.rack\nP1,-\n")

    assert Asset.objects.get().attributes == {"slot": "8"}


def test_a_new_class_is_checked_with_the_old_attributes(run, plant):
    run("assets", "code,name,item_class,attr.rack\nP1,PLC,plc,R1\n")

    with pytest.raises(ImportRefusedError, match="not allowed by class 'cnc'"):
        run("assets", "code,item_class\nP1,cnc\n")


def test_vendor_and_model_name_a_product(run, plant):
    run("organisations", "slug,name\nsiemens,Siemens\n")
    run("products", "vendor,model,item_class\nsiemens,S7-1500,plc\n")

    run("assets", "code,name,item_class,vendor,model\nP1,PLC,plc,siemens,S7-1500\n")

    assert Asset.objects.get().product.model == "S7-1500"


def test_an_unknown_product_and_half_a_product_are_refused(run, plant):
    run("organisations", "slug,name\nsiemens,Siemens\n")

    with pytest.raises(ImportRefusedError) as refusal:
        run("assets", "code,name,item_class,vendor,model\nP1,A,plc,siemens,S5\nP2,B,plc,siemens,\n")

    first, second = refusal.value.report.errors
    assert "import it as 'products' first" in first.message
    assert "only together" in second.message


def test_tags_are_made_when_new_and_replaced_as_a_list(run, plant):
    run("assets", "code,name,item_class,tags\nP1,PLC,plc,Safety critical;GxP\n")
    run("assets", "code,tags\nP1,gxp;batch\n")

    assert sorted(Asset.objects.get().tags.values_list("slug", flat=True)) == ["batch", "gxp"]
    entry = LedgerEntry.objects.filter(action="tag").first()
    assert entry.before == {"tags": ["gxp", "safety-critical"]}
    assert entry.after == {"tags": ["batch", "gxp"]}


def test_imported_values_say_where_they_come_from_and_win_over_older_ones(run, plant, now):
    AssetFactory(
        code="P1",
        location=plant,
        firmware_version="1.0",
        provenance={
            "firmware_version": {"source": "manual", "at": "2026-01-01", "confidence": 100}
        },
    )

    report = run("assets", "code,firmware_version\nP1,2.0\n")

    asset = Asset.objects.get()
    assert asset.firmware_version == "2.0"
    assert asset.provenance["firmware_version"] == {
        "source": "import",
        "at": now.isoformat(),
        "confidence": 100,
    }
    assert report.rows[0].changes[0].before == "1.0"


def test_a_code_belongs_to_one_kind(run, plant):
    run("systems", "code,name,item_class\nS1,MES,mes\n")

    with pytest.raises(ImportRefusedError, match="is the code of a system, not of a asset"):
        run("assets", "code,name,item_class\nS1,PLC,plc\n")


def test_the_class_must_be_of_the_kind(run, plant):
    with pytest.raises(ImportRefusedError, match="there is no such asset class"):
        run("assets", "code,name,item_class\nP1,PLC,mes\n")


def test_systems_nest_in_any_order_and_never_in_a_circle(run, plant):
    run("systems", "code,name,item_class,system\nCHILD,Child,mes,TOP\nTOP,Top,mes,\n")

    assert System.objects.get(code="CHILD").system.code == "TOP"
    with pytest.raises(ImportRefusedError, match="a cycle: 'CHILD' is part of 'TOP'"):
        run("systems", "code,system\nTOP,CHILD\n")


def test_a_relation_waiting_for_an_item_is_joined_when_it_arrives(run, plant):
    source = AssetFactory(code="P1", location=plant)
    RelationFactory(source=source, target=None, unresolved_target="P2")

    run("assets", "code,name,item_class,location\nP2,PLC 2,plc,NF\n")

    relation = Relation.objects.get()
    assert (relation.target.code, relation.unresolved_target) == ("P2", "")


def test_a_joined_relation_that_stands_already_is_not_doubled(run, plant):
    source = AssetFactory(code="P1", location=plant)
    RelationFactory(source=source, target=None, unresolved_target="P1")

    run("assets", "code,name,item_class,location\nP2,PLC 2,plc,NF\n")

    assert Relation.objects.get().unresolved_target == "P1"
