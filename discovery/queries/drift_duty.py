"""Whose it is to say what an unexplained difference was: who runs discovery there, who is accountable for the item."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from assets.models import ConfigurationItem
from discovery.access import drifts_visible_to, networks_run_by
from discovery.choices import DriftState
from discovery.models import Network
from governance.access import team_ids_of
from raci.queries import UnknownActivityError, resolve_many

#: Who answers for changes of an item answers for one that nobody asked for.
ACTIVITY = "change"


@dataclass(frozen=True, slots=True)
class DriftDuty:
    """Differences on a network that a user is to explain; `is_runner`: because they run discovery there."""

    network: Network
    count: int
    is_runner: bool


def drift_waiting_for(user: User, *, at: datetime) -> list[DriftDuty]:
    """Return the networks with unexplained differences that are the user's to explain, most first.

    Of a network the user runs discovery on these are all they may see; elsewhere those about items they, their team
    or the person they act for are accountable for. One query where nothing is unexplained.
    """
    rows = drifts_visible_to(user).filter(state=DriftState.UNEXPLAINED).order_by()
    pairs = list(rows.values_list("network_id", "item_id"))
    if not pairs:
        return []
    run = set(networks_run_by(user).values_list("pk", flat=True))
    mine = _accountable_for(user, {item for network, item in pairs if network not in run}, at)
    counts = Counter(network for network, item in pairs if network in run or item in mine)
    networks = Network.objects.in_bulk(list(counts))
    return [DriftDuty(networks[pk], count, pk in run) for pk, count in counts.most_common()]


def _accountable_for(user: User, items: Collection[int], at: datetime) -> set[int]:
    """Return the items among these that the user answers for at a moment."""
    keys = set(_parties(user))
    if not (items and keys):
        return set()
    rows = ConfigurationItem.objects.filter(pk__in=items)
    try:
        found = resolve_many(rows, activity_code=ACTIVITY, at=at)
    except UnknownActivityError:
        return set()
    answers = {pk: one.accountable for pk, one in found.items()}
    return {pk for pk, one in answers.items() if one and one.acting and one.acting.key in keys}


def _parties(user: User) -> Iterator[str]:
    """Yield the keys of the parties a user is."""
    person = user.person
    if person is None or not person.is_active or not user.is_active:
        return
    yield f"person:{person.pk}"
    for team in team_ids_of(person):
        yield f"team:{team}"
