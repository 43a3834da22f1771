"""What the ledger and the packs can be narrowed by, for page and API."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import cast

from django.db.models import Q
from django.utils import timezone

from common.filters import FilterSet, choice, custom, moment, number, text, to_date
from common.pages.history import CHANNELS
from evidence.choices import PackKind


def _of_object(texts: Sequence[str]) -> Q:
    """Return the condition for `assets.location:4`."""
    found = Q(pk__in=[])
    for one in texts:
        kind, _colon, pk = one.partition(":")
        found |= Q(object_type=kind, object_id=int(pk) if pk.isdecimal() else None)
    return found


def _since(texts: Sequence[str]) -> Q:
    """Return the condition from the start of a day on, in the plant's time zone."""
    return Q(at__gte=_start_of(texts[-1]))


def _until(texts: Sequence[str]) -> Q:
    """Return the condition up to the end of a day."""
    return Q(at__lt=_start_of(texts[-1]) + timedelta(days=1))


def _start_of(text: str) -> datetime:
    day = cast("date", to_date(text))
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


class LedgerFilterSet(FilterSet):
    """Who, what, when, which object, which request."""

    lookups = {
        "sequence": number("sequence", "Entry"),
        "at": moment("at", "When"),
        "since": custom(_since, kind="date", label="Since"),
        "until": custom(_until, kind="date", label="Until"),
        "actor": text("actor_label", "Who"),
        "acting_for": text("acting_for", "Acting for"),
        "channel": choice("channel", list(CHANNELS.items()), "Through"),
        "action": text("action", "Act"),
        "object_type": text("object_type", "Kind of object"),
        "object_id": number("object_id", "Object id"),
        "object_label": text("object_label", "Object"),
        "object": custom(_of_object, label="Object"),
        "request_id": text("request_id", "Request"),
        "scope_path": text("scope_path", "Location path"),
        "comment": text("comment", "Comment"),
    }
    panel = ("actor", "channel", "action", "object_type", "request_id")
    searched = ("object_label", "actor_label", "comment")


class PackFilterSet(FilterSet):
    """Kind, title, who and when."""

    lookups = {
        "kind": choice("kind", PackKind.choices, "Kind"),
        "identifier": text("identifier", "Document"),
        "title": text("title", "Title"),
        "subject": text("subject", "Subject"),
        "requested_by": text("requested_by_label", "Requested by"),
        "sha256": text("sha256", "SHA-256"),
        "created_at": moment("created_at", "Created"),
    }
    panel = ("kind", "created_at")
    searched = ("identifier", "title", "subject")
