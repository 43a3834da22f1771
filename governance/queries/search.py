"""Changes in the global search: by number or words of the title."""

from django.db.models import Q

from accounts.models import User
from common.registries import SearchHit
from governance.access import changes_visible_to


def find(user: User, text: str, limit: int) -> list[SearchHit]:
    """Return the newest matching changes the user may see."""
    match = Q(number__icontains=text) | Q(title__icontains=text)
    return [
        SearchHit(
            label=change.title,
            url=change.get_absolute_url(),
            detail=f"{change.number} · {change.get_state_display()}",
            icon="git-pull-request",
        )
        for change in changes_visible_to(user).filter(match)[:limit]
    ]
