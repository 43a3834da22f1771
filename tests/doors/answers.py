"""Asking a door, and comparing what it answered: everything in the body that is text, without what differs each time."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.db import transaction
from django.test import Client

EACH_TIME = re.compile(
    r"[A-Za-z0-9]{64}|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f-]{27}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?|nonce-[\w+/=]+|nonce=\"[^\"]*\""
    r"|\"request_id\": ?\"[^\"]*\"|\"ms\": [\d.]+"
)


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def client_of(user: Any) -> Client:
    """Return somebody's browser; an error of the site is answered, not raised."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def body_of(response: Any) -> str:
    """Return the text of an answer; of a workbook, the text of all its parts."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return f"{content.decode(errors='replace')}\n{response.headers.get('Content-Disposition', '')}"


def shape_of(response: Any) -> tuple[int, str, str]:
    """Return status, where it leads, and the text without tokens and times."""
    return (
        response.status_code,
        response.headers.get("Location", ""),
        EACH_TIME.sub("~", body_of(response)),
    )
