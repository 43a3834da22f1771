"""Every write of governance, one function a use case."""

from governance.services.drafting import ChangeValues, draft_change, edit_change
from governance.services.execution import Execution, execute_change
from governance.services.outcomes import complete_change, fail_change, withdraw_change
from governance.services.policies import save_policy
from governance.services.submission import submit_change
from governance.services.voting import vote

__all__ = [
    "ChangeValues",
    "Execution",
    "complete_change",
    "draft_change",
    "edit_change",
    "execute_change",
    "fail_change",
    "save_policy",
    "submit_change",
    "vote",
    "withdraw_change",
]
