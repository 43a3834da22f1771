"""Asking for packs and verifications, which are made in the background."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError
from common.jobs import enqueue
from common.models import Job


class BadPeriodError(DomainError):
    """The period or the sections make no pack."""


def request_audit_pack(
    *,
    actor: Actor,
    path: str,
    label: str,
    starts_at: datetime,
    ends_at: datetime,
    sections: Sequence[str],
    offered: Sequence[str],
) -> Job:
    """Ask for the pack of a scope and period (`ends_at` excluded), with some of the sections offered.

    Raises BadPeriodError.
    """
    if ends_at <= starts_at:
        raise BadPeriodError(
            _("The period ends (%(end)s) before it starts (%(start)s).")
            % {"end": ends_at.date(), "start": starts_at.date()},
            fields={"until": [_("Choose a day on or after the first.")]},
        )
    if unknown := [name for name in sections if name not in offered]:
        known = ", ".join(offered)
        raise BadPeriodError(
            _("'%(name)s' is not a section; there is: %(known)s.")
            % {"name": unknown[0], "known": known},
            fields={"sections": [_("Unknown section.")]},
        )
    return enqueue(
        name="evidence.audit_pack",
        kwargs={
            "path": path,
            "label": label,
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
            "sections": list(sections),
        },
        actor=actor,
        label=_("Evidence for %s") % label,
    )


def request_ledger_verification(*, actor: Actor) -> Job:
    """Ask for the whole ledger to be verified."""
    return enqueue(
        name="evidence.verify_ledger", kwargs={}, actor=actor, label=_("Verification of the ledger")
    )


def request_pack_verification(*, actor: Actor, upload: str) -> Job:
    """Ask for an uploaded pack to be verified."""
    return enqueue(
        name="evidence.verify_pack",
        kwargs={"upload": upload},
        actor=actor,
        label=_("Verification of a pack"),
    )
