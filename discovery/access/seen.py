"""What was seen: devices, the questions and merges they led to, who is there, VLANs, subnets and drift."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import (
    EDIT,
    OWN,
    items_visible_to,
    require,
    require_place,
    scope_of,
    visible_item_ids,
)
from assets.models import ConfigurationItem
from common.errors import NotAllowedError
from discovery.access.places import networks_visible_to, require_discovery
from discovery.choices import CaseDecision
from discovery.models import (
    Case,
    Drift,
    ItemKey,
    Merge,
    NotSame,
    Observation,
    OwnerGap,
    Presence,
    SubnetMemberSeen,
    SubnetSeen,
    VlanPortSeen,
    VlanSeen,
)
from governance.access import changes_visible_to


def presences_visible_to(user: User) -> QuerySet[Presence]:
    """Return when visible items were seen last, in visible networks."""
    return Presence.objects.filter(
        network__in=networks_visible_to(user), item__in=items_visible_to(user)
    )


def owner_gaps_visible_to(user: User) -> QuerySet[OwnerGap]:
    """Return which visible new items of visible networks nobody answers for."""
    return OwnerGap.objects.filter(
        network__in=networks_visible_to(user), item__in=items_visible_to(user)
    )


def owner_gaps_managed_by(user: User) -> QuerySet[OwnerGap]:
    """Return the gaps at items whose ownership the user manages."""
    managed = ConfigurationItem.objects.filter(scope_of(user, OWN).items())
    return owner_gaps_visible_to(user).filter(item__in=managed)


def observations_visible_to(user: User) -> QuerySet[Observation]:
    """Return what was seen in visible networks; the item it is may be one the user does not see."""
    return Observation.objects.filter(network__in=networks_visible_to(user))


def cases_visible_to(user: User) -> QuerySet[Case]:
    """Return the questions about visible networks; items among the candidates may be hidden."""
    return Case.objects.filter(network__in=networks_visible_to(user))


def item_keys_visible_to(user: User) -> QuerySet[ItemKey]:
    """Return the keys of visible items."""
    return ItemKey.objects.filter(item__in=items_visible_to(user))


def not_same_visible_to(user: User) -> QuerySet[NotSame]:
    """Return what people said visible items are not."""
    return NotSame.objects.filter(item__in=items_visible_to(user))


def merges_visible_to(user: User) -> QuerySet[Merge]:
    """Return the merges both of whose items are visible."""
    items = items_visible_to(user)
    return Merge.objects.filter(kept__in=items, gone__in=items)


def observation_for(user: User, pk: int) -> Observation:
    """Return an observation the user may see; 404 otherwise."""
    rows = observations_visible_to(user).select_related(
        "network__location", "network__zone", "scan", "item__location"
    )
    return get_object_or_404(rows, pk=pk)


def case_for(user: User, pk: int) -> Case:
    """Return a question the user may see; 404 otherwise."""
    rows = cases_visible_to(user).select_related(
        "network__location", "network__zone", "observation__scan", "decided_by"
    )
    return get_object_or_404(rows, pk=pk)


def merge_for(user: User, pk: int) -> Merge:
    """Return a merge the user may see; 404 otherwise."""
    rows = merges_visible_to(user).select_related("kept__location", "gone__location", "case")
    return get_object_or_404(rows, pk=pk)


def require_answer(
    user: User, case: Case, decision: str, item: ConfigurationItem | None = None
) -> None:
    """Refuse who may not answer a question so.

    It takes the right to discover at the network's place, to see every item it is about, and to edit what the
    answer changes: the items concerned, or the place where a new one is recorded.
    """
    candidates = list(case.candidates.select_related("location"))
    ids = {one.pk for one in candidates}
    if len(ids & set(visible_item_ids(user, ids))) < len(ids):
        raise NotAllowedError(
            _("This is also about items you may not see; somebody who sees them all answers it.")
        )
    require_discovery(user, case.network.location)
    for one in _touched(decision, candidates, item):
        require(user, EDIT, one)
    if decision in {CaseDecision.NEW, CaseDecision.SUCCESSOR}:
        require_place(user, EDIT, case.network.location)


def _touched(
    decision: str, candidates: Sequence[ConfigurationItem], item: ConfigurationItem | None
) -> Sequence[ConfigurationItem]:
    """Return the items an answer changes."""
    if decision in {CaseDecision.MERGE, CaseDecision.ACCEPT, CaseDecision.REJECT}:
        return candidates
    if decision in {CaseDecision.SAME, CaseDecision.SUCCESSOR} and item is not None:
        return [item]
    return []


def require_split(user: User, observation: Observation) -> None:
    """Refuse who may not say that a device is not the item it was taken for."""
    require_discovery(user, observation.network.location)
    require_place(user, EDIT, observation.network.location)
    item = observation.item
    if item is None:
        return
    if item.pk not in visible_item_ids(user, {item.pk}):
        raise NotAllowedError(_("It was taken for an item you may not see."))
    require(user, EDIT, item)


def require_unmerge(user: User, merge: Merge) -> None:
    """Refuse who may not undo a merge: it takes the right to edit both items."""
    for item in (merge.kept, merge.gone):
        require(user, EDIT, item)


def drifts_visible_to(user: User) -> QuerySet[Drift]:
    """Return what changed on visible networks, about items the user may see."""
    return Drift.objects.filter(
        network__in=networks_visible_to(user), item__in=items_visible_to(user)
    )


def visible_change_ids(user: User, ids: Iterable[int]) -> set[int]:
    """Return the ids among these of changes the user may see."""
    rows = changes_visible_to(user).filter(pk__in=list(ids))
    return set(rows.values_list("pk", flat=True))


def drift_for(user: User, pk: int) -> Drift:
    """Return one difference the user may see; 404 otherwise."""
    rows = drifts_visible_to(user).select_related("network__location", "item")
    return get_object_or_404(rows, pk=pk)


def vlans_visible_to(user: User) -> QuerySet[VlanSeen]:
    """Return the VLANs of visible networks; who is in them may be hidden."""
    return VlanSeen.objects.filter(network__in=networks_visible_to(user))


def vlan_ports_visible_to(user: User) -> QuerySet[VlanPortSeen]:
    """Return the VLANs of the ports of visible items in visible networks."""
    return VlanPortSeen.objects.filter(
        vlan__in=vlans_visible_to(user), item__in=items_visible_to(user)
    )


def subnets_visible_to(user: User) -> QuerySet[SubnetSeen]:
    """Return the subnets of visible networks; whose addresses they hold may be hidden."""
    return SubnetSeen.objects.filter(network__in=networks_visible_to(user))


def subnet_members_visible_to(user: User) -> QuerySet[SubnetMemberSeen]:
    """Return the addresses in visible networks that belong to visible items or to none."""
    mine = Q(item__isnull=True) | Q(item__in=items_visible_to(user))
    return SubnetMemberSeen.objects.filter(mine, subnet__in=subnets_visible_to(user))


def vlan_for(user: User, pk: int) -> VlanSeen:
    """Return a VLAN the user may see; 404 otherwise."""
    return get_object_or_404(vlans_visible_to(user).select_related("network"), pk=pk)


def subnet_for(user: User, pk: int) -> SubnetSeen:
    """Return a subnet the user may see; 404 otherwise."""
    return get_object_or_404(subnets_visible_to(user).select_related("network"), pk=pk)
