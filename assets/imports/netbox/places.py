"""Regions, sites, locations and racks as one ISA-95 tree below one enterprise.

Regions group sites, as companies of a group do, so they are enterprises within the enterprise; a NetBox location is an
area, a rack a cell. Site groups are a second grouping and have no place in a tree.
"""

from assets.imports.netbox.records import Fields, Records, clip, code
from assets.imports.netbox.rows import Rows

ROOT = "NB"


def map_places(records: Records, rows: Rows) -> None:
    """Write the location rows."""
    rows.add("locations", code=ROOT, name="NetBox", level="enterprise")
    for pk, region in records.all("dcim.region"):
        above = code("REG", region["parent"]) or ROOT
        rows.take("dcim.region", "locations", code=code("REG", pk), name=_name(region), level="enterprise", parent=above)  # fmt: skip
    for pk, site in records.all("dcim.site"):
        rows.take(
            "dcim.site",
            "locations",
            code=code("SITE", pk),
            name=_name(site),
            level="site",
            parent=code("REG", site.get("region")) or ROOT,
            time_zone=site.get("time_zone") or "",
            address=clip(site.get("physical_address"), 250),
        )
    for pk, place in records.all("dcim.location"):
        above = code("LOC", place.get("parent")) or code("SITE", place["site"])
        rows.take("dcim.location", "locations", code=code("LOC", pk), name=_name(place), level="area", parent=above)  # fmt: skip
    for pk, rack in records.all("dcim.rack"):
        above = code("LOC", rack.get("location")) or code("SITE", rack["site"])
        rows.take("dcim.rack", "locations", code=code("RACK", pk), name=_name(rack), level="cell", parent=above)  # fmt: skip


def _name(row: Fields) -> str:
    return clip(row["name"], 150)


def place_of(row: Fields) -> str:
    """Return the code of the nearest place a device or feed stands in."""
    return (
        code("RACK", row.get("rack"))
        or code("LOC", row.get("location"))
        or code("SITE", row.get("site"))
    )
