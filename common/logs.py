"""Structured logs: one line per event, JSON for machines or readable for a console, each with its request id.

Everything goes through the standard library's logging, so that Django, Celery and our own events look alike.
"""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

QUIET_PATHS = ("/health/", "/metrics", "/static/")


def logging_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    """Return Django's LOGGING setting.

    >>> logging_settings(as_json=True, level="INFO")["root"]["level"]
    'INFO'
    """
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Plain tracebacks: the pretty ones print local variables, and with them passwords.
    ending = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
            }
        },
        "filters": {"quiet": {"()": lambda: is_news}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR", "filters": ["quiet"]},
            "django.server": {"level": "ERROR"},
            "celery": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "pyhanko": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
        },
    }


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether a refused request is to be logged: a probe that answers 503 has told the reason already."""
    path = getattr(getattr(record, "request", None), "path", "")
    is_probe = path.startswith(QUIET_PATHS)
    return not (is_probe and getattr(record, "status_code", 0) == HTTPStatus.SERVICE_UNAVAILABLE)


class RequestLogMiddleware:
    """Bind the request id to every line logged below, and write one line per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=getattr(request, "id", ""))
        response = self.get_response(request)
        if not request.path.startswith(QUIET_PATHS):
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - start) * 1000, 1),
                },
            )
        return response
