"""From a request to the actor that services take."""

from django.http import HttpRequest

from accounts.models import User
from common.actor import Actor


def actor_for(user: User, *, channel: str, request_id: str = "") -> Actor:
    """Return the actor for a logged-in user."""
    return user.as_actor(channel=channel, request_id=request_id)


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of a page or API request by a logged-in user."""
    assert isinstance(request.user, User), "views are for logged-in users"  # noqa: S101
    channel = "api" if request.path.startswith("/api/") else "web"
    return actor_for(request.user, channel=channel, request_id=getattr(request, "id", ""))
