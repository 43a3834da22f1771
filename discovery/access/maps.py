"""Maps: of which places and networks somebody can ask for one."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from assets.choices import LocationLevel
from assets.models import Location
from common.ids import id_of
from common.jobs import jobs_visible_to
from common.models import Job
from discovery.access.places import networks_visible_to, places_visible_to
from discovery.models import Network
from raci.access import place_named, places_to_ask

#: The job that writes a map as PDF.
MAP_TASK = "discovery.write_map"


def map_places(user: User, place: Location) -> QuerySet[Location]:
    """Return what the place of a map can be changed to: the visible sites, and what stands beside and right below."""
    near = Q(level__in=[LocationLevel.ENTERPRISE, LocationLevel.SITE]) | Q(parent=place)
    if place.parent_id:
        near |= Q(parent=place.parent_id)
    return Location.objects.filter(Q(pk__in=places_visible_to(user)) & (near | Q(pk=place.pk)))


def map_place(user: User, text: str, site_id: int | None) -> Location | None:
    """Return the place named by id or code (404 when it is not visible), else the chosen site, else the first one.

    None where the user sees no place at all.
    """
    if text:
        return place_named(user, text)
    places = places_to_ask(user)
    chosen = places.filter(pk=site_id).first() if site_id else None
    return chosen or places.first()


def map_subject(user: User, *, place: str, network: str) -> Location | Network:
    """Return the network or place a map is asked of, by id or code, the first visible place when none is named.

    404 when it is not visible.
    """
    if network:
        pk = id_of(network)
        named = Q(code=network) if pk is None else Q(pk=pk)
        return get_object_or_404(networks_visible_to(user).select_related("zone__site"), named)
    found = map_place(user, place, None)
    if found is None:
        raise Http404
    return found


def map_job_for(user: User, pk: int) -> Job:
    """Return a job that writes a map, of who asked for it; 404 otherwise."""
    return get_object_or_404(jobs_visible_to(user), name=MAP_TASK, pk=pk)
