"""Writes of collectors: registered, given keys, revoked, retired, heard of. A key is told once and stored sealed."""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from assets.models import Location
from common.actor import Actor
from common.errors import ConflictError, DomainError, StaleVersionError
from discovery.choices import CollectorState
from discovery.collectors.remote.greeting import forget, greet
from discovery.collectors.remote.messages import new_key
from discovery.collectors.remote.post import Broker, BrokerAwayError
from discovery.keys import seal, unseal
from discovery.models import Collector
from discovery.queries.collectors import obstacle
from evidence.services import record, validated

logger = logging.getLogger(__name__)

FIELDS = ("name", "location_id", "state")


class CollectorGoneError(DomainError):
    """Nothing can be scanned through the collector of a network; says why."""

    status = 409
    code = "collector_gone"


def require_collector(collector: Collector | None, *, at: datetime) -> None:
    """Refuse a scan through a collector that is not there."""
    sentence = "" if collector is None else obstacle(collector, at=at)
    if sentence:
        raise CollectorGoneError(sentence)


def broker() -> Broker:
    """Return the broker of this site."""
    return Broker(settings.CELERY_BROKER_URL, settings.CELERY_BROKER_TRANSPORT_OPTIONS)


def key_of(collector: Collector) -> str:
    """Return a collector's key. Raises CredentialKeyError."""
    return unseal(collector.sealed)["key"]


@transaction.atomic
def register_collector(
    *, actor: Actor, name: str, location: Location, now: datetime, comment: str = ""
) -> tuple[Collector, str]:
    """Add the collector of a place; returns it with its key, which cannot be shown again."""
    key = new_key()
    collector = Collector(name=name, location=location, key_set_at=now, sealed=seal({"key": key}))
    collector.created_at = collector.updated_at = now
    validated(collector)
    collector.save(force_insert=True)
    after = {**_told(collector), "key": "set"}
    record(actor=actor, action="create", instance=collector, now=now, after=after, comment=comment)
    return collector, key


@transaction.atomic
def rename_collector(
    *,
    actor: Actor,
    collector: Collector,
    name: str,
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Collector:
    """Call a collector otherwise; its place stays, for its queue is named after it."""
    current = _locked(collector, expected_version)
    return _stored(actor, current, {"name": name}, now, comment=comment)


@transaction.atomic
def change_key(
    *, actor: Actor, collector: Collector, now: datetime, expected_version: int | None = None
) -> tuple[Collector, str]:
    """Give a collector a new key, also one whose key was revoked; returns it with the key.

    The old key is void at once, and what runs under it ends within a second.
    """
    current = _locked(collector, expected_version)
    _require_not_retired(current)
    key = new_key()
    values = {
        "sealed": seal({"key": key}),
        "key_set_at": now,
        "state": CollectorState.ACTIVE,
        "last_seen_at": None,
    }
    return _stored(actor, current, values, now, action="change key", also={"key": "set"}), key


@transaction.atomic
def revoke_key(
    *, actor: Actor, collector: Collector, now: datetime, expected_version: int | None = None
) -> Collector:
    """Make a collector's key void: what runs ends within a second, and nobody scans its networks until it has another."""
    current = _locked(collector, expected_version)
    if current.state != CollectorState.ACTIVE:
        raise ConflictError(_("The key of %s is void already.") % current)
    values = {"state": CollectorState.REVOKED, "sealed": ""}
    return _stored(actor, current, values, now, action="revoke key", also={"key": "void"})


@transaction.atomic
def retire_collector(
    *, actor: Actor, collector: Collector, now: datetime, expected_version: int | None = None
) -> Collector:
    """Retire a collector for good: its networks are scanned by the worker, or by a collector of a place above."""
    current = _locked(collector, expected_version)
    _require_not_retired(current)
    values = {"state": CollectorState.RETIRED, "sealed": ""}
    retired = _stored(actor, current, values, now, action="retire", also={"key": "void"})
    transaction.on_commit(partial(forget, broker(), retired.location.code), robust=True)
    return retired


def greet_collectors(*, now: datetime) -> int:
    """Ask every collector whether it is there; return how many answered.

    What they tell is written without an entry in the ledger: it is no decision of anybody.
    """
    rows = list(Collector.objects.filter(state=CollectorState.ACTIVE).select_related("location"))
    if not rows:
        return 0
    keys = {one.location.code: key_of(one) for one in rows}
    try:
        heard = greet(broker(), keys)
    except BrokerAwayError as error:
        logger.warning("collectors_not_greeted", extra={"reason": str(error)})
        return 0
    for one in rows:
        told = heard.get(one.location.code)
        values: dict[str, Any] = {"greeted_at": now}
        if told is not None:
            values |= {
                "last_seen_at": now,
                "release": told.release,
                "process": told.process,
                "running_count": told.running,
                "clock_offset": told.clock_offset,
                "is_same_build": told.is_same_build,
            }
        same_key = Collector.objects.filter(pk=one.pk, key_set_at=one.key_set_at)
        same_key.update(**values)
    return len(heard)


def _require_not_retired(collector: Collector) -> None:
    if collector.state == CollectorState.RETIRED:
        raise ConflictError(_("%s is retired; register another one.") % collector)


def _locked(collector: Collector, expected_version: int | None) -> Collector:
    current = Collector.objects.select_for_update(of=("self",)).get(pk=collector.pk)
    if expected_version is not None and current.version != expected_version:
        raise StaleVersionError(
            _("'%s' was changed by somebody else. Reload it and try again.") % current
        )
    return current


def _told(collector: Collector) -> dict[str, Any]:
    return {name: getattr(collector, name) for name in FIELDS}


def _stored(
    actor: Actor,
    collector: Collector,
    values: Mapping[str, Any],
    now: datetime,
    *,
    action: str = "update",
    also: Mapping[str, str] | None = None,
    comment: str = "",
) -> Collector:
    before = _told(collector)
    for name, value in values.items():
        setattr(collector, name, value)
    validated(collector)
    after = _told(collector)
    changed = {name: value for name, value in after.items() if before[name] != value}
    if not changed and not also:
        return collector
    collector.updated_at = now
    collector.version += 1
    collector.save()
    record(
        actor=actor,
        action=action,
        instance=collector,
        now=now,
        before={name: before[name] for name in changed},
        after={**changed, **(also or {})},
        comment=comment,
    )
    return collector
