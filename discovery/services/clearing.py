"""Answers several questions at once, each as if it were answered alone: all or none."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.actor import Actor
from common.errors import DomainError
from discovery.models import Case
from discovery.services.deciding import decide_case
from evidence.services import lock_ledger


@transaction.atomic
def decide_cases(
    *,
    actor: Actor,
    person: Person | None,
    cases: Sequence[Case],
    decision: str,
    note: str = "",
    now: datetime,
) -> int:
    """Give the same answer to each; return how many. The caller has checked the right over each."""
    if not cases:
        raise DomainError(_("None of the chosen questions can be answered this way."))
    lock_ledger()
    for case in cases:
        decide_case(actor=actor, person=person, case=case, decision=decision, note=note, now=now)
    return len(cases)
