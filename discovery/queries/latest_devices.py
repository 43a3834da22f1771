"""Every device as it was last read: the newest stored reading of each network and address."""

from django.db.models import Max, Q, QuerySet

from accounts.models import User
from discovery.access import observations_visible_to
from discovery.identification.values import Attribute
from discovery.models import Observation

#: A device nobody knows: its maker or its model is missing.
UNKNOWN = Q(values__vendor="") | Q(values__model="")


def latest_devices(user: User) -> QuerySet[Observation]:
    """Return the newest observation of every device the user may see, where what it told is kept."""
    return newest_of(observations_visible_to(user))


def newest_of(rows: QuerySet[Observation]) -> QuerySet[Observation]:
    """Return the newest of each network and address among observations whose raw data is kept."""
    newest = (
        rows.filter(target__variable_count__gt=0)
        .order_by()
        .values("network", "address")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return Observation.objects.filter(pk__in=newest)


def given_by(rule: str) -> Q:
    """Return the condition for observations of which a rule has given an attribute."""
    found = Q()
    for attribute in Attribute:
        found |= Q(**{f"target__identity__{attribute}__rule": rule})
    return found


def below_prefixes(prefixes: list[str]) -> Q:
    """Return the condition for devices whose sysObjectID stands at or below one of these; all for none."""
    found = Q()
    for prefix in prefixes:
        found |= Q(target__object_id=prefix) | Q(target__object_id__startswith=f"{prefix}.")
    return found
