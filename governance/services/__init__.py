"""Every write of governance, one function a use case."""

from governance.services.drafting import ChangeValues, draft_change, edit_change
from governance.services.execution import Execution, execute_change
from governance.services.outcomes import complete_change, fail_change, withdraw_change
from governance.services.policies import change_policy, create_policy
from governance.services.submission import submit_change
from governance.services.voting import vote, vote_on_seats

__all__ = [
    "ChangeValues",
    "Execution",
    "change_policy",
    "complete_change",
    "create_policy",
    "draft_change",
    "edit_change",
    "execute_change",
    "fail_change",
    "submit_change",
    "vote",
    "vote_on_seats",
    "withdraw_change",
]
