"""Networks, and who runs discovery where: what stands at a place is seen by who sees the place."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import DISCOVER, may_at, may_somewhere, require_place, scope_of
from assets.models import Location
from common.actor import Actor
from common.errors import NotAllowedError
from discovery.models import Collector, Credential, Network, StopOrder


def networks_visible_to(user: User) -> QuerySet[Network]:
    """Return the networks at places the user may see."""
    return Network.objects.filter(location__in=places_visible_to(user))


def credentials_visible_to(user: User) -> QuerySet[Credential]:
    """Return the credentials of places where the user runs discovery; never what they hold."""
    scope = scope_of(user, DISCOVER)
    if scope.everything:
        return Credential.objects.all()
    return Credential.objects.filter(location__in=Location.objects.filter(scope.locations()))


def collectors_visible_to(user: User) -> QuerySet[Collector]:
    """Return the collectors of places where the user runs discovery; never their keys."""
    scope = scope_of(user, DISCOVER)
    if scope.everything:
        return Collector.objects.all()
    return Collector.objects.filter(location__in=Location.objects.filter(scope.locations()))


def stop_orders_visible_to(user: User) -> QuerySet[StopOrder]:
    """Return the stop orders: the general ones are everybody's to know."""
    if not user.is_active:
        return StopOrder.objects.none()
    return StopOrder.objects.filter(
        Q(network__isnull=True) | Q(network__in=networks_visible_to(user))
    )


def network_for(user: User, pk: int) -> Network:
    """Return a network the user may see; 404 otherwise."""
    rows = networks_visible_to(user).select_related("location", "zone__site", "credential")
    return get_object_or_404(rows, pk=pk)


def credential_for(user: User, pk: int) -> Credential:
    """Return a credential the user may use; 404 otherwise."""
    return get_object_or_404(credentials_visible_to(user), pk=pk)


def collector_for(user: User, pk: int) -> Collector:
    """Return a collector the user may use; 404 otherwise."""
    return get_object_or_404(collectors_visible_to(user).select_related("location"), pk=pk)


def stop_order_for(user: User, pk: int) -> StopOrder:
    """Return a stop order the user may know of; 404 otherwise."""
    return get_object_or_404(stop_orders_visible_to(user), pk=pk)


def may_discover(user: User, network: Network) -> bool:
    """Tell whether the user may configure and run discovery of a network."""
    return may_at(user, DISCOVER, network.location)


def may_discover_somewhere(user: User) -> bool:
    """Tell whether the user may run discovery anywhere, to show a button or not."""
    return may_somewhere(user, DISCOVER)


def require_discovery(user: User, location: Location | None) -> None:
    """Refuse who may not configure and run discovery at a place (None: everywhere)."""
    require_place(user, DISCOVER, location)


def require_discovery_somewhere(user: User) -> None:
    """Refuse who may run discovery nowhere, before a place is known."""
    if not may_discover_somewhere(user):
        raise NotAllowedError(
            "It takes the right 'run_discovery' on a location to do this. An administrator can grant it."
        )


def require_stop(user: User, network: Network | None) -> None:
    """Refuse who may not pull the kill switch: anybody who runs discovery anywhere may, since it only stops."""
    if network is not None and may_discover(user, network):
        return
    if network is None and may_discover_somewhere(user):
        return
    raise NotAllowedError("It takes the right 'run_discovery' to stop discovery.")


def may_lift(user: User, network: Network | None) -> bool:
    """Tell whether the user may lift a stop order: to stop everything is easy, to go on is for who runs it all."""
    return may_at(user, DISCOVER, network.location if network else None)


def require_lift(user: User, network: Network | None) -> None:
    """Refuse who may not lift a stop order."""
    require_discovery(user, network.location if network else None)


def networks_run_by(user: User) -> QuerySet[Network]:
    """Return the networks at places where the user runs discovery."""
    scope = scope_of(user, DISCOVER)
    places = Location.objects.filter(scope.locations())
    return networks_visible_to(user).filter(location__in=places)


def places_visible_to(user: User) -> QuerySet[Location]:
    """Return the places somebody sees."""
    scope = scope_of(user)
    return (
        Location.objects.all() if scope.everything else Location.objects.filter(scope.locations())
    )


def user_of(actor: Actor) -> User:
    """Return the user behind an actor, for work done after the request; refuses one who may not log in."""
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise NotAllowedError(_("'%s' may not log in any more.") % actor.label)
    return user
