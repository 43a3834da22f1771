"""JSON out, by orjson."""

from collections.abc import Mapping
from decimal import Decimal

import orjson
from rest_framework.renderers import BaseRenderer


def _default(value: object) -> str | list[object]:
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if isinstance(value, Decimal):
        return str(value)
    return str(value)


class OrjsonRenderer(BaseRenderer):
    """Times as ISO 8601 in UTC, decimals as text."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, object] | None = None,
    ) -> bytes:
        """Return the body; an empty one for None."""
        if data is None:
            return b""
        return orjson.dumps(
            data, default=_default, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
        )
