"""How resources are described in the OpenAPI document: filters, field choice, bulk bodies."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

CHOOSING = [
    OpenApiParameter("ordering", str, description="Columns to sort by; `-` for descending."),
    OpenApiParameter("fields", str, description="Comma-separated fields to return."),
    OpenApiParameter("omit", str, description="Comma-separated fields to leave out."),
    OpenApiParameter("brief", bool, description="Only id, code, name and url."),
    OpenApiParameter("cursor", int, description="Keyset paging for exports; start with 0."),
]
BY_ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag the change is based on."
)


class ResourceSchema(AutoSchema):
    """Adds the parameters every Resource takes."""

    def get_override_parameters(self) -> list[Any]:
        """Return filters for lists, If-Match for writes."""
        action = getattr(self.view, "action", "")
        filterset = getattr(self.view, "filterset", None)
        if action == "list" and filterset is not None:
            filters = [
                OpenApiParameter(name, str, many=True, description=one.label or "")
                for name, one in filterset.known_filters().items()
            ]
            return [*filters, *CHOOSING]
        found = [BY_ID] if getattr(self.view, "detail", False) else []
        return [*found, IF_MATCH] if action in {"partial_update", "destroy"} else found

    def is_excluded(self) -> bool:
        """Leave the writing half of read-only resources out."""
        action = getattr(self.view, "action", "")
        writes = {"create", "partial_update", "destroy", "bulk_update", "bulk_destroy"}
        return action in writes and not getattr(self.view, "is_writable", True)

    def get_operation_id(self) -> str:
        """Name bulk operations on a list apart from those on one object."""
        name: str = super().get_operation_id()
        action = getattr(self.view, "action", "")
        return f"{name}_bulk" if action.startswith("bulk_") else name
