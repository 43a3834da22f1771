"""Forms of boards, their quorum and thresholds."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.pages import Crumb, RecordForm
from governance.access import policy_for, require_board_manager
from governance.forms import BoardPolicyForm
from governance.models import BoardPolicy
from governance.services import change_policy, create_policy


class PolicyForm(RecordForm):
    """Add or edit a board's rules."""

    form_class = BoardPolicyForm
    create_title = _("Add a board")

    def record(self, pk: int) -> BoardPolicy:
        """Return the policy to edit."""
        require_board_manager(self.user)
        return policy_for(self.user, pk)

    def may_add(self) -> None:
        """Refuse others."""
        require_board_manager(self.user)

    def form_options(self) -> dict[str, Any]:
        """Give the form its user."""
        return {**super().form_options(), "user": self.user}

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way back."""
        return [Crumb(_("Review board"), "/changes/board/")]

    def create(self, values: Mapping[str, Any], comment: str) -> BoardPolicy:
        """Create."""
        return create_policy(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(
        self, record: BoardPolicy, values: Mapping[str, Any], version: int | None, comment: str
    ) -> BoardPolicy:
        """Change."""
        return change_policy(
            actor=self.actor,
            policy=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )
