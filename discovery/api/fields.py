"""References of discovery as API fields."""

from typing import Any

from common.api.fields import RefField
from discovery.access import credentials_visible_to, networks_visible_to, visible_change_ids
from governance.access import changes_visible_to

ROOT = "/api/discovery/"


def network_ref(**options: Any) -> RefField:
    """Return a reference to a network by id or code."""
    return RefField(door=networks_visible_to, path=f"{ROOT}networks/", **options)


def credential_ref(**options: Any) -> RefField:
    """Return a reference to a credential by id or name."""
    return RefField(
        door=credentials_visible_to, natural="name", path=f"{ROOT}credentials/", **options
    )


def change_ref(**options: Any) -> RefField:
    """Return a reference to a change by id or number."""
    return RefField(
        door=changes_visible_to,
        natural="number",
        label="number",
        guard=visible_change_ids,
        path="/api/governance/changes/",
        **options,
    )
