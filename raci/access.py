"""The only door from a page, task or API to the operating model.

Who answers for what is known to everybody; a rule that names a place, zone or item one may not see is not shown.
"""

from django.db.models import Case, Q, QuerySet, When
from django.shortcuts import get_object_or_404

from accounts.models import User
from assets.access import (
    OWN,
    items_visible_to,
    locations_visible_to,
    require,
    require_place,
    scope_of,
    zones_visible_to,
)
from assets.choices import LocationLevel
from assets.models import ConfigurationItem, Location
from common.errors import DomainError, NotAllowedError
from common.ids import id_of
from common.registries import words_of_right
from raci.models import (
    Absence,
    Activity,
    Assignment,
    Matrix,
    Role,
    RoleHolder,
    ServiceLevel,
)


class UnknownItemError(DomainError):
    """There is no item of that code."""

    status = 404
    code = "unknown_item"


MANAGE = "raci.manage_operating_model"


def activities_visible_to(user: User) -> QuerySet[Activity]:
    """Return the activities: reference data every user reads."""
    return Activity.objects.all() if user.is_active else Activity.objects.none()


def first_activity(user: User) -> str:
    """Return the code of the activity asked for when none is named: the root that was entered first."""
    roots = activities_visible_to(user).filter(parent__isnull=True).order_by("pk")
    return roots.values_list("code", flat=True).first() or ""


def roles_visible_to(user: User) -> QuerySet[Role]:
    """Return the roles: reference data every user reads."""
    return Role.objects.all() if user.is_active else Role.objects.none()


def matrices_visible_to(user: User) -> QuerySet[Matrix]:
    """Return the matrices, drafts included; their rows pass `assignments_visible_to`."""
    return Matrix.objects.all() if user.is_active else Matrix.objects.none()


def absences_visible_to(user: User) -> QuerySet[Absence]:
    """Return the absences a user may see with their reasons: their own, or all for who manages people."""
    if user.has_perm("accounts.manage_people") or user.has_perm(MANAGE):
        return Absence.objects.all()
    own = Q(person_id=user.person_id) | Q(deputy_id=user.person_id)
    known = user.is_active and user.person_id is not None
    return Absence.objects.filter(own) if known else Absence.objects.none()


def assignments_visible_to(user: User) -> QuerySet[Assignment]:
    """Return the assignments whose scope the user may know of."""
    if scope_of(user).everything:
        return Assignment.objects.all()
    if not user.is_active:
        return Assignment.objects.none()
    return Assignment.objects.filter(
        Q(location__isnull=True) | Q(location__in=_reached(user)),
        Q(zone__isnull=True) | Q(zone__in=zones_visible_to(user)),
        Q(item__isnull=True) | Q(item__in=items_visible_to(user)),
    )


def holders_visible_to(user: User) -> QuerySet[RoleHolder]:
    """Return the role holders at places the user may know of."""
    if scope_of(user).everything:
        return RoleHolder.objects.all()
    if not user.is_active:
        return RoleHolder.objects.none()
    return RoleHolder.objects.filter(Q(location__isnull=True) | Q(location__in=_reached(user)))


def service_levels_visible_to(user: User) -> QuerySet[ServiceLevel]:
    """Return the service levels of places and items the user may see."""
    scope = scope_of(user)
    if scope.everything:
        return ServiceLevel.objects.all()
    places = Location.objects.filter(scope.locations())
    return ServiceLevel.objects.filter(Q(location__in=places) | Q(item__in=items_visible_to(user)))


def _reached(user: User) -> QuerySet[Location]:
    """Return the places a user sees and those above them: what is decided there holds below."""
    scope = scope_of(user)
    above = {int(step) for path in scope.paths for step in path.split("/") if step}
    return Location.objects.filter(scope.locations() | Q(pk__in=above))


def matrix_for(user: User, pk: int) -> Matrix:
    """Return a matrix; 404 when there is none."""
    return get_object_or_404(matrices_visible_to(user), pk=pk)


def assignment_for(user: User, pk: int) -> Assignment:
    """Return an assignment the user may see; 404 otherwise."""
    return get_object_or_404(assignments_visible_to(user), pk=pk)


def activity_for(user: User, pk: int) -> Activity:
    """Return an activity; 404 when there is none."""
    return get_object_or_404(activities_visible_to(user), pk=pk)


def role_for(user: User, pk: int) -> Role:
    """Return a role; 404 when there is none."""
    return get_object_or_404(roles_visible_to(user), pk=pk)


def holder_for(user: User, pk: int) -> RoleHolder:
    """Return a role holder the user may see; 404 otherwise."""
    return get_object_or_404(holders_visible_to(user), pk=pk)


def service_level_for(user: User, pk: int) -> ServiceLevel:
    """Return a service level the user may see; 404 otherwise."""
    return get_object_or_404(service_levels_visible_to(user), pk=pk)


def absence_for(user: User, pk: int) -> Absence:
    """Return an absence the user may see; 404 otherwise."""
    return get_object_or_404(absences_visible_to(user), pk=pk)


def item_named(user: User, text: str) -> ConfigurationItem:
    """Return a visible item by id or code; 404 otherwise."""
    return get_object_or_404(items_visible_to(user), _named(text))


def item_of_console(code: str) -> ConfigurationItem:
    """Return any item by its code, for somebody with a shell on the server."""
    item = ConfigurationItem.objects.filter(code=code).first()
    if item is None:
        raise UnknownItemError(f"There is no asset or system with the code '{code}'.")
    return item


def place_named(user: User, text: str) -> Location:
    """Return a visible location by id or code; 404 otherwise."""
    return get_object_or_404(locations_visible_to(user), _named(text))


def require_known_scope(user: User, kind: str, pk: int) -> None:
    """Answer 404 for a scope (location, zone, item) the user may not see, before anything names it."""
    doors = {"location": locations_visible_to, "zone": zones_visible_to, "item": items_visible_to}
    if kind in doors:
        get_object_or_404(doors[kind](user), pk=pk)


def places_to_ask(user: User) -> QuerySet[Location]:
    """Return the visible sites, then the other places from the top: what a site picker offers."""
    tops = [LocationLevel.SITE, LocationLevel.ENTERPRISE]
    sites = locations_visible_to(user).filter(level__in=tops)
    found = sites if sites.exists() else locations_visible_to(user)
    return found.order_by(Case(When(level=LocationLevel.SITE, then=0), default=1), "path")


def path_to(user: User, place: Location) -> QuerySet[Location]:
    """Return the visible places from the root to this one."""
    return locations_visible_to(user) & Location.objects.above(place)


def _named(text: str) -> Q:
    pk = id_of(text)
    return Q(code=text) if pk is None else Q(pk=pk)


def may_manage(user: User) -> bool:
    """Tell whether the user edits the operating model as a whole."""
    return user.has_perm(MANAGE)


def may_edit_some(user: User) -> bool:
    """Tell whether the user may edit ownership anywhere: as a whole, or in a scope."""
    scope = scope_of(user, OWN)
    granted = scope.everything or scope.paths or scope.zone_ids or scope.system_ids
    return may_manage(user) or bool(granted)


def require_manage(user: User) -> None:
    """Refuse who may not edit what the whole enterprise shares."""
    if not may_manage(user):
        raise NotAllowedError(
            "Activities, roles and matrices are edited by those with the right "
            f"{words_of_right(MANAGE)}. An administrator can grant it."
        )


def require_assignment(user: User, assignment: Assignment) -> None:
    """Refuse an assignment whose scope the user has no right over."""
    if may_manage(user):
        return
    if assignment.item:
        require(user, OWN, assignment.item)
    elif assignment.zone_id and assignment.zone_id in scope_of(user, OWN).zone_ids:
        return
    elif assignment.location or assignment.zone:
        site = assignment.zone.site if assignment.zone else assignment.location
        require_place(user, OWN, site)
    else:
        require_manage(user)


def require_holder(user: User, holder: RoleHolder) -> None:
    """Refuse a role holder at a place the user has no right over."""
    if not may_manage(user):
        require_place(user, OWN, holder.location)


def require_service_level(user: User, promise: ServiceLevel) -> None:
    """Refuse a service level of an item or place the user has no right over."""
    if may_manage(user):
        return
    if promise.item:
        require(user, OWN, promise.item)
    else:
        require_place(user, OWN, promise.location)


def require_absence(user: User, absence: Absence) -> None:
    """Refuse an absence of somebody else, unless the user manages people."""
    if absence.person_id == user.person_id and user.person_id is not None:
        return
    if not (may_manage(user) or user.has_perm("accounts.manage_people")):
        raise NotAllowedError(
            "You may record your own absence; that of somebody else takes the right "
            f"{words_of_right('accounts.manage_people')}. An administrator can grant it."
        )
