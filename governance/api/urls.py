"""`/api/governance/...`"""

from django.urls import path

from common.api.routing import ResourceRouter
from governance.api.views.approvals import (
    ApprovalResource,
    BoardPolicyResource,
    ConsequenceView,
)
from governance.api.views.changes import ChangeResource

router = ResourceRouter()
router.register("changes", ChangeResource, basename="governance-change")
router.register("approvals", ApprovalResource, basename="governance-approval")
router.register("board-policies", BoardPolicyResource, basename="governance-board-policy")
urlpatterns = [
    path("consequence/", ConsequenceView.as_view(), name="governance-consequence"),
    *router.urls,
]
