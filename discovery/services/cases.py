"""Questions discovery puts to people, and what their answers do."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.rows import update_rows
from discovery.choices import CaseState
from discovery.models import Case, Network, Observation
from discovery.topology.keys import Key


@dataclass(frozen=True)
class Asked:
    """A question: about an observed device and the items it may be, or about one field of one item."""

    kind: str
    row: Observation
    item_ids: tuple[int, ...]
    keys: tuple[Key, ...] = ()
    clash: str = ""
    field: str = ""
    stored: str = ""
    seen: str = ""

    @property
    def fingerprint(self) -> str:
        """Return what makes two questions the same one, whenever they are asked."""
        who = [f"{key.kind.value} {key.value}" for key in self.keys] or [self.row.address]
        parts = [
            str(self.row.network_id),
            self.kind,
            *map(str, sorted(self.item_ids)),
            *([self.field, self.stored, self.seen] if self.field else sorted(who)),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def ask(*, network: Network, asked: Sequence[Asked], now: datetime) -> list[Asked]:
    """Store questions that were not asked before; return those a person has answered already.

    One that is open follows the newest observation; one that was answered is not asked again, one that was closed
    because it no longer arose is.
    """
    by_print = {one.fingerprint: one for one in asked}
    known = list(Case.objects.filter(fingerprint__in=by_print).exclude(state=CaseState.CLOSED))
    for case in known:
        if case.state == CaseState.OPEN:
            case.observation, case.updated_at = by_print[case.fingerprint].row, now
    still_open = [case for case in known if case.state == CaseState.OPEN]
    update_rows(still_open, ["observation", "updated_at"])
    held = {case.fingerprint for case in known}
    new = {name: one for name, one in by_print.items() if name not in held}
    cases = Case.objects.bulk_create(
        [_case(network, name, one, now) for name, one in new.items()], batch_size=500
    )
    through = Case.candidates.through
    through.objects.bulk_create(
        through(case_id=case.pk, configurationitem_id=item_id)
        for case, one in zip(cases, new.values(), strict=True)
        for item_id in one.item_ids
    )
    open_ones = {case.fingerprint for case in [*still_open, *cases]}
    return [one for name, one in by_print.items() if name not in open_ones]


def answered_before(asked: Sequence[Asked]) -> list[Asked]:
    """Return which of these questions a person has answered already, without asking anything."""
    prints = {one.fingerprint for one in asked}
    rows = Case.objects.filter(fingerprint__in=prints, state=CaseState.DECIDED).order_by()
    known = set(rows.values_list("fingerprint", flat=True))
    return [one for one in asked if one.fingerprint in known]


def _case(network: Network, fingerprint: str, one: Asked, now: datetime) -> Case:
    return Case(
        network=network,
        observation=one.row,
        kind=one.kind,
        keys=[[key.kind.value, key.value] for key in one.keys],
        clash=one.clash,
        field=one.field,
        stored_value=one.stored[:200],
        seen_value=one.seen[:200],
        fingerprint=fingerprint,
        created_at=now,
        updated_at=now,
    )
