"""`/api/governance/...`"""

from django.urls import path

from common.api.routing import ResourceRouter
from governance.api.views.approvals import (
    ApprovalResource,
    ApprovalRoundResource,
    BoardPolicyResource,
    ConsequenceView,
)
from governance.api.views.changes import ChangeResource
from governance.api.views.impact import AskedImpactView

router = ResourceRouter()
router.register("changes", ChangeResource, basename="governance-change")
router.register("approvals", ApprovalResource, basename="governance-approval")
router.register("rounds", ApprovalRoundResource, basename="governance-round")
router.register("board-policies", BoardPolicyResource, basename="governance-board-policy")
urlpatterns = [
    path("impact/", AskedImpactView.as_view(), name="governance-impact"),
    path("consequence/", ConsequenceView.as_view(), name="governance-consequence"),
    *router.urls,
]
