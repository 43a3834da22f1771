"""Cables become relations between the devices at their far ends. Drawings: [device] <panel> (circuit)."""

import pytest

from assets.imports.netbox import map_records
from assets.imports.netbox.tracing import Tracer
from tests.netbox.topology import Topology


@pytest.fixture
def net():
    return Topology()


def relations(net):
    rows = map_records(net.records).rows.by_kind.get("relations", [])
    names = {f"NB-DEV-{pk}": row["name"] for pk, row in net.records.all("dcim.device")}
    names |= {f"NB-CIR-{pk}": row["cid"] for pk, row in net.records.all("circuits.circuit")}
    return {
        (names.get(row["source"]), row["relation_class"], names.get(row["target"])): row
        for row in rows
        if row["source"] in names
    }


def account(net, model):
    return next(line for line in map_records(net.records).account() if line["model"] == model)


def test_a_server_depends_on_the_switch_whichever_end_the_cable_starts(net):
    """[switch] --- [server]"""
    switch, server = net.device("switch", "access-switch"), net.device("server")
    net.cable(net.port(switch, "1"), net.port(server, "eth0"))

    (row,) = relations(net).values()
    assert (row["source"], row["target"]) == (f"NB-DEV-{server}", f"NB-DEV-{switch}")
    assert row["note"] == "eth0 - 1"


def test_an_access_switch_depends_on_the_core_and_the_core_on_the_router(net):
    """[access] --- [core] --- [router]"""
    access, core = net.device("access", "access-switch"), net.device("core", "core-switch")
    router = net.device("router", "router")
    net.cable(net.port(core, "1"), net.port(access, "1"))
    net.cable(net.port(router, "1"), net.port(core, "2"))

    assert set(relations(net)) == {
        ("access", "connects_via", "core"),
        ("core", "connects_via", "router"),
    }


def test_follows_a_cable_through_two_patch_panels(net):
    """[server] --- f1<P1>r === r<P2>f1 --- [switch]"""
    server, switch = net.device("server"), net.device("switch", "access-switch")
    (front1,), rear1 = net.panel("P1")
    (front2,), rear2 = net.panel("P2")
    net.cable(net.port(server, "eth0"), front1)
    net.cable(rear1, rear2)
    net.cable(front2, net.port(switch, "1"))

    found = set(relations(net))
    assert ("server", "connects_via", "switch") in found
    assert {("server", "connects_via", "P1"), ("switch", "connects_via", "P2")} <= found
    assert account(net, "dcim.cable")["mapped"] == 3


def test_a_trunk_is_left_at_the_position_it_was_entered_by(net):
    """[s1] --- f1<P1>           <P2>f1 --- [w1]
    [s2] --- f2<P1>r ===== r<P2>f2 --- [w2]"""
    fronts1, rear1 = net.panel("P1", positions=2)
    fronts2, rear2 = net.panel("P2", positions=2)
    net.cable(rear1, rear2)
    for n in (0, 1):
        net.cable(net.port(net.device(f"s{n + 1}"), "eth0"), fronts1[n])
        net.cable(net.port(net.device(f"w{n + 1}", "access-switch"), "1"), fronts2[n])

    found = set(relations(net))
    assert {("s1", "connects_via", "w1"), ("s2", "connects_via", "w2")} <= found
    assert ("s1", "connects_via", "w2") not in found


def test_goes_on_over_a_circuit_and_both_ends_depend_on_it(net):
    """[r1] --- (circuit) --- [r2]"""
    r1, r2 = net.device("r1", "router"), net.device("r2", "router")
    a, z = net.circuit("MPLS-1")
    net.cable(net.port(r1, "wan"), a)
    net.cable(z, net.port(r2, "wan"))

    assert set(relations(net)) == {
        ("r1", "connects_via", "r2"),
        ("r1", "connects_via", "MPLS-1"),
        ("r2", "connects_via", "MPLS-1"),
    }


def test_a_trunk_keeps_its_position_across_a_circuit(net):
    """[s1] --- f1<P1>r --- (C) --- r<P2>f1 --- [w1];  f2 on both sides: s2 and w2"""
    fronts1, rear1 = net.panel("P1", positions=2)
    fronts2, rear2 = net.panel("P2", positions=2)
    a, z = net.circuit("C")
    net.cable(rear1, a)
    net.cable(z, rear2)
    for n in (0, 1):
        net.cable(net.port(net.device(f"s{n + 1}"), "eth0"), fronts1[n])
        net.cable(net.port(net.device(f"w{n + 1}", "access-switch"), "1"), fronts2[n])

    found = set(relations(net))
    assert {("s1", "connects_via", "w1"), ("s2", "connects_via", "w2")} <= found
    assert ("s2", "connects_via", "w1") not in found


def test_a_circuit_to_nowhere_is_still_depended_on(net):
    """[r1] --- (circuit)"""
    a, _z = net.circuit("INET")
    net.cable(net.port(net.device("r1", "router"), "wan"), a)

    assert set(relations(net)) == {("r1", "connects_via", "INET")}


def test_a_cable_that_ends_in_a_panel_is_accounted_for_as_leading_nowhere(net):
    """[server] --- f1<P1>"""
    (front,), _rear = net.panel("P1")
    net.cable(net.port(net.device("server"), "eth0"), front)

    assert relations(net) == {}
    assert account(net, "dcim.cable")["not_mapped"] == {"leads to no device at its far end": 1}


def test_a_planned_cable_is_no_relation_yet(net):
    net.cable(
        net.port(net.device("a"), "1"), net.port(net.device("b", "router"), "1"), status="planned"
    )

    assert relations(net) == {}
    assert account(net, "dcim.cable")["not_mapped"] == {"is planned, not connected": 1}


def test_two_uplinks_are_a_group_without_a_declared_number(net):
    server = net.device("server")
    for name in ("sw1", "sw2"):
        net.cable(net.port(server, name), net.port(net.device(name, "access-switch"), "1"))

    rows = relations(net).values()
    assert {row["redundancy_group"] for row in rows} == {"uplinks"}
    assert all("required" not in row for row in rows)


def test_two_cables_between_the_same_devices_are_one_relation(net):
    server, switch = net.device("server"), net.device("switch", "access-switch")
    for n in "12":
        net.cable(net.port(server, f"eth{n}"), net.port(switch, n))

    (row,) = relations(net).values()
    assert row["note"] == "eth1 - 1; eth2 - 2"
    assert "redundancy_group" not in row
    assert account(net, "dcim.cable")["mapped"] == 2


def test_power_runs_from_the_taker_to_the_giver(net):
    """[server]PSU --- outlet[PDU]in --- feed"""
    server, pdu = net.device("server"), net.device("pdu", "pdu")
    net.records.add("dcim.powerpanel", 1, {"name": "Panel", "site": 1})
    net.records.add("dcim.powerfeed", 7, {"name": "Feed", "power_panel": 1, "status": "active"})
    net.cable(net.port(pdu, "o1", "dcim.poweroutlet"), net.port(server, "PSU1", "dcim.powerport"))
    net.cable(net.port(pdu, "in", "dcim.powerport"), ("dcim.powerfeed", 7))

    rows = map_records(net.records).rows.by_kind["relations"]
    assert {(row["source"], row["relation_class"], row["target"]) for row in rows} == {
        (f"NB-DEV-{server}", "powered_by", f"NB-DEV-{pdu}"),
        (f"NB-DEV-{pdu}", "powered_by", "NB-PF-7"),
        ("NB-PF-7", "powered_by", "NB-PP-1"),
    }


def test_a_console_cable_carries_no_dependency(net):
    net.cable(
        net.port(net.device("router", "router"), "con", "dcim.consoleport"),
        net.port(net.device("ts"), "1", "dcim.consoleserverport"),
    )

    assert relations(net) == {}
    assert "console" in next(iter(account(net, "dcim.cable")["not_mapped"]))


def test_a_loop_of_cables_ends(net):
    """f1<P1>r === r<P1'>: a panel patched onto itself"""
    (front1,), rear1 = net.panel("P1")
    (front2,), rear2 = net.panel("P2")
    net.cable(rear1, rear2)
    net.cable(front1, front2)

    assert list(Tracer(net.records).paths()) == []


def test_machines_run_on_their_cluster_and_the_cluster_needs_its_hosts(net):
    net.records.add("virtualization.cluster", 1, {"name": "vSphere", "type": None, "site": 1})
    hosts = [net.device(f"esx{n}", cluster=1) for n in (1, 2)]
    net.records.add("virtualization.virtualmachine", 5, {"name": "mes", "cluster": 1})

    rows = map_records(net.records).rows.by_kind["relations"]
    found = {(row["source"], row["relation_class"], row["target"]) for row in rows}
    assert ("NB-VM-5", "runs_on", "NB-CLU-1") in found
    assert {(f"NB-DEV-{pk}", "member_of", "NB-CLU-1") for pk in hosts} <= found
    assert {row.get("redundancy_group") for row in rows if row["relation_class"] == "member_of"} == {"hosts"}  # fmt: skip
