"""nmap's command line: constants and checked values, and nothing a person, file or device writes."""

import itertools

import pytest

from discovery.collectors.nmap_command import SCRIPTS, SECONDS, BadCommandError, command
from discovery.rules.probes import CONTROL_PORTS, VERSION_PORTS, Request

HOSTILE = (
    "127.0.0.1 -oN /tmp/x",
    "127.0.0.1\n-oN\n/tmp/x",
    "127.0.0.1\x00",
    "--script=vuln",
    "-iL /etc/passwd",
    "--resume=/tmp/x",
    "plc1.example.org",
    "localhost",
    "127.0.0.1,2",
    "127.0.0.1-9",
    "127.0.0.0/24",
    "127.0.0.*",
    "$(id)",
    "fe80::1%eth0",
    "0x7f.1",
    "",
)
FORBIDDEN = frozenset({"-O", "-A", "-sU", "-sS", "-f", "-ff", "--mtu", "-T4", "-T5", "-sC", "-iL"})
PORTS = {
    Request.HOST_ALIVE: (),
    Request.TCP_CONNECT: (22, 80),
    Request.MODBUS_IDENTIFY: (502,),
    Request.S7_READ_SZL: (102,),
    Request.ENIP_LIST_IDENTITY: (44818,),
    Request.SERVICE_VERSION: (22,),
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("request_", PORTS, ids=str)
def test_what_is_no_address_never_becomes_an_argument(text, request_):
    with pytest.raises(ValueError, match="is not an address"):
        command(request_, text, PORTS[request_], is_privileged=True)


@pytest.mark.parametrize("port", ["22", "22 -A", 0, 65_536, -1, True, 22.0, None, "T:22"])
def test_what_is_no_port_is_refused_by_name(port):
    with pytest.raises(BadCommandError, match="is no TCP port"):
        command(Request.TCP_CONNECT, "127.0.0.1", [port], is_privileged=True)


@pytest.mark.parametrize("request_", [Request.SNMP_READ, Request.BACNET_WHO_IS])
def test_what_nmap_is_not_used_for_is_refused(request_):
    with pytest.raises(BadCommandError, match="none of nmap's requests"):
        command(request_, "127.0.0.1", [161], is_privileged=True)


@pytest.mark.parametrize("is_privileged", [True, False])
@pytest.mark.parametrize("request_", PORTS, ids=str)
def test_no_command_holds_what_is_forbidden(request_, is_privileged):
    if request_ is Request.HOST_ALIVE and not is_privileged:
        with pytest.raises(BadCommandError, match="only root"):
            command(request_, "127.0.0.1", (), is_privileged=False)
        return
    line = command(request_, "127.0.0.1", PORTS[request_], is_privileged=is_privileged)
    assert not FORBIDDEN & set(line)
    assert ("-sV" in line) == (request_ is Request.SERVICE_VERSION)
    assert line[-1] == "127.0.0.1"
    assert line[line.index("--max-retries") + 1] == "0"
    assert "-n" in line
    assert ("-Pn" in line) == (request_ is not Request.HOST_ALIVE)
    scripts = [after for word, after in itertools.pairwise(line) if word == "--script"]
    assert scripts == ([SCRIPTS[request_]] if request_ in SCRIPTS else [])
    assert "--script-args" not in line


def test_the_scripts_are_single_ones_and_none_of_a_category():
    assert set(SCRIPTS) == {
        Request.MODBUS_IDENTIFY,
        Request.S7_READ_SZL,
        Request.ENIP_LIST_IDENTITY,
    }
    for script in SCRIPTS.values():
        name = script.rpartition("/")[2].removesuffix(".nse")
        assert name in {"raceway-modbus", "s7-info", "enip-info"}


@pytest.mark.parametrize("port", sorted(CONTROL_PORTS))
def test_versions_are_never_asked_for_on_ports_of_control_equipment(port):
    assert port not in VERSION_PORTS
    with pytest.raises(BadCommandError, match=f"control equipment: {port}"):
        command(Request.SERVICE_VERSION, "127.0.0.1", [22, port], is_privileged=True)


def test_everything_but_bare_connections_in_it_goes_gently():
    for request_ in set(SECONDS) - {Request.SERVICE_VERSION}:
        line = command(request_, "127.0.0.1", PORTS[request_][:1], is_privileged=True)
        assert "-T2" in line


def test_an_address_of_version_six_is_asked_as_such():
    line = command(Request.TCP_CONNECT, "::1", [22], is_privileged=True)
    assert "-6" in line
    assert line[-1] == "::1"
