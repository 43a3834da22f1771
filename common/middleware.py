"""Request id for logs and ledger, and the one place where a page turns a domain error into an answer."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import DomainError
from common.outages import outage_of
from common.refused_values import refused_value
from common.server_errors import answer_outage


class RequestIdMiddleware:
    """Give every request an id; take the caller's X-Request-ID when it is a plain token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        acceptable = len(given) <= 64 and given.replace("-", "").isalnum()
        request.id = given if acceptable else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class DomainErrorMiddleware:
    """Answer a DomainError raised by a page with its sentence and status, and an outage with what it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if outage := outage_of(exception):
            return answer_outage(request, outage, exception)
        error = refused_value(exception) or exception
        if not isinstance(error, DomainError):
            return None
        return render(request, "ui/error.html", {"error": error}, status=error.status)
