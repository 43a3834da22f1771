"""The demonstration plant as files: complete, consistent, and flawed where it is meant to be."""

import csv
import ipaddress
import itertools
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.demo.naive_impact import Row, outage

ROOT = Path(__file__).resolve().parents[2]
PLANT = ROOT / "demo" / "plant"
KEYS = {
    "organisations": ["slug"],
    "item_classes": ["slug"],
    "products": ["vendor", "model"],
    "locations": ["code"],
    "zones": ["code"],
    "conduits": ["code"],
    "teams": ["code"],
    "people": ["employee_number"],
    "systems": ["code"],
    "assets": ["code"],
    "relations": ["source", "relation_class", "target", "protocol"],
    "activities": ["code"],
    "roles": ["code"],
    "role_holders": ["role", "holder", "location", "valid_from"],
    "absences": ["person", "starts_at"],
    "raci": [
        "activity",
        "letter",
        "role",
        "scope",
        "selector_class",
        "selector_purdue",
        "selector_criticality",
        "selector_tag",
        "valid_from",
    ],
    "service_levels": ["scope", "valid_from"],
}
AT_LEAST = {"systems": 35, "assets": 800, "relations": 2500, "people": 60, "teams": 12}
UNKNOWN_ENDS = {"S-EXT-TMS", "SB-PRS-L1-TEACHBOX", "LEGACY-OPC-03"}
UNOWNED = {"S-HW-IIOT", "S-NF-EMS", "S-NF-FILE", "S-SB-CMM", "S-SB-DNC"}


def rows(kind: str) -> list[Row]:
    with (PLANT / f"{kind}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def column(kind: str, name: str) -> set[str]:
    return {row[name] for row in rows(kind)}


def all_items() -> dict[str, Row]:
    return {row["code"]: row for kind in ("systems", "assets") for row in rows(kind)}


def crossings() -> dict[frozenset[str], list[Row]]:
    """Relations by the pair of zones they cross."""
    items, result = all_items(), defaultdict(list)
    for row in rows("relations"):
        ends = [items.get(row["source"]), items.get(row["target"])]
        zones = frozenset(end["zone"] for end in ends if end)
        if len(zones) == 2 and "" not in zones:
            result[zones].append(row)
    return result


def test_the_generator_writes_the_committed_files(tmp_path: Path):
    script = ROOT / "scripts" / "write_demo_plant.py"
    subprocess.run([sys.executable, script, "--out", tmp_path], check=True, capture_output=True)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in PLANT.glob("*.csv")}


def test_there_is_a_file_for_each_kind_and_they_stay_small():
    assert {path.stem for path in PLANT.glob("*.csv")} == set(KEYS)
    assert sum(path.stat().st_size for path in PLANT.glob("*.csv")) < 1_500_000


@pytest.mark.parametrize("kind", KEYS)
def test_natural_keys_are_unique(kind: str):
    counted = Counter(tuple(row[name] for name in KEYS[kind]) for row in rows(kind))
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(("kind", "least"), AT_LEAST.items())
def test_the_plant_is_as_large_as_promised(kind: str, least: int):
    assert len(rows(kind)) >= least


def test_every_relation_class_is_used():
    classes = Counter(row["relation_class"] for row in rows("relations"))
    assert min(classes.values()) >= 40
    assert len(classes) == 8


@pytest.mark.parametrize(
    ("kind", "name", "target", "key"),
    [
        ("products", "vendor", "organisations", "slug"),
        ("locations", "parent", "locations", "code"),
        ("zones", "site", "locations", "code"),
        ("conduits", "from_zone", "zones", "code"),
        ("conduits", "to_zone", "zones", "code"),
        ("teams", "parent", "teams", "code"),
        ("teams", "organisation", "organisations", "slug"),
        ("people", "site", "locations", "code"),
        ("people", "organisation", "organisations", "slug"),
        ("activities", "parent", "activities", "code"),
        ("role_holders", "role", "roles", "code"),
        ("role_holders", "location", "locations", "code"),
        ("absences", "person", "people", "employee_number"),
        ("absences", "deputy", "people", "employee_number"),
        ("raci", "role", "roles", "code"),
        ("raci", "activity", "activities", "code"),
        *[
            (kind, name, target, key)
            for kind in ("assets", "systems")
            for name, target, key in (
                ("location", "locations", "code"),
                ("zone", "zones", "code"),
                ("system", "systems", "code"),
                ("vendor", "organisations", "slug"),
            )
        ],
    ],
)
def test_references_resolve(kind: str, name: str, target: str, key: str):
    assert column(kind, name) - {""} <= column(target, key)


def test_products_of_items_and_teams_of_people_exist():
    known = {(row["vendor"], row["model"]) for row in rows("products")}
    used = {(row["vendor"], row["model"]) for row in all_items().values() if row["model"]}
    assert used <= known
    teams = {team for value in column("people", "teams") for team in value.split(";") if team}
    assert teams <= column("teams", "code")


def test_scopes_and_holders_name_what_exists():
    known = {
        "location": column("locations", "code"),
        "zone": column("zones", "code"),
        "item": set(all_items()),
        "person": column("people", "employee_number"),
        "team": column("teams", "code"),
    }
    named = column("raci", "scope") | column("service_levels", "scope")
    for reference in (named - {"enterprise"}) | column("role_holders", "holder"):
        kind, code = reference.split(":")
        assert code in known[kind], reference


@pytest.mark.parametrize(
    ("kind", "key"), [("locations", "code"), ("activities", "code"), ("teams", "code")]
)
def test_trees_have_no_cycle_and_parents_come_first(kind: str, key: str):
    seen = {""}
    for row in rows(kind):
        assert row["parent"] in seen, row
        seen.add(row[key])


def test_addresses_are_unique_and_a_subnet_belongs_to_one_zone():
    items = [row for row in rows("assets") if row["network_address"]]
    counted = Counter(row["network_address"] for row in items)
    assert [address for address, count in counted.items() if count > 1] == []
    zones = defaultdict(set)
    for row in items:
        address = ipaddress.ip_address(row["network_address"])
        assert address.is_private
        zones[row["network_address"].rpartition(".")[0]].add(row["zone"])
    assert {subnet: found for subnet, found in zones.items() if len(found) > 1} == {}


def test_a_redundancy_group_has_one_class_one_k_and_more_members_than_k():
    groups = defaultdict(list)
    for row in rows("relations"):
        if row["redundancy_group"]:
            forward = row["relation_class"] not in {"feeds_data", "controls", "member_of"}
            dependent = row["source"] if forward else row["target"]
            groups[dependent, row["redundancy_group"]].append(row)
    for key, members in groups.items():
        assert len({(row["relation_class"], row["required"]) for row in members}) == 1, key
        assert len(members) > int(members[0]["required"] or 1), key
    undeclared = {name for (_, name), members in groups.items() if not members[0]["required"]}
    assert undeclared == {"Radio coverage", "Licence servers", "Indexers"}


def test_every_site_has_a_safety_zone_and_all_purdue_levels_are_there():
    zones = rows("zones")
    assert {row["site"] for row in zones if row["is_safety"] == "true"} == {"NF", "SB"}
    assert {row["purdue_level"] for row in zones} == {"0", "1", "2", "3", "3.5", "4", "5"}
    vectors = [row[name] for row in zones for name in ("sl_target", "sl_capable", "sl_achieved")]
    assert {len(vector.split(",")) for vector in vectors} == {7}


def test_devices_stand_at_the_purdue_level_of_their_kind():
    levels = {row["code"]: row["purdue_level"] for row in rows("zones")}
    expected = {"plc": {"1"}, "safety-plc": {"1"}, "drive": {"0"}, "hypervisor-host": {"3", "4"}}
    for row in rows("assets"):
        allowed = expected.get(row["item_class"])
        assert allowed is None or levels[row["zone"]] in allowed, row["code"]
    safety = {row["zone"] for row in rows("assets") if row["item_class"] == "safety-plc"}
    assert safety == {"NF-Z-SAF", "SB-Z-SAF"}


def test_the_board_has_five_to_seven_members_and_the_cast_is_in_place():
    people = {row["employee_number"]: row for row in rows("people")}
    board = [row for row in people.values() if "ARB" in row["teams"].split(";")]
    assert 5 <= len(board) <= 7
    assert people["E1001"]["name"] == "Ingrid Aalto"
    assert people["E1005"]["name"] == "Rosa Delgado"
    assert people["E1009"]["site"] == "SB"
    assert {row["kind"] for row in rows("teams")} == {"team", "board", "vendor"}


def test_relations_end_in_known_items_but_for_three():
    known = set(all_items())
    ends = column("relations", "source") | column("relations", "target")
    assert ends - known == UNKNOWN_ENDS


def test_crossings_have_a_conduit_but_for_three():
    declared = {frozenset((row["from_zone"], row["to_zone"])) for row in rows("conduits")}
    undeclared = {pair: found for pair, found in crossings().items() if pair not in declared}
    assert {tuple(sorted(pair)) for pair in undeclared} == {
        ("HW-Z-INT", "SB-Z-PNT"),
        ("NF-Z-ENT", "NF-Z-FIL"),
        ("NF-Z-FLD", "NF-Z-INF"),
    }


def matches(rule: Row, item: Row) -> bool:
    """Whether an assignment reaches a system, without specificity."""
    levels = {row["code"]: row["purdue_level"] for row in rows("zones")}
    kind, _, code = rule["scope"].partition(":")
    location = item["location"]
    in_scope = {
        "enterprise": True,
        "location": location == code or location.startswith(f"{code}-"),
        "zone": item["zone"] == code,
        "item": item["code"] == code,
    }[kind]
    return (
        in_scope
        and rule["selector_class"] in {"", item["item_class"]}
        and rule["selector_purdue"] in {"", levels[item["zone"]]}
        and rule["selector_criticality"] in {"", item["criticality"]}
        and (not rule["selector_tag"] or rule["selector_tag"] in item["tags"].split(";"))
    )


def accountable_for_change(item: Row) -> set[tuple[str, str]]:
    rules = [row for row in rows("raci") if (row["activity"], row["letter"]) == ("change", "A")]
    return {(rule["scope"], rule["role"]) for rule in rules if matches(rule, item)}


def test_only_one_role_is_accountable_per_activity_scope_and_selector():
    selectors = [name for name in KEYS["raci"] if name.startswith("selector_")]
    rules = [row for row in rows("raci") if row["letter"] == "A"]
    counted = Counter((r["activity"], r["scope"], *(r[name] for name in selectors)) for r in rules)
    assert [key for key, count in counted.items() if count > 1] == []


def test_five_systems_have_nobody_accountable_for_change():
    unowned = {row["code"] for row in rows("systems") if not accountable_for_change(row)}
    assert unowned == UNOWNED


def test_the_batch_system_has_two_accountable_roles_of_the_same_rank():
    batch = next(row for row in rows("systems") if row["code"] == "S-NF-BATCH")
    assert accountable_for_change(batch) == {
        ("location:NF", "OT-MGR"),
        ("location:NF", "QUALITY-MGR"),
    }


def test_two_roles_are_vacant():
    active = {row["employee_number"] for row in rows("people") if row["is_active"] == "true"}
    held = {
        row["role"]
        for row in rows("role_holders")
        if row["holder"].startswith("team:") or row["holder"][7:] in active
    }
    assert column("roles", "code") - held == {"OT-SEC", "ENERGY-MGR"}


def test_a_share_of_the_firmware_is_stale():
    wanted = {
        (row["vendor"], row["model"]): row["recommended_firmware"] for row in rows("products")
    }
    items = [row for row in rows("assets") if row["model"]]
    stale = [row for row in items if row["firmware_version"] != wanted[row["vendor"], row["model"]]]
    assert 0.05 < len(stale) / len(items) < 0.3


def test_a_retired_server_is_still_needed():
    items = all_items()
    assert items["SB-OPC-VM00"]["status"] == "retired"
    users = {
        row["source"]
        for row in rows("relations")
        if (row["target"], row["relation_class"]) == ("SB-OPC-VM00", "depends_on")
    }
    assert {items[code]["status"] for code in users} == {"active"}


def test_cameras_belong_to_no_system():
    cameras = [row for row in rows("assets") if row["item_class"] == "camera"]
    assert cameras
    assert {row["system"] for row in cameras} == {""}


@pytest.mark.parametrize("target", ["NF-SRA-HV09", "NF-SRA-UPS03"])
def test_the_redundant_scada_servers_fall_together(target: str):
    state = outage(rows("relations"), [target], "power_off")
    assert state["S-NF-SCADA"] == "down"


def test_one_ups_takes_both_wincc_servers_though_they_stand_in_two_rooms():
    state = outage(rows("relations"), ["SB-SRA-UPS01"], "power_off")
    assert state["SB-SRA-SRV01"] == state["SB-SRB-SRV02"] == state["S-SB-SCADA"] == "down"


def stopped_lines(state: dict[str, str]) -> set[str]:
    items = all_items()
    down = [items[code] for code, found in state.items() if found == "down" and code in items]
    return {"-".join(i["location"].split("-")[:3]) for i in down if i["stops_line"] == "true"}


def test_rebooting_the_core_of_northfield_stops_some_lines_in_all_four_ways():
    state = outage(rows("relations"), ["NF-NET-CSW01"], "reboot")
    assert 60 <= len(state) <= 200
    assert set(state.values()) == {"down", "degraded", "redundancy_lost", "unknown"}
    assert stopped_lines(state) == {"NF-FIL-L3", "NF-WHS-L1", "NF-WHS-L2"}
    assert state["S-NF-MES"] == state["S-NF-SCADA"] == "degraded"
    assert not UNOWNED & set(state)


def test_rebooting_the_core_of_stahlbach_stops_assembly_but_not_the_presses():
    state = outage(rows("relations"), ["SB-NET-CSW01"], "reboot")
    assert 60 <= len(state) <= 200
    assert set(state.values()) == {"down", "degraded", "redundancy_lost", "unknown"}
    assert stopped_lines(state) == {"SB-ASM-L1", "SB-ASM-L2"}


def test_losing_the_mes_degrades_the_lines_and_stops_none():
    state = outage(rows("relations"), ["S-NF-MES"], "power_off")
    assert state["S-NF-FIL-L1-CTL"] == "degraded"
    assert stopped_lines(state) == set()


def test_losing_a_line_controller_stops_its_line_only():
    state = outage(rows("relations"), ["NF-FIL-L1-PLC01"], "power_off")
    assert stopped_lines(state) == {"NF-FIL-L1"}


def test_a_ring_survives_the_loss_of_one_switch():
    state = outage(rows("relations"), ["NF-FIL-L1-SW04"], "power_off")
    assert state["NF-FIL-L1-SW01"] == state["NF-FIL-L1-SW03"] == "redundancy_lost"


@pytest.mark.parametrize("kind", ["assets", "systems", "locations"])
def test_no_name_says_a_word_twice_in_a_row(kind):
    doubled = []
    for row in rows(kind):
        words = row["name"].lower().split()
        if any(first == second for first, second in itertools.pairwise(words)):
            doubled.append(row["name"])
    assert not doubled
