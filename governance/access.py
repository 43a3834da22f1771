"""The door to changes: who sees one, who may ask for one, and whose seats somebody may vote on.

A change is seen by who sees all its targets, and by who has to decide it (even when items stay hidden).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, Person, User
from assets.access import REQUEST, items_visible_to, may, scope_of
from assets.models import ConfigurationItem
from common.actor import Actor
from common.errors import NotAllowedError
from common.ids import ids_of
from common.registries import words_of_right
from governance.models import Approval, ApprovalRound, BoardPolicy, ChangeRequest, ChangeTarget
from raci.models import Absence

MANAGE_BOARDS = "governance.manage_boards"


class NoPersonError(NotAllowedError):
    """The login is nobody in particular, so it can neither ask for nor decide a change."""


def changes_visible_to(user: User) -> QuerySet[ChangeRequest]:
    """Return the changes all of whose targets the user may see, and those the user decides."""
    if scope_of(user).everything:
        return ChangeRequest.objects.all()
    unseen = ChangeTarget.objects.filter(change=OuterRef("pk")).exclude(
        item__in=items_visible_to(user).values("pk")
    )
    seat = Approval.objects.filter(seats_of(user), round__change=OuterRef("pk"))
    return ChangeRequest.objects.filter(~Exists(unseen) | Exists(seat))


def change_for(user: User, pk: int) -> ChangeRequest:
    """Return a change the user may see; 404 otherwise."""
    rows = changes_visible_to(user).select_related("requester", "implementer")
    return get_object_or_404(rows, pk=pk)


def approvals_visible_to(user: User) -> QuerySet[Approval]:
    """Return the seats on changes the user may see."""
    return Approval.objects.filter(round__change__in=changes_visible_to(user).values("pk"))


def approval_for(user: User, pk: int) -> Approval:
    """Return a seat on a change the user may see; 404 otherwise."""
    rows = approvals_visible_to(user).select_related("round__change", "person", "team")
    return get_object_or_404(rows, pk=pk)


def seats_for(user: User, change: ChangeRequest, ids: Iterable[str]) -> list[Approval]:
    """Return the named seats of a change; 404 when one is not there."""
    wanted = set(ids_of(ids))
    rows = approvals_visible_to(user).filter(round__change=change, pk__in=wanted)
    found = list(rows.select_related("round__change"))
    if len(found) != len(wanted):
        raise Http404
    return found


def rounds_visible_to(user: User) -> QuerySet[ApprovalRound]:
    """Return the rounds of changes the user may see."""
    return ApprovalRound.objects.filter(change__in=changes_visible_to(user).values("pk"))


def policies_visible_to(user: User) -> QuerySet[BoardPolicy]:
    """Return the boards and their rules: everybody may know who decides."""
    return BoardPolicy.objects.all() if user.is_active else BoardPolicy.objects.none()


def policy_for(user: User, pk: int) -> BoardPolicy:
    """Return a board's policy; 404 when there is none."""
    return get_object_or_404(policies_visible_to(user), pk=pk)


def may_manage_boards(user: User) -> bool:
    """Tell whether the user sets boards, quorums and thresholds."""
    return user.has_perm(MANAGE_BOARDS)


def require_board_manager(user: User) -> None:
    """Refuse who may not set boards."""
    if not may_manage_boards(user):
        raise NotAllowedError(
            _("Setting boards takes the right %s. An administrator can grant it.")
            % words_of_right(MANAGE_BOARDS)
        )


def seats_of(user: User) -> Q:
    """Return the condition on rows with `person` and `team` that the user is, is of, or stands in for now."""
    if user.person_id is None:
        return Q(pk__in=[])
    teams = Membership.objects.filter(person_id=user.person_id).values("team")
    absences = Absence.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=Now()), starts_at__lte=Now()
    )
    direct = absences.filter(deputy=user.person_id).values("person")
    through = absences.filter(deputy__in=direct).values("person")
    return (
        Q(person=user.person_id) | Q(team__in=teams) | Q(person__in=direct) | Q(person__in=through)
    )


def person_of(actor: Actor) -> Person:
    """Return the active person behind an actor; NoPersonError when there is none."""
    person = Person.objects.filter(pk=actor.person_id or 0, is_active=True).first()
    if person is None:
        raise NoPersonError(
            _(
                "'%s' is not linked to an active person; changes are asked for and decided by people."
            )
            % actor.label
        )
    return person


def require_request_rights(actor: Actor, items: Iterable[ConfigurationItem]) -> None:
    """Refuse an actor who may not request changes on every one of the items."""
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    for item in items:
        if user is None or not may(user, REQUEST, item):
            raise NotAllowedError(
                _(
                    "'%(who)s' may not request changes on '%(item)s'; it takes the right "
                    "'request_changes' on its location, zone or system."
                )
                % {"who": actor.label, "item": item}
            )


def stands_in_for(person: Person, at: datetime) -> dict[int, Person]:
    """Return the absent people, by id, for whom this person acts at a moment: as their recorded
    deputy, or as the deputy of their absent deputy (two steps at most)."""
    absences = Absence.objects.during(at).select_related("person")
    direct = {row.person_id: row.person for row in absences.filter(deputy=person)}
    through = {row.person_id: row.person for row in absences.filter(deputy__in=direct)}
    return {**through, **direct}


def team_ids_of(person: Person) -> frozenset[int]:
    """Return the teams and boards a person belongs to."""
    return frozenset(Membership.objects.filter(person=person).values_list("team_id", flat=True))
