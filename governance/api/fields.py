"""References of changes as API fields."""

from typing import Any

from assets.access import items_visible_to
from common.api.fields import ManyRefField


def targets_ref(**options: Any) -> ManyRefField:
    """Return the targets of a change by id or code."""
    return ManyRefField(
        door=items_visible_to, through="targets", path="/api/assets/items/", **options
    )
