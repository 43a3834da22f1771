"""Every error leaves the API as a problem document (RFC 9457)."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from common.errors import DomainError
from common.outages import outage_of
from common.refused_values import refused_value

logger = logging.getLogger(__name__)

TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Changed by somebody else",
    415: "Unsupported media type",
    428: "Precondition required",
    429: "Too many requests",
    500: "Error of the site",
    503: "Not available",
    507: "Disk full",
}
CONTENT_TYPE = "application/problem+json"


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn an exception into a problem document; None lets Django answer 500."""
    request = context.get("request")
    error = refused_value(error) or error
    found = _problem(error)
    if found is None:
        return None
    if outage := outage_of(error):
        logger.warning("outage", extra={"code": outage.code, "reason": str(error).strip()})
    code, detail, fields, headers = found
    request_id = getattr(getattr(request, "_request", None), "id", "")
    name = getattr(outage or error, "code", "")
    body = problem_body(code, detail, request_id=request_id, name=name)
    if fields:
        body["errors"] = fields
    return Response(body, status=code, headers=headers, content_type=CONTENT_TYPE)


def problem_body(status: int, detail: str, *, request_id: str, name: str = "") -> dict[str, Any]:
    """Return a problem document; `name` tells problems of one status apart."""
    return {
        "type": f"about:blank#{name or status}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "request_id": request_id,
    }


def _problem(error: Exception) -> tuple[int, str, Any, dict[str, str]] | None:
    if outage := outage_of(error):
        return outage.status, str(outage), None, outage.headers
    if isinstance(error, DomainError):
        return error.status, str(error), error.fields, {}
    if isinstance(error, Http404):
        return 404, _("There is no such object, or it is not yours to see."), None, {}
    if isinstance(error, PermissionDenied):
        return 403, str(error) or _("You may not do this."), None, {}
    if isinstance(error, IntegrityError):
        return 409, _("The data contradicts what is already there: %s") % error, None, {}
    if isinstance(error, exceptions.ValidationError):
        return status.HTTP_400_BAD_REQUEST, _sentence(error.detail), error.detail, {}
    if isinstance(error, exceptions.APIException):
        header = getattr(error, "auth_header", None)
        headers = {"WWW-Authenticate": header} if header else {}
        return error.status_code, str(error.detail), None, headers
    return None


def _sentence(detail: Any) -> str:
    if isinstance(detail, dict):
        return " ".join(f"{name}: {_sentence(inner)}" for name, inner in detail.items())
    if isinstance(detail, list):
        rows = [
            f"[{index}] {_sentence(inner)}" if isinstance(inner, dict) else _sentence(inner)
            for index, inner in enumerate(detail)
            if inner
        ]
        return " ".join(rows)
    return str(detail)
