"""Changes, what they hit, who decides them and how."""

from governance.models.approvals import Approval, ApprovalRound, Vote
from governance.models.changes import ChangeRequest, ChangeTarget, NumberSeries
from governance.models.impacts import ImpactSnapshot
from governance.models.policies import BoardPolicy

__all__ = [
    "Approval",
    "ApprovalRound",
    "BoardPolicy",
    "ChangeRequest",
    "ChangeTarget",
    "ImpactSnapshot",
    "NumberSeries",
    "Vote",
]
