"""Which part of a list is asked for, and the envelope it comes in."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

from common.errors import DomainError


class BadRequestError(DomainError):
    """A parameter or body is not what the endpoint takes."""


class Paging(LimitOffsetPagination):
    """`limit` (50, at most 1000) and `offset`; describes the envelope in the OpenAPI document."""

    default_limit = 50
    max_limit = 1000


class Window:
    """The part of a list that was asked for."""

    def __init__(self, request: Request) -> None:
        self.limit = self._bounded(request, "limit", 50, 1, 1000)
        self.offset = self._bounded(request, "offset", 0, 0, 10_000_000)

    @staticmethod
    def _bounded(request: Request, name: str, default: int, least: int, most: int) -> int:
        given = request.GET.get(name, "")
        if given == "":
            return default
        if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
            raise BadRequestError(
                _("%(name)s: '%(value)s' is not a number from %(least)s to %(most)s.")
                % {"name": name, "value": given, "least": least, "most": most}
            )
        return int(given)

    def envelope(
        self, request: Request, rows: QuerySet[Any], results: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Return {count, next, previous, results}; results hold one row more when there is a next."""
        more = len(results) > self.limit
        del results[self.limit :]
        known = not more and (results or self.offset == 0)
        count = self.offset + len(results) if known else rows.order_by().count()
        following = link_with(request, offset=str(self.offset + self.limit)) if more else None
        back = max(0, self.offset - self.limit)
        previous = link_with(request, offset=str(back)) if self.offset else None
        return {"count": count, "next": following, "previous": previous, "results": results}


def link_with(request: Request, **changes: str) -> str:
    """Return the request's own URL with some parameters replaced."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
