"""NetBox as a source: its objects, from a dump or a live server, become rows of our import kinds. Pure but for HTTP."""

from assets.imports.netbox.address import AddressError, base_of, require_token
from assets.imports.netbox.checking import BrokenDumpError
from assets.imports.netbox.dump import records_of_dump
from assets.imports.netbox.live import records_of_server
from assets.imports.netbox.mapping import KINDS, Mapped, map_records, mapped_of
from assets.imports.netbox.pages import Limits, NetBoxError
from assets.imports.netbox.records import Records

__all__ = [
    "KINDS",
    "AddressError",
    "BrokenDumpError",
    "Limits",
    "Mapped",
    "NetBoxError",
    "Records",
    "base_of",
    "map_records",
    "mapped_of",
    "records_of_dump",
    "records_of_server",
    "require_token",
]
