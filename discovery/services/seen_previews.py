"""What a file of what was seen elsewhere would change, without writing anything."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import items_visible_to, visible_item_ids
from assets.models import ConfigurationItem
from common.actor import Actor
from common.jobs import enqueue
from common.models import Job
from discovery.access import PREVIEW_TASK, network_for, require_discovery
from discovery.choices import ObservationVerdict
from discovery.models import Network, Observation, Scan
from discovery.queries.seen_files import SeenFile, SeenOrder, read_seen
from discovery.rules.seen_tables import SENTENCES
from discovery.services import seen_uploads
from discovery.services.reconciling import foresee
from discovery.services.seen_staging import observation_row

SHOWN = 200
ERRORS_SHOWN = 300
#: The verdicts in the order in which a preview shows them.
SHOWN_FIRST = (
    ObservationVerdict.CONFLICTING,
    ObservationVerdict.ADDED,
    ObservationVerdict.UPDATED,
    ObservationVerdict.UNIDENTIFIED,
)


@dataclass(frozen=True)
class Upload:
    """A kept file and what it is of: the arguments of a job."""

    network_id: int
    upload: str
    name: str
    switch: str = ""


@transaction.atomic
def request_preview(
    *, actor: Actor, user: User, network: Network, file: BinaryIO, name: str, switch: str = ""
) -> Job:
    """Keep a file and start the job that says what it would change. Raises SeenFileTooLargeError."""
    require_discovery(user, network.location)
    upload = Upload(network.pk, seen_uploads.keep(file, name), name[:100], switch.strip()[:253])
    return enqueue(
        name=PREVIEW_TASK,
        kwargs=asdict(upload),
        actor=actor,
        label=(_("Preview of %(file)s for %(network)s") % {"file": name, "network": network})[:200],
    )


def run_preview(*, upload: Upload, user: User, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what a kept file would change, as plain values; rows' errors are part of it."""
    network = network_for(user, upload.network_id)
    require_discovery(user, network.location)
    with seen_uploads.opened(upload.upload) as file:
        order = SeenOrder(network, items_visible_to(user), now, upload.switch)
        seen = read_seen(order, file, upload.name)
    return foreseen(network=network, seen=seen, user=user, actor=actor, now=now)


def foreseen(
    *, network: Network, seen: SeenFile, user: User | None, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Return the report on a file: verdicts counted, the first rows, what is left out, errors. Writes nothing.

    Items that `user` may not see are not named; None sees all (the console).
    """
    rows: list[Observation] = []
    if not seen.error_count:
        run = Scan(network=network, source=seen.source)
        rows = [observation_row(run, one) for one in seen.devices]
        for number, row in enumerate(rows, 1):
            row.pk = number
        foresee(actor=actor, network=network, rows=rows, now=now)
    counts = Counter(str(row.verdict) for row in rows)
    return {
        "network": network.code,
        "source": seen.source.value,
        "digest": seen.digest,
        "counts": {value: counts.get(value, 0) for value in ObservationVerdict.values},
        "devices": len(seen.devices),
        "switches": [{"label": one.label, "entries": one.entries} for one in seen.switches],
        "rows": _shown(rows, user),
        "left_out": [
            {"reason": SENTENCES[why], "count": count, "examples": seen.omissions.examples[why]}
            for why, count in sorted(seen.omissions.counts.items())
        ],
        "errors": [asdict(one) for one in seen.errors[:ERRORS_SHOWN]],
        "error_count": seen.error_count,
        "notes": list(seen.notes),
        "is_clean": not seen.error_count,
    }


def _shown(rows: Sequence[Observation], user: User | None) -> list[dict[str, Any]]:
    """Return the first rows that do something, what waits for a decision first."""
    telling = [row for verdict in SHOWN_FIRST for row in rows if row.verdict == verdict][:SHOWN]
    ids = {row.item_id for row in telling if row.item_id is not None}
    visible = ids if user is None else set(visible_item_ids(user, ids))
    names = dict(ConfigurationItem.objects.filter(pk__in=visible).values_list("pk", "name"))
    return [
        {
            "address": row.address,
            "mac": row.values.get("mac", ""),
            "device": " ".join(
                part for part in map(row.values.get, ("name", "vendor", "model")) if part
            ),
            "verdict": str(row.verdict),
            "item": row.item_id if row.item_id in visible else None,
            "item_name": names.get(row.item_id or 0, _("hidden") if row.item_id else ""),
            "changes": row.changes if row.item_id is None or row.item_id in visible else {},
            "reason": row.reason,
        }
        for row in telling
    ]
