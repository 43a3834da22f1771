"""Maps as files: an export is an act of its own, and the PDF is typeset by a worker."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import location_for
from assets.models import Location
from common.actor import Actor
from common.errors import DomainError
from common.files import remove_older, write_file
from common.jobs import enqueue
from common.models import Job
from discovery.access import MAP_TASK, network_for, user_of
from discovery.choices import MapView
from discovery.models import Network
from discovery.queries.map_drawing import paper_of, sheet_of, summary_of
from discovery.queries.site_map import SiteMap, network_map, site_map
from evidence.packs.machinery import typesetting
from evidence.services import Entry, record_many

KEPT = timedelta(days=1)
Progress = Callable[[int, int, str], None]


class MapFileGoneError(DomainError):
    """The job wrote no map, or its file is gone."""

    status = 404


def export_svg(
    *, user: User, actor: Actor, subject: Location | Network, view: str, now: datetime
) -> str:
    """Return a map as SVG and record who took it out."""
    found = map_of(user, subject, view=view, at=now)
    _record(actor, subject, found, "svg", now)
    return sheet_of(found)


def request_map(*, actor: Actor, subject: Location | Network, view: str) -> Job:
    """Ask for a map as PDF; the job's result names the file."""
    title = MapView(view).label
    return enqueue(
        name=MAP_TASK,
        kwargs={
            "place_id": subject.pk if isinstance(subject, Location) else None,
            "network_id": subject.pk if isinstance(subject, Network) else None,
            "view": view,
        },
        actor=actor,
        label=_("%(view)s of %(place)s as PDF") % {"view": title, "place": subject},
    )


def write_map(
    *,
    actor: Actor,
    place_id: int | None,
    network_id: int | None,
    view: str,
    now: datetime,
    progress: Progress,
) -> dict[str, Any]:
    """Write a map, as far as its reader may see it, into the site's files; return the file's name."""
    user = user_of(actor)
    subject = subject_for(user, {"place_id": place_id, "network_id": network_id})
    progress(1, 3, _("Drawing"))
    found = map_of(user, subject, view=view, at=now)
    progress(2, 3, _("Typesetting"))
    name = f"map-{view}-{secrets.token_hex(8)}.pdf"
    write_file(_folder() / name, pdf_of(found, reader=actor.label, name=name))
    _record(actor, subject, found, "pdf", now)
    return {"file_name": name, "pages_of": found.title}


def pdf_of(found: SiteMap, *, reader: str, name: str) -> bytes:
    """Return a map on A3 with its table."""
    pages, legend = paper_of(found)
    html = render_to_string(
        "pdf/map.html",
        {
            "found": found,
            "summary": summary_of(found),
            "pages": [SafeString(page) for page in pages],
            "legend": SafeString(legend),
            "reader": reader,
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        },
    )
    pdf: bytes = typesetting().typeset(
        html=html, enclosures=[], identifier=name, created_at=found.at
    )
    return pdf


def map_of(user: User, subject: Location | Network, *, view: str, at: datetime) -> SiteMap:
    """Return the map of a place, or of a network, which has only its topology."""
    if isinstance(subject, Network):
        return network_map(user, subject, at=at)
    return site_map(user, subject, view=view, at=at)


def subject_for(user: User, arguments: Mapping[str, Any]) -> Location | Network:
    """Return what a job draws; 404 when the reader may not see it (any more)."""
    if arguments["network_id"] is not None:
        return network_for(user, arguments["network_id"])
    return location_for(user, arguments["place_id"] or 0)


def map_file(user: User, job: Job) -> Path:
    """Return the file a finished job wrote, for who may still see what it shows."""
    subject_for(user, job.arguments)
    name = str(job.result.get("file_name", "")) if job.result else ""
    path = _folder() / Path(name).name
    if not name or not path.is_file():
        raise MapFileGoneError(_("The file of this map is gone; ask for it again."))
    return path


def sweep_maps(*, now: datetime) -> int:
    """Remove maps nobody fetched in a day."""
    return remove_older(_folder(), than=now - KEPT)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "maps"


def _record(
    actor: Actor, subject: Location | Network, found: SiteMap, kind: str, now: datetime
) -> None:
    entry = Entry(
        action="export",
        object_type="discovery.map",
        object_id=None,
        object_label=found.title,
        after={"format": kind, "view": found.view, "hidden": found.hidden},
        scope_path=subject.ledger_scope(),
    )
    record_many(actor=actor, entries=[entry], now=now)
