"""What to read from a device and how much of it at most: data, so that a zone or a rule can change it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from discovery.rules.readings import Oid, oid

ENTERPRISES = oid("1.3.6.1.4.1")


@dataclass(frozen=True, slots=True)
class Table:
    """A conceptual table: its row entry, the columns wanted (none: whatever stands below the entry).

    `is_long` marks tables that grow with the network and not with the device (forwarding, ARP); `rows` bounds a
    column more tightly than the limits do.
    """

    name: str
    entry: Oid
    columns: tuple[int, ...] = ()
    is_long: bool = False
    rows: int | None = None

    @property
    def roots(self) -> tuple[Oid, ...]:
        """Return the names below which to read."""
        return tuple((*self.entry, column) for column in self.columns) or (self.entry,)


@dataclass(frozen=True, slots=True)
class VendorReads:
    """What else to read of devices whose sysObjectID begins with a prefix; () is every device.

    `scalars` are whole names; one that ends in 0 costs no request of its own. `columns` are names below which at
    most `rows` variables are read, if there are any; they may stand in any vendor's tree. `relatives` are scalars
    below the device's own sysObjectID.
    """

    prefix: Oid
    scalars: tuple[Oid, ...] = ()
    columns: tuple[Oid, ...] = ()
    rows: int = 256
    relatives: tuple[Oid, ...] = ()

    def of_device(self, identity: Oid) -> "VendorReads":
        """Return the same with the names below a sysObjectID written out."""
        if not self.relatives:
            return self
        names = tuple((*identity, *relative) for relative in self.relatives)
        return replace(self, scalars=(*self.scalars, *names), relatives=())


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one device is asked.

    `repetitions` and `varbinds` bound one answer, `names` one request; `rows` and `long_rows` one column
    (`long_rows` 0: long tables are left out); `octets`, `requests` and `sample` (variables read of a vendor's tree
    for which there is no rule) one device. `seconds` is the first time-out, `attempts` how often a request is
    sent at most before the device is left alone (OT-safe rule 9), `introductions` how often the first one is.
    """

    repetitions: int = 50
    varbinds: int = 100
    names: int = 60
    rows: int = 4_096
    long_rows: int = 16_384
    octets: int = 4_000_000
    requests: int = 400
    sample: int = 150
    seconds: float = 2.0
    attempts: int = 2
    introductions: int = 2


#: Strong agents behind fast links.
IT_LIMITS = Limits()
#: Weak agents: answers fit one frame, tables stay short, forwarding tables are not walked (OT-safe rule 12).
OT_LIMITS = Limits(
    repetitions=10,
    varbinds=30,
    names=20,
    rows=256,
    long_rows=0,
    octets=400_000,
    requests=90,
    sample=20,
    seconds=3.0,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Scalars, tables and vendor trees to read, in this order, within limits."""

    scalars: tuple[Oid, ...]
    tables: tuple[Table, ...]
    vendors: tuple[VendorReads, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def of_vendor(self, identity: Oid) -> list[VendorReads]:
        """Return what to read besides of a device with this sysObjectID."""
        return [
            reads.of_device(identity)
            for reads in self.vendors
            if identity[: len(reads.prefix)] == reads.prefix
        ]

    def sampled_tree(self, identity: Oid) -> Oid | None:
        """Return the vendor's tree to take a sample of: that of an enterprise for which nothing is planned."""
        size = len(ENTERPRISES) + 1
        if identity[: size - 1] != ENTERPRISES or len(identity) < size or not self.limits.sample:
            return None
        is_planned = any(len(reads.prefix) >= size for reads in self.of_vendor(identity))
        return None if is_planned else identity[:size]

    def tables_to_read(self) -> tuple[Table, ...]:
        """Return the tables that the limits allow."""
        return tuple(table for table in self.tables if self.limits.long_rows or not table.is_long)

    def most_rows(self, table: Table) -> int:
        """Return after how many rows a table is cut."""
        most = self.limits.long_rows if table.is_long else self.limits.rows
        return most if table.rows is None else min(most, table.rows)


def standard_plan(limits: Limits = IT_LIMITS, vendors: Iterable[VendorReads] = ()) -> Plan:
    """Return the plan that fits any device."""
    return Plan(SCALARS, TABLES, tuple(vendors), limits)


def _scalars(*roots: str) -> tuple[Oid, ...]:
    return tuple((*oid(root), 0) for root in roots)


SYS_OBJECT_ID = oid("1.3.6.1.2.1.1.2.0")
SCALARS = _scalars(
    *(f"1.3.6.1.2.1.1.{number}" for number in range(1, 8)),  # system
    "1.3.6.1.2.1.2.1",  # ifNumber
    "1.3.6.1.2.1.4.1",  # ipForwarding
    "1.3.6.1.6.3.10.2.1.1",  # snmpEngineID
    *(f"1.0.8802.1.1.2.1.3.{number}" for number in range(1, 7)),  # LLDP: this device
    *(f"1.3.111.2.802.1.1.13.1.3.{number}" for number in (1, 2)),  # the same, as of 2009
    *(f"1.3.6.1.2.1.17.1.{number}" for number in (1, 2)),  # bridge address, ports
    *(f"1.3.6.1.2.1.33.1.1.{number}" for number in range(1, 6)),  # UPS-MIB: identification
    "1.3.6.1.2.1.25.2.2",  # hrMemorySize
    *(f"1.3.6.1.4.1.9.9.23.1.3.{number}" for number in (1, 4)),  # CDP: runs, device id
)

TABLES = (
    Table("ifTable", oid("1.3.6.1.2.1.2.2.1"), (2, 3, 5, 6, 7, 8)),
    Table("ifXTable", oid("1.3.6.1.2.1.31.1.1.1"), (1, 15, 18)),
    Table("ipAddrTable", oid("1.3.6.1.2.1.4.20.1"), (2, 3)),
    Table("ipAddressTable", oid("1.3.6.1.2.1.4.34.1"), (3, 5)),
    Table("entPhysicalTable", oid("1.3.6.1.2.1.47.1.1.1.1"), (2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13)),
    Table("lldpLocPortTable", oid("1.0.8802.1.1.2.1.3.7.1"), (2, 3, 4)),
    Table("lldpRemTable", oid("1.0.8802.1.1.2.1.4.1.1"), (4, 5, 6, 7, 8, 9, 10, 12)),
    Table("lldpRemManAddrTable", oid("1.0.8802.1.1.2.1.4.2.1"), (3,)),
    Table("lldpV2LocPortTable", oid("1.3.111.2.802.1.1.13.1.3.7.1"), (2, 3, 4)),
    Table("lldpV2RemTable", oid("1.3.111.2.802.1.1.13.1.4.1.1"), (5, 6, 7, 8, 9, 10, 11, 13)),
    Table("lldpV2RemManAddrTable", oid("1.3.111.2.802.1.1.13.1.4.2.1"), (3,)),
    Table("tpLinkNeighbourTable", oid("1.3.6.1.4.1.11863.6.35.1.2.2.1"), (4, 6, 8, 9, 10, 12)),
    Table("cdpCacheTable", oid("1.3.6.1.4.1.9.9.23.1.2.1.1"), (3, 4, 5, 6, 7, 8, 9)),
    Table("dot1dBasePortTable", oid("1.3.6.1.2.1.17.1.4.1"), (2,)),
    Table("dot1dTpFdbTable", oid("1.3.6.1.2.1.17.4.3.1"), (2, 3), is_long=True),
    Table("dot1qTpFdbTable", oid("1.3.6.1.2.1.17.7.1.2.2.1"), (2, 3), is_long=True),
    Table("dot1qVlanCurrentTable", oid("1.3.6.1.2.1.17.7.1.4.2.1"), (3, 4, 5)),
    Table("dot1qVlanStaticTable", oid("1.3.6.1.2.1.17.7.1.4.3.1"), (1, 2, 4)),
    Table("dot1qPortVlanTable", oid("1.3.6.1.2.1.17.7.1.4.5.1"), (1,)),
    Table("dot3adAggPortTable", oid("1.2.840.10006.300.43.1.2.1.1"), (13,)),
    Table("ipNetToMediaTable", oid("1.3.6.1.2.1.4.22.1"), (2, 4), is_long=True),
    Table("ipNetToPhysicalTable", oid("1.3.6.1.2.1.4.35.1"), (4,), is_long=True),
    Table("prtGeneralTable", oid("1.3.6.1.2.1.43.5.1.1"), (16, 17), rows=8),
    Table("hrDeviceTable", oid("1.3.6.1.2.1.25.3.2.1"), (2, 3), rows=256),
)
