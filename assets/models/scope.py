"""Permissions that are granted on scope nodes (Location, Zone, System), never on single assets."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SCOPE_PERMISSIONS: list[tuple[str, "str | StrPromise"]] = [
    ("view_items", "Can see the items in this scope"),
    ("edit_items", "Can edit the items in this scope"),
    ("manage_ownership", "Can manage ownership in this scope"),
    ("request_changes", "Can request changes in this scope"),
    ("run_discovery", "Can run discovery in this scope"),
]
