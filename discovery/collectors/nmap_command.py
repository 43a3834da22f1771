"""nmap's command line for one named request: constants, a checked address and checked ports, nothing else.

No text of a person, a file or a device becomes an argument. What is not in here is never sent: no -O, -A or -sU,
no fragments, no timing above the third, no category of scripts.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from discovery.rules.probes import CONTROL_PORTS, Request
from discovery.rules.targets import address

#: Seconds after which nmap gives an address up, by request; a run may take two more for starting and writing.
SECONDS: Mapping[Request, int] = MappingProxyType(
    {
        Request.HOST_ALIVE: 5,
        Request.TCP_CONNECT: 20,
        Request.MODBUS_IDENTIFY: 15,
        Request.S7_READ_SZL: 15,
        Request.ENIP_LIST_IDENTITY: 15,
        Request.SERVICE_VERSION: 120,
    }
)
#: The read-only scripts that may run, one to a request. nmap runs them on open ports only.
SCRIPTS: Mapping[Request, str] = MappingProxyType(
    {
        Request.MODBUS_IDENTIFY: str(
            Path(__file__).with_name("nmap_scripts") / "raceway-modbus.nse"
        ),
        Request.S7_READ_SZL: "s7-info",
        Request.ENIP_LIST_IDENTITY: "enip-info",
    }
)
_ALWAYS = ("-n", "--max-retries", "0", "--no-stylesheet", "-oX", "-")
#: Shorter than the second after which a kernel sends its SYN again: a silent port costs one frame.
_ONE_KNOCK = ("--initial-rtt-timeout", "900ms", "--max-rtt-timeout", "900ms")
_CONNECT = ("-Pn", "-sT", *_ONE_KNOCK)
_GENTLY, _NORMALLY = "-T2", "-T3"


class BadCommandError(ValueError):
    """A request, address or port that no command is made of; the message names it."""


def command(
    request: Request, one: str, ports: Sequence[int] = (), *, is_privileged: bool
) -> tuple[str, ...]:
    """Return nmap's arguments for a request to one address. Raises BadCommandError, BadTargetError (a ValueError).

    `is_privileged` says that raw sockets may be used; a host check takes one.

    >>> " ".join(command(Request.S7_READ_SZL, "10.1.0.7", [102], is_privileged=True)[9:])
    '-Pn -sT --initial-rtt-timeout 900ms --max-rtt-timeout 900ms -T2 -p 102 --script s7-info --script-timeout 10s 10.1.0.7'
    >>> command(Request.TCP_CONNECT, "10.1.0.7 -oN /tmp/x", [80], is_privileged=True)
    Traceback (most recent call last):
    discovery.rules.targets.BadTargetError: “10.1.0.7 -oN /tmp/x” is not an address like 10.20.0.7 or a block like 10.20.0.0/24.
    """
    target = address(one)
    if request not in SECONDS:
        allowed = ", ".join(one.value for one in SECONDS)
        raise BadCommandError(f"“{request.value}” is none of nmap's requests: {allowed}.")
    return (
        *_ALWAYS,
        "--privileged" if is_privileged else "--unprivileged",
        "--host-timeout",
        f"{SECONDS[request]}s",
        *(("-6",) if target.version == 6 else ()),
        *_what(request, ports, is_privileged),
        str(target),
    )


def _what(request: Request, ports: Sequence[int], is_privileged: bool) -> tuple[str, ...]:
    if request is Request.HOST_ALIVE:
        if ports:
            raise BadCommandError("A host check goes to no port.")
        if not is_privileged:
            raise BadCommandError("A host check takes a raw socket, which only root may open.")
        return ("-sn", "-PE", *_ONE_KNOCK, _GENTLY)
    listed = _listed(ports)
    if request is Request.SERVICE_VERSION:
        _refuse_control(ports)
        return (*_CONNECT, _NORMALLY, "-p", listed, "-sV", "--version-intensity", "0")
    if request is Request.TCP_CONNECT:
        return (*_CONNECT, _NORMALLY if len(ports) > 1 else _GENTLY, "-p", listed)
    wait = f"{SECONDS[request] - 5}s"
    script = SCRIPTS[request]
    return (*_CONNECT, _GENTLY, "-p", listed, "--script", script, "--script-timeout", wait)


def _listed(ports: Sequence[int]) -> str:
    for port in ports:
        if type(port) is not int or not 0 < port < 2**16:
            raise BadCommandError(f"“{port}” is no TCP port: 1 to 65535.")
    if not ports:
        raise BadCommandError("A request needs a port.")
    return ",".join(map(str, ports))


def _refuse_control(ports: Collection[int]) -> None:
    if found := sorted(CONTROL_PORTS & frozenset(ports)):
        listed = ", ".join(map(str, found))
        raise BadCommandError(
            f"Versions are not asked for on ports of control equipment: {listed}."
        )
