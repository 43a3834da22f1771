"""The only door from a page, task or API to ledger entries and packs.

Who holds `read_ledger` sees everything; others the entries of objects in their scope, and packs they asked for.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from common.errors import NotAllowedError
from common.models import Job
from common.registries import (
    EvidenceSection,
    evidence_sections,
    ledger_scopes,
    words_of_right,
)
from evidence.models import EvidencePack, LedgerEntry

READ, EXPORT = "evidence.read_ledger", "evidence.export_evidence"
JOBS = ("evidence.audit_pack", "evidence.verify_ledger", "evidence.verify_pack")


@dataclass(frozen=True)
class Reach:
    """How far a user reads: everything, all that has a location, or what lies below some paths."""

    everything: bool = False
    located: bool = False
    paths: tuple[str, ...] = ()


def reach_of(user: Any) -> Reach:  # noqa: ANN401 - users live above this floor
    """Return how far a user reads."""
    if not user.is_active:
        return Reach()
    if user.has_perm(READ):
        return Reach(everything=True)
    paths: list[str] = []
    for source in ledger_scopes:
        located, granted = source.reach(user)
        if located:
            return Reach(located=True)
        paths += granted
    return Reach(paths=tuple(paths))


def entries_visible_to(user: Any) -> QuerySet[LedgerEntry]:  # noqa: ANN401
    """Return the entries a user may read."""
    reach = reach_of(user)
    if reach.everything:
        return LedgerEntry.objects.all()
    if reach.located:
        return LedgerEntry.objects.exclude(scope_path="")
    return LedgerEntry.objects.below_paths(reach.paths)


def ledger_entry_for(user: Any, sequence: int) -> LedgerEntry:  # noqa: ANN401
    """Return an entry the user may read; 404 otherwise."""
    return get_object_or_404(entries_visible_to(user), pk=sequence)


def packs_visible_to(user: Any) -> QuerySet[EvidencePack]:  # noqa: ANN401
    """Return the packs a user may open: all for readers of the ledger, else the own ones."""
    if reach_of(user).everything:
        return EvidencePack.objects.all()
    return EvidencePack.objects.filter(Q(requested_by_user_id=user.pk))


def pack_for(user: Any, pk: int) -> EvidencePack:  # noqa: ANN401
    """Return a pack the user may open; 404 otherwise."""
    return get_object_or_404(packs_visible_to(user), pk=pk)


def may_export(user: Any) -> bool:  # noqa: ANN401
    """Tell whether the user may ask for audit packs."""
    return bool(user.is_active and user.has_perm(EXPORT))


def may_verify(user: Any) -> bool:  # noqa: ANN401
    """Tell whether the user may have the ledger verified."""
    return bool(user.is_active and user.has_perm(READ))


def require_verification(user: Any) -> None:  # noqa: ANN401
    """Refuse who may not have the ledger verified."""
    if not may_verify(user):
        raise NotAllowedError(
            _("Verifying the ledger takes the right %s. An administrator can grant it.")
            % words_of_right(READ)
        )


def scope_nodes(user: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return the (path, label) pairs a pack of this user may be about."""
    nodes = [(path, label) for source in ledger_scopes for path, label in source.nodes(user)]
    if reach_of(user).everything:
        nodes.insert(0, ("", _("the whole enterprise")))
    return nodes


def require_export(user: Any, path: str) -> str:  # noqa: ANN401
    """Return the label of a scope the user may export. Raises NotAllowedError."""
    labels = dict(scope_nodes(user))
    if not may_export(user) or path not in labels:
        raise NotAllowedError(
            _(
                "You may not export evidence of this scope; it takes the right %s and a view of the "
                "location. An administrator can grant both."
            )
            % words_of_right(EXPORT)
        )
    return labels[path].replace("· ", "")


def sections_for(user: Any) -> list[EvidenceSection]:  # noqa: ANN401
    """Return the sections a user may ask for; the site-wide one takes reading the whole ledger."""
    everything = reach_of(user).everything
    offered = [one for one in evidence_sections if everything or one.name != "administration"]
    return sorted(offered, key=lambda one: (one.order, one.name))


def evidence_job_for(user: Any, pk: int) -> Job:  # noqa: ANN401
    """Return a job of evidence the user asked for; 404 otherwise."""
    job = Job.objects.filter(pk=pk, name__in=JOBS).first()
    if job is None or (job.requested_by_id != user.pk and not user.is_superuser):
        raise Http404
    return job
