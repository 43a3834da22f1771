"""What waits for a person, from every app that has something to wait for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits: a sentence, its page, since when or until when."""

    title: str
    url: str
    kind: Any
    detail: str = ""
    due: datetime | None = None
    icon: str = "inbox"


Source = Callable[[User, datetime], Sequence[WaitingItem]]
SOURCES: tuple[Source, ...] = ()


def waiting_for(user: User, *, at: datetime) -> list[WaitingItem]:
    """Return everything that waits for the user, the most urgent first."""
    found = [item for source in SOURCES for item in source(user, at)]
    return sorted(found, key=lambda item: (item.due is None, item.due or at, item.title))
