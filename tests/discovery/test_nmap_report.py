"""nmap's XML as it is read: what the library loses is there, and no hostile file gets in."""

import shutil
import socket
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from discovery.collectors import nmap_report
from discovery.collectors.nmap_report import BadReportError, OsGuess, read_report

LINE1 = (Path(__file__).parent / "reports" / "line1.xml").read_bytes()
HEAD = '<nmaprun scanner="nmap" args="nmap -sT" version="7.93">'
HOST = '<host><status state="up" reason="echo-reply"/><address addr="10.0.0.1" addrtype="ipv4"/>{}</host>'
TAIL = '<runstats><finished time="1" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>'


def report(*hosts: str, head: str = HEAD, tail: str = TAIL):
    return read_report(f"{head}{''.join(hosts)}{tail}".encode())


def test_hosts_ports_services_and_scripts_are_told():
    told = read_report(LINE1)
    assert told.is_complete
    assert told.version == "7.93"
    assert told.problems == ()
    plc, logix, server, silent = told.hosts
    assert (plc.address, plc.mac, plc.mac_vendor) == (
        "10.20.0.11",
        "00:1c:06:11:22:33",
        "Siemens Numerical Control, Nanjing",
    )
    assert plc.hostnames == ("press-plc1", "press-plc1.plant.example")
    assert plc.seen_at == datetime(2026, 3, 2, 6, 0, 30, tzinfo=UTC)
    assert [(one.port, one.service, one.is_open) for one in plc.ports] == [
        (102, "iso-tsap", True),
        (502, "modbus", True),
    ]
    assert plc.ports[0].scripts[0].get("Serial Number") == "S C-C2UR28922099"
    assert plc.ports[1].scripts[0].elements == (
        ("sid 0x1/Slave ID data", "Example-EX-9\\xFF"),
        ("sid 0x1/Device identification", "Example EX-9 1.2"),
    )
    assert logix.ports[0].scripts[0].get("productName") == "1756-L61/B LOGIX5561"
    assert server.ports[0].product == "OpenSSH"
    assert server.ports[0].version == "9.2p1 Debian 2+deb12u3"
    assert server.ports[0].ostype == "Linux"
    assert not server.ports[1].is_probed
    assert server.os_guesses == (OsGuess("Linux 5.0 - 5.4", 95, "Linux", "Linux"),)
    assert not silent.is_up


def test_what_the_library_loses_is_read_from_the_tree():
    _, logix, server, _ = read_report(LINE1).hosts
    assert logix.addresses == ("10.20.0.12", "fd00:20::12")
    assert [one.id for one in logix.scripts] == ["nbstat"]
    assert server.ports[0].cpe == ("cpe:/a:openbsd:openssh:9.2p1", "cpe:/o:linux:linux_kernel")


def test_a_host_named_twice_is_told_twice():
    told = report(HOST.format(""), HOST.format('<hostnames><hostname name="b"/></hostnames>'))
    assert [one.hostnames for one in told.hosts] == [(), ("b",)]


def test_a_report_broken_off_says_so():
    tail = TAIL.replace('exit="success"', 'exit="error"')
    assert not report(HOST.format(""), tail=tail).is_complete
    assert not report(HOST.format(""), tail="</nmaprun>").is_complete


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("<html/>", "XML of “html”"),
        ('<nmaprun scanner="masscan"/>', "XML of “masscan”"),
        ("# Nmap 7.93 scan initiated", "not whole XML"),
        (HEAD + HOST.format(""), "not whole XML"),
        ('<?xml version="1.0" encoding="utf-32"?>' + HEAD + TAIL, "not whole XML"),
        ('<?xml version="1.0" encoding="no-such"?>' + HEAD + TAIL, "not whole XML"),
        (f'<!DOCTYPE nmaprun SYSTEM "file:///etc/passwd">{HEAD}{TAIL}', "refers to other files"),
        (f'<!DOCTYPE nmaprun [<!ENTITY a "b">]>{HEAD}&a;{TAIL}', "defines entities"),
        (
            f'<!DOCTYPE nmaprun [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}&a;{TAIL}',
            "defines entities",
        ),
        (
            '<!DOCTYPE nmaprun [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
            f"{HEAD}<host>&c;</host>{TAIL}",
            "defines entities",
        ),
        (f"{HEAD}{'<host>' * 40}{'</host>' * 40}{TAIL}", "deeper than 24"),
    ],
)
def test_what_is_no_harmless_report_is_refused_with_the_reason(xml, words):
    with pytest.raises(BadReportError, match=words):
        read_report(xml.encode())


def test_a_report_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(nmap_report, "MOST_BYTES", 100)
    with pytest.raises(BadReportError, match="at most 100 are read"):
        read_report(LINE1)


@pytest.mark.parametrize(("limit", "words"), [("MOST_HOSTS", "2 hosts"), ("MOST_PORTS", "2 ports")])
def test_a_report_that_holds_too_much_is_refused(monkeypatch, limit, words):
    monkeypatch.setattr(nmap_report, limit, 2)
    with pytest.raises(BadReportError, match=words):
        read_report(LINE1)


def test_one_broken_host_does_not_take_the_others_along():
    port = '<port protocol="{}" portid="{}"><state state="open"/></port>'
    ports = port.format("tcp", "70000") + port.format("hostnames", "1") + port.format("tcp", "80")
    told = report(
        '<host><status state="up"/></host>',
        '<host><address addr="--script=x" addrtype="ipv4"/></host>',
        HOST.format(f'<address addr="zz" addrtype="mac"/><ports>{ports}<port/></ports>'),
    )
    assert [[port.port for port in one.ports] for one in told.hosts] == [[80]]
    assert told.hosts[0].mac == ""
    assert told.problems == (
        "Host 1 has no address and was left out.",
        "Host 2: “--script=x” is no address.",
        "Host 2 has no address and was left out.",
        "Host 3: “zz” is no address.",
        "Host 3: “70000” is no port.",
        "Host 3: “1” is no port.",
        "Host 3: “” is no port.",
    )


@pytest.mark.skipif(shutil.which("nmap") is None, reason="nmap is not installed")
def test_a_report_that_nmap_writes_today_is_read():
    with socket.create_server(("127.77.9.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=server.accept, daemon=True).start()
        found = subprocess.run(
            ["nmap", "-n", "-Pn", "-sT", "-p", str(port), "-oX", "-", "127.77.9.1"],
            capture_output=True,
            timeout=60,
            check=True,
        )
    told = read_report(found.stdout)
    assert told.is_complete
    assert [one.address for one in told.hosts] == ["127.77.9.1"]
    assert [(one.port, one.is_open) for one in told.hosts[0].ports] == [(port, True)]
