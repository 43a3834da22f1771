"""ETag and If-Match: an edit of a version that is no longer current is refused with 412."""

from django.utils.translation import gettext as _
from rest_framework.request import Request

from common.errors import StaleVersionError
from common.models import BaseModel


def etag(version: int) -> str:
    """Return the ETag of a version.

    >>> etag(3)
    '"3"'
    """
    return f'"{version}"'


def expected_version(request: Request, row: BaseModel) -> int | None:
    """Return the version named by If-Match; None when the caller names none."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    digits = given.removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit()):
        raise StaleVersionError(
            _("If-Match: %(given)s is not a version of '%(row)s'; it is now %(now)s.")
            % {"given": given, "row": row, "now": etag(row.version)}
        )
    return int(digits)
