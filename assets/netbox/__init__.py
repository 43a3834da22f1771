"""NetBox as a source: its objects, from a dump or a live server, become rows of our import kinds. Pure but for HTTP."""

from assets.netbox.dump import records_of_dump
from assets.netbox.live import NetBoxError, records_of_server
from assets.netbox.mapping import KINDS, Mapped, map_records
from assets.netbox.records import Records

__all__ = [
    "KINDS",
    "Mapped",
    "NetBoxError",
    "Records",
    "map_records",
    "records_of_dump",
    "records_of_server",
]
