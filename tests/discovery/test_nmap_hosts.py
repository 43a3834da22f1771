"""What a host of an nmap report is taken for, and what it is not taken for."""

from pathlib import Path

import pytest

from discovery.collectors.nmap_report import HostReport, PortReport, ScriptReport, read_report
from discovery.identification.hosts import BY_MAC, identity_of, name_told, vendor_told
from discovery.identification.values import Attribute

LINE1 = (Path(__file__).parent / "reports" / "line1.xml").read_bytes()


def host(*scripts: ScriptReport, **given) -> HostReport:
    port = PortReport(502, "tcp", "open", scripts=scripts)
    return HostReport("10.0.0.1", "up", ports=(port,), **given)


def test_control_systems_are_what_they_tell_of_themselves():
    plc, logix, server, _silent = read_report(LINE1).hosts
    found = identity_of(plc)
    assert (found.vendor, found.model, found.version, found.serial, found.item_class) == (
        "Siemens",
        "CPU 315-2 PN/DP",
        "3.2.6",
        "C-C2UR28922099",
        "plc",
    )
    assert name_told(plc) == "PRESS-1"
    found = identity_of(logix)
    assert (found.vendor, found.model, found.version, found.serial, found.item_class) == (
        "Rockwell Automation",
        "1756-L61/B LOGIX5561",
        "20.11",
        "006C061B",
        "plc",
    )
    assert name_told(logix) == ""
    assert identity_of(server).os == "linux"
    assert identity_of(server).serial == identity_of(server).model == ""


def test_the_maker_of_a_network_card_is_not_told_by_the_device():
    found = identity_of(HostReport("10.0.0.1", "up", mac="00:00:bc:01:02:03", mac_vendor="Acme"))
    assert found.vendor == "Acme"
    assert found.findings[Attribute.VENDOR].rule == BY_MAC
    assert vendor_told(found) == ""


def test_a_maker_is_told_by_modbus_only_where_our_rules_know_it():
    known = "sid 0x1/Device identification"
    told = ScriptReport("modbus-discover", "", ((known, "Schneider Electric BMX P34 2020 v2.80"),))
    assert identity_of(host(told)).vendor == "Schneider Electric"
    other = ScriptReport("modbus-discover", "", ((known, "Nobodys PC1 1.2"),))
    assert identity_of(host(other)).findings == {}


@pytest.mark.parametrize("serial", ["0x00000000", "", "0x"])
def test_a_serial_number_of_zeros_is_none(serial):
    told = ScriptReport("enip-info", "", (("vendor", "Acme (9)"), ("serialNumber", serial)))
    assert identity_of(host(told)).serial == ""


def test_a_siemens_protocol_alone_makes_no_siemens():
    told = ScriptReport("s7-info", "", (("Module", "VIPA 315-4NE12"), ("Copyright", "")))
    found = identity_of(host(told))
    assert (found.vendor, found.model) == ("", "VIPA 315-4NE12")
