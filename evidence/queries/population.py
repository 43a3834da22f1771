"""The population of an audit: every entry in a scope and period, counted before any is picked."""

from typing import Any

from django.db.models import Count, QuerySet

from evidence.models import LedgerEntry
from evidence.packs.sections import AuditScope

ADMINISTRATION = ("accounts.user", "accounts.apitoken", "auth.", "guardian.", "evidence.")


def entries_in(scope: AuditScope) -> QuerySet[LedgerEntry]:
    """Return the entries of a scope and period, oldest first."""
    entries = LedgerEntry.objects.filter(at__gte=scope.starts_at, at__lt=scope.ends_at)
    if scope.path:
        entries = entries.filter(scope_path__startswith=scope.path)
    return entries.order_by("sequence")


def counted(entries: QuerySet[LedgerEntry], *columns: str) -> list[dict[str, Any]]:
    """Return how many entries there are for each combination of columns, most first."""
    rows = entries.order_by().values(*columns).annotate(count=Count("sequence"))
    return list(rows.order_by("-count", *columns))


def administration_in(scope: AuditScope) -> list[dict[str, Any]]:
    """Return what was done to logins, rights, keys and packs in the period, site-wide."""
    entries = LedgerEntry.objects.filter(at__gte=scope.starts_at, at__lt=scope.ends_at)
    chosen = entries.none()
    for prefix in ADMINISTRATION:
        chosen |= entries.filter(object_type__startswith=prefix)
    columns = ("sequence", "at", "actor_label", "action", "object_type", "object_label")
    return list(chosen.order_by("sequence").values(*columns)[:500])
