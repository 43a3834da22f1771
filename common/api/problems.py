"""Every error leaves the API as a problem document (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from common.errors import DomainError

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
    503: "Not available",
}


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn an exception into a problem document; None lets Django answer 500."""
    request = context.get("request")
    found = _problem(error)
    if found is None:
        return None
    code, detail, fields, headers = found
    body: dict[str, Any] = {
        "type": f"about:blank#{getattr(error, 'code', '') or code}",
        "title": TITLES.get(code, "Error"),
        "status": code,
        "detail": detail,
        "request_id": getattr(getattr(request, "_request", None), "id", ""),
    }
    if fields:
        body["errors"] = fields
    return Response(body, status=code, headers=headers, content_type="application/problem+json")


def _problem(error: Exception) -> tuple[int, str, Any, dict[str, str]] | None:
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
