"""How far a user sees into the ledger: the locations granted, and what stands below them."""

from accounts.models import User
from assets.access import locations_visible_to, scope_of


def reach(user: User) -> tuple[bool, tuple[str, ...]]:
    """Return whether the user sees everything, else the location paths granted."""
    scope = scope_of(user)
    return scope.everything, scope.paths


def nodes(user: User) -> list[tuple[str, str]]:
    """Return the locations a pack may be about, as (path, label), in the order of the tree."""
    rows = locations_visible_to(user).order_by("path").values_list("path", "name", "code")
    return [(path, f"{'· ' * (path.count('/') - 1)}{name} ({code})") for path, name, code in rows]
