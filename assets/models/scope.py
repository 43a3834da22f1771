"""Permissions that are granted on scope nodes (Location, Zone, System), never on single assets."""

SCOPE_PERMISSIONS = [
    ("view_items", "Can see the items in this scope"),
    ("edit_items", "Can edit the items in this scope"),
    ("manage_ownership", "Can manage ownership in this scope"),
    ("request_changes", "Can request changes in this scope"),
]
