"""Reads what Django's `dumpdata` writes: a list of {model, pk, fields}."""

from typing import Any, BinaryIO

import orjson
from django.utils.translation import gettext as _

from assets.imports.netbox.checking import BrokenDumpError, require_whole, understanding
from assets.imports.netbox.records import Cable, Records, Termination


def records_of_dump(file: BinaryIO) -> Records:
    """Return the objects of a dump. Raises BrokenDumpError."""
    try:
        rows = orjson.loads(file.read())
    except orjson.JSONDecodeError as error:
        raise BrokenDumpError(
            _("The file is not JSON, or was cut off: %(error)s.") % {"error": error}
        ) from None
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise BrokenDumpError(
            _(
                "The file is not a dump: it must be a list of objects with 'model', 'pk' and 'fields', "
                "as 'manage.py dumpdata' of NetBox writes it."
            )
        )
    records = Records()
    for row in rows:
        records.add(row["model"], row["pk"], row["fields"])
    require_whole(records)
    with understanding():
        _join_cables(records)
        _join_tags(records)
    return records


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("model"), str)
        and isinstance(row.get("pk"), int | str)
        and isinstance(row.get("fields"), dict)
    )


def _join_cables(records: Records) -> None:
    ends: dict[int, dict[str, list[Termination]]] = {}
    for _id, row in records.all("dcim.cabletermination"):
        model = _model_of(row.get("termination_type"))
        sides = ends.setdefault(row["cable"], {"A": [], "B": []})
        sides.setdefault(row["cable_end"], []).append((model, row["termination_id"]))
    for pk, row in records.all("dcim.cable"):
        sides = ends.get(pk, {"A": [], "B": []})
        records.cables[pk] = Cable(
            pk, tuple(sides["A"]), tuple(sides["B"]), row.get("status", ""), row.get("type", "")
        )


def _join_tags(records: Records) -> None:
    for _id, row in records.all("extras.taggeditem"):
        slug = records.get("extras.tag", row.get("tag")).get("slug")
        if slug:
            key = (_model_of(row.get("content_type")), row.get("object_id", 0))
            records.tags.setdefault(key, []).append(slug)


def _model_of(content_type: Any) -> str:
    return ".".join(map(str, content_type)) if isinstance(content_type, list) else str(content_type)
