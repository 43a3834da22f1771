"""Tags of items in bulk: read in one query, made when new, written with a ledger entry for each item."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify

from assets.models import ConfigurationItem, Tag
from common.imports import PlannedRow, Session
from evidence import services as ledger

Link = ConfigurationItem.tags.through


def slug(label: str) -> str:
    """Return the slug under which a label is kept."""
    return slugify(label)[:60] or "tag"


def load(stored: Sequence[Any], session: Session) -> None:
    """Fetch the tags of stored items."""
    held: dict[int, list[str]] = {}
    links = Link._default_manager.filter(configurationitem__in=[row.pk for row in stored])
    for pk, name in links.order_by("tag__slug").values_list("configurationitem_id", "tag__slug"):
        held.setdefault(pk, []).append(name)
    session.parked["tags"] = held


def of(item: Any, session: Session) -> list[str]:
    """Return the slugs of a loaded item's tags."""
    return list(session.parked.get("tags", {}).get(item.pk, ()))


def write(rows: list[PlannedRow], session: Session) -> None:
    """Set the tags of the rows' items."""
    if not rows:
        return
    known = _known({name for row in rows for name in row.changes["tags"]}, session)
    links: list[Any] = []
    entries = []
    for row in rows:
        before, after = of(row.instance, session), row.changes["tags"]
        if before == after:
            continue
        links += [Link(configurationitem_id=row.instance.pk, tag_id=known[name]) for name in after]
        entries.append(
            ledger.entry_for(
                row.instance, action="tag", before={"tags": before}, after={"tags": after}
            )
        )
    changed = [row.instance.pk for row in rows if not row.is_new]
    Link._default_manager.filter(configurationitem__in=changed).delete()
    Link._default_manager.bulk_create(links, batch_size=2_000)
    context = session.context
    ledger.record_many(actor=context.actor, entries=entries, now=context.now)


def _known(names: set[str], session: Session) -> dict[str, int]:
    known = dict(Tag.objects.filter(slug__in=names).values_list("slug", "pk"))
    missing = [Tag(slug=name, name=name) for name in sorted(names - set(known))]
    context = session.context
    made = ledger.create_many(actor=context.actor, instances=missing, now=context.now)
    return known | {tag.slug: tag.pk for tag in made}
