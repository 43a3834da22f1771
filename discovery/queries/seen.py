"""What was seen of a scan's devices, and of one item: verdicts, keys, the provenance of what follows, merges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from assets.choices import ProvenanceSource
from assets.models import ConfigurationItem
from common.compiled import compiled
from discovery.access import merges_visible_to, observations_visible_to
from discovery.choices import ObservationVerdict
from discovery.models import ItemKey, LinkSighting, Merge, Observation, Scan
from discovery.queries.case_words import KEYS
from discovery.queries.comparison import field_title
from discovery.queries.merges import obstacle_to_undo
from discovery.rules.values import FOLLOWING, is_locked

HISTORY_SHOWN = 20


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many observations came to a verdict."""

    verdict: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class FollowedField:
    """A field of an item that discovery can write: its value, where it comes from, whether discovery must ask."""

    name: str
    title: str
    value: str
    source: str
    at: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """A merge of an item, and what keeps it from being undone."""

    merge: Merge
    obstacle: str


@dataclass(frozen=True)
class ItemSeen:
    """What discovery knows of an item."""

    last: Observation | None
    observations: Sequence[Observation]
    hidden: int
    keys: Sequence[tuple[str, ItemKey]]
    fields: Sequence[FollowedField]
    merges: Sequence[ShownMerge]
    merged_into: ShownMerge | None


def verdict_counts(scan: Scan) -> list[VerdictCount]:
    """Return how many of a scan's observations came to which verdict, in the order of the words."""
    rows = scan.observations.order_by().values_list("verdict").annotate(count=Count("pk"))
    counts: Mapping[str, int] = dict(rows)
    return [
        VerdictCount(value, str(words), counts[value])
        for value, words in ObservationVerdict.choices
        if counts.get(value)
    ]


def is_known_to_discovery(_user: User, item: ConfigurationItem) -> bool:
    """Tell whether an item was ever seen or heard of, has keys, or was merged: whether its tab has anything to show."""
    return any(compiled(trace, pk=item.pk) for trace in (_observed, _keyed, _merged, _linked))


def _observed(pk: int) -> QuerySet[Observation, int]:
    return Observation.objects.filter(item__pk=pk).order_by().values_list("pk", flat=True)[:1]


def _keyed(pk: int) -> QuerySet[ItemKey, int]:
    return ItemKey.objects.filter(item__pk=pk).order_by().values_list("pk", flat=True)[:1]


def _merged(pk: int) -> QuerySet[Merge, int]:
    rows = Merge.objects.filter(Q(kept__pk=pk) | Q(gone__pk=pk)).order_by()
    return rows.values_list("pk", flat=True)[:1]


def _linked(pk: int) -> QuerySet[LinkSighting, int]:
    rows = LinkSighting.objects.filter(Q(a_item__pk=pk) | Q(b_item__pk=pk)).order_by()
    return rows.values_list("pk", flat=True)[:1]


def item_seen(user: User, item: ConfigurationItem) -> ItemSeen:
    """Return what discovery knows of an item, as far as the reader sees the networks it was seen in."""
    rows = observations_visible_to(user).filter(item=item).select_related("scan", "network")
    shown = list(rows.order_by("-seen_at", "-pk")[:HISTORY_SHOWN])
    every = Observation.objects.filter(item=item).count()
    merges = [ShownMerge(one, obstacle_to_undo(one)) for one in _merges(user, item)]
    standing = [one for one in merges if one.merge.undone_at is None]
    away = next((one for one in standing if one.merge.gone_id == item.pk), None)
    return ItemSeen(
        last=shown[0] if shown else None,
        observations=shown,
        hidden=every - rows.count(),
        keys=[
            (str(KEYS.get(key.kind, key.kind)), key)
            for key in ItemKey.objects.filter(item=item).order_by("kind", "value")
        ],
        fields=[_followed(item, name) for name in FOLLOWING],
        merges=[one for one in standing if one.merge.kept_id == item.pk],
        merged_into=away,
    )


def _merges(user: User, item: ConfigurationItem) -> QuerySet[Merge]:
    rows = merges_visible_to(user).filter(Q(kept=item.pk) | Q(gone=item.pk))
    return rows.select_related("kept", "gone", "merged_by")


def _followed(item: ConfigurationItem, name: str) -> FollowedField:
    stamp: Mapping[str, Any] = item.provenance.get(name) or {}
    sources = dict(ProvenanceSource.choices)
    source = sources.get(stamp.get("source", ""), _("Unknown"))
    value = getattr(item, name)
    return FollowedField(
        name=name,
        title=field_title(name),
        value=str(value or ""),
        source=str(source) if value else "",
        at=stamp.get("at", ""),
        is_locked=is_locked(stamp),
    )
