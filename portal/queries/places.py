"""The sites of the switcher."""

from django.db.models import QuerySet

from accounts.models import User
from assets.access import locations_visible_to
from assets.choices import LocationLevel
from assets.models import Location


def sites_visible_to(user: User) -> QuerySet[Location]:
    """Return the sites this user may see, by name."""
    return locations_visible_to(user).filter(level=LocationLevel.SITE).order_by("name")
