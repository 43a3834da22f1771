"""Whose clock a network goes by: the time zone of its place, of the nearest place above it, else of the service."""

from collections.abc import Iterable
from zoneinfo import available_timezones

from django.conf import settings

from assets.models import Location
from discovery.models import Network


def time_zone_of(network: Network) -> str:
    """Return the name of a network's time zone."""
    return time_zones_of([network])[network.pk]


def time_zones_of(networks: Iterable[Network]) -> dict[int, str]:
    """Return the time zone of networks, whose location is loaded: one query however many they are."""
    told = Location.objects.exclude(time_zone="").order_by().values_list("path", "time_zone")
    known = {path: zone for path, zone in told if zone in available_timezones()}
    return {one.pk: _nearest(one.location.path, known) for one in networks}


def _nearest(path: str, known: dict[str, str]) -> str:
    above = [place for place in known if path.startswith(place)]
    return known[max(above, key=len)] if above else str(settings.TIME_ZONE)
