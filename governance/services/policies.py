"""Sets which board decides where, with which quorum and thresholds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import TeamKind
from accounts.models import Team
from common.actor import Actor
from common.errors import DomainError
from evidence.services import create_object, update_object
from governance.models import BoardPolicy


class NotABoardError(DomainError):
    """Only a team of the kind board votes."""


def create_policy(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> BoardPolicy:
    """Put a board in place. The caller has checked the right to manage boards."""
    _require_board(values.get("board"))
    return create_object(actor=actor, instance=BoardPolicy(**values), now=now, comment=comment)


def change_policy(
    *,
    actor: Actor,
    policy: BoardPolicy,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> BoardPolicy:
    """Change a board's rules; rounds that are open keep the quorum they were opened with."""
    _require_board(values.get("board", policy.board))
    return update_object(
        actor=actor,
        instance=policy,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


def _require_board(team: Team | None) -> None:
    if team is not None and team.kind != TeamKind.BOARD:
        message = _("'%s' is not a board; choose a team of the kind board.") % team
        raise NotABoardError(message, fields={"board": [message]})
