"""Sets which board decides where, with which quorum and thresholds."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.choices import TeamKind
from common.actor import Actor
from common.errors import DomainError
from evidence.services import save_reference
from governance.models import BoardPolicy


class NotABoardError(DomainError):
    """Only a team of the kind board votes."""


def save_policy(*, actor: Actor, policy: BoardPolicy, now: datetime) -> BoardPolicy:
    """Create or update a board's policy. The caller has checked the right to manage boards."""
    if policy.board.kind != TeamKind.BOARD:
        message = _("'%s' is not a board; choose a team of the kind board.") % policy.board
        raise NotABoardError(message, fields={"board": [message]})
    return save_reference(actor=actor, instance=policy, now=now)
