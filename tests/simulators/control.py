"""Control systems on loopback addresses, each at the port the real ones have, with a count of connections."""

import asyncio
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

NMAP = shutil.which("nmap")


def _may_bind() -> bool:
    with socket.socket() as plain:
        try:
            plain.bind(("127.60.255.254", 102))
        except OSError:
            return False
    return True


needs_nmap = pytest.mark.skipif(NMAP is None, reason="nmap is not installed")
needs_low_ports = pytest.mark.skipif(
    not _may_bind(), reason="ports under 1024 may not be bound on 127.60.255.254 here"
)
#: Control systems stand at the ports the real ones have, where two workers of a test run would meet.
one_at_a_time = pytest.mark.alone("control-systems")


@dataclass
class Counted:
    """What came to a simulated device: connections taken, requests by name, in order."""

    connections: int = 0
    closed: int = 0
    requests: list[str] = field(default_factory=list)


Server = Callable[[str, Counted], AbstractAsyncContextManager[None]]


@contextmanager
def serving(**servers: tuple[str, Server]) -> Iterator[dict[str, Counted]]:
    """Serve devices, name=(address, server), on a loop of their own; yield what comes to each."""
    counts = {name: Counted() for name in servers}
    ready, ended = threading.Event(), threading.Event()
    broken: list[BaseException] = []

    async def serve() -> None:
        async with asyncio.TaskGroup() as group:
            opened = [
                group.create_task(_hold(server(address, counts[name]), started, ended))
                for name, (address, server) in servers.items()
                for started in [asyncio.Event()]
                if begun.append(started) is None
            ]
            await asyncio.gather(*(one.wait() for one in begun))
            ready.set()
            await asyncio.gather(*opened)

    begun: list[asyncio.Event] = []

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - told to the test below
            broken.append(error)
            ready.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(30)
    if broken:
        raise broken[0]
    try:
        yield counts
    finally:
        ended.set()
        thread.join(10)


async def _hold(
    server: AbstractAsyncContextManager[None], started: asyncio.Event, ended: threading.Event
) -> None:
    async with server:
        started.set()
        while not ended.is_set():
            await asyncio.sleep(0.05)


def modbus(
    vendor: str = "Schneider Electric", product: str = "BMX P34 2020", revision: str = "v2.90"
) -> Server:
    """Return a Modbus/TCP server with a device identification (pymodbus)."""
    from pymodbus import ModbusDeviceIdentification  # noqa: PLC0415 - tests only
    from pymodbus.server import ModbusTcpServer  # noqa: PLC0415
    from pymodbus.simulator import DataType, SimData, SimDevice  # noqa: PLC0415

    @asynccontextmanager
    async def server(address: str, counted: Counted) -> AsyncIterator[None]:
        def connected(is_up: bool) -> None:
            counted.connections += is_up
            counted.closed += not is_up

        def seen(is_sent: bool, pdu: Any) -> Any:
            if not is_sent:
                counted.requests.append(type(pdu).__name__)
            return pdu

        names = {"VendorName": vendor, "ProductCode": product, "MajorMinorRevision": revision}
        one = ModbusTcpServer(
            SimDevice(1, simdata=[SimData(0, count=4, values=7, datatype=DataType.REGISTERS)]),
            identity=ModbusDeviceIdentification(info_name=names),
            address=(address, 502),
            trace_connect=connected,
            trace_pdu=seen,
        )
        await one.serve_forever(background=True)
        try:
            yield
        finally:
            await one.shutdown()

    return server


def s7() -> Server:
    """Return an S7 server, a CPU 315-2 PN/DP (snap7)."""
    from snap7.server import Server as Snap7  # noqa: PLC0415

    @asynccontextmanager
    async def server(address: str, _counted: Counted) -> AsyncIterator[None]:
        one = Snap7(log=False)
        await asyncio.to_thread(one.start_to, address, 102)
        try:
            yield
        finally:
            await asyncio.to_thread(one.stop)
            one.destroy()

    return server


def enip() -> Server:
    """Return an EtherNet/IP controller, a 1756-L61 (cpppo)."""
    from cpppo.dotdict import apidict  # noqa: PLC0415
    from cpppo.server.enip.main import main  # noqa: PLC0415

    @asynccontextmanager
    async def server(address: str, _counted: Counted) -> AsyncIterator[None]:
        control = apidict(timeout=1.0)
        control.update({"done": False})
        argv = ["--no-config", "--no-udp", "-a", f"{address}:44818", "SPEED=INT[4]"]
        thread = threading.Thread(
            target=main, kwargs={"argv": argv, "server": {"control": control}}, daemon=True
        )
        thread.start()
        await asyncio.to_thread(_wait_for, address, 44818)
        try:
            yield
        finally:
            control["done"] = True
            await asyncio.to_thread(thread.join, 5)

    return server


def opcua(
    name: str = "SIMATIC.S7-1500.OPC-UA.Application",
    product: str = "https://www.siemens.com/s7-1500",
) -> Server:
    """Return an OPC UA server (asyncua) that counts the services it is asked for."""
    from asyncua import Server as UaServer  # noqa: PLC0415
    from asyncua.server import uaprocessor  # noqa: PLC0415

    @asynccontextmanager
    async def server(address: str, counted: Counted) -> AsyncIterator[None]:
        one = UaServer()
        await one.init()
        one.set_endpoint(f"opc.tcp://{address}:4840/plant/")
        one.set_server_name(name)
        one.product_uri = product
        plain = uaprocessor.UaProcessor.process_message

        async def counting(processor: Any, header: Any, body: Any) -> bool:
            from asyncua import ua  # noqa: PLC0415

            kind = ua.uatypes.extension_objects_by_typeid.get(_type_of(body))
            counted.requests.append(getattr(kind, "__name__", "unknown"))
            return await plain(processor, header, body)

        uaprocessor.UaProcessor.process_message = counting
        try:
            async with one:
                yield
        finally:
            uaprocessor.UaProcessor.process_message = plain

    return server


def _type_of(body: Any) -> Any:
    from asyncua.ua.ua_binary import nodeid_from_binary  # noqa: PLC0415

    return nodeid_from_binary(body.copy())


def plain_port(
    port: int, answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> Server:
    """Return a server of our own at a port: it takes a connection and does as `answer` says."""

    @asynccontextmanager
    async def server(address: str, counted: Counted) -> AsyncIterator[None]:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            counted.connections += 1
            try:
                await answer(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                counted.closed += 1
                writer.close()

        one = await asyncio.start_server(connected, address, port)
        try:
            yield
        finally:
            one.close()

    return server


async def silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Take everything and answer nothing, until the other side closes."""
    while await reader.read(1024):
        pass


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close the connection at the first question."""
    await reader.read(1024)
    writer.transport.abort()


def banner(text: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Return an answer that greets."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()
        await silence(reader, writer)

    return answer


def _wait_for(address: str, port: int) -> None:
    for _attempt in range(100):
        try:
            socket.create_connection((address, port), 0.2).close()
        except OSError:
            threading.Event().wait(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens at {address}:{port}")
