"""`/api/discovery/...`"""

from django.urls import path

from common.api.routing import ResourceRouter
from discovery.api.views.cases import (
    CaseResource,
    ItemKeyResource,
    MergeResource,
    NotSameResource,
    ObservationResource,
)
from discovery.api.views.collectors import CollectorResource
from discovery.api.views.current_state import CurrentStateView, LinkStandingView
from discovery.api.views.drift import DriftResource
from discovery.api.views.maps import MapApi, MapPdfApi, MapPdfFileApi, MapSvgApi
from discovery.api.views.membership import (
    SubnetMemberResource,
    SubnetResource,
    VlanPortResource,
    VlanResource,
)
from discovery.api.views.policies import (
    CredentialResource,
    NetworkResource,
    ScanApprovalResource,
    StopOrderResource,
)
from discovery.api.views.presences import OwnerGapResource, PresenceResource
from discovery.api.views.rules import (
    DraftView,
    RuleDetailView,
    RuleListView,
    SiteRuleResource,
    UnknownDevicesView,
)
from discovery.api.views.scans import DryRunView, ScanResource
from discovery.api.views.schedules import ScheduledRunResource, ScheduleResource
from discovery.api.views.seen_imports import SeenImportApply, SeenImportList, SeenImportOne

router = ResourceRouter()
router.register("networks", NetworkResource, basename="discovery-network")
router.register("credentials", CredentialResource, basename="discovery-credential")
router.register("approvals", ScanApprovalResource, basename="discovery-approval")
router.register("collectors", CollectorResource, basename="discovery-collector")
router.register("stop-orders", StopOrderResource, basename="discovery-stop-order")
router.register("scans", ScanResource, basename="discovery-scan")
router.register("schedules", ScheduleResource, basename="discovery-schedule")
router.register("scheduled-runs", ScheduledRunResource, basename="discovery-scheduled-run")
router.register("presences", PresenceResource, basename="discovery-presence")
router.register("owner-gaps", OwnerGapResource, basename="discovery-owner-gap")
router.register("drifts", DriftResource, basename="discovery-drift")
router.register("observations", ObservationResource, basename="discovery-observation")
router.register("cases", CaseResource, basename="discovery-case")
router.register("item-keys", ItemKeyResource, basename="discovery-item-key")
router.register("not-same", NotSameResource, basename="discovery-not-same")
router.register("merges", MergeResource, basename="discovery-merge")
router.register("vlans", VlanResource, basename="discovery-vlan")
router.register("vlan-ports", VlanPortResource, basename="discovery-vlan-port")
router.register("subnets", SubnetResource, basename="discovery-subnet")
router.register("subnet-members", SubnetMemberResource, basename="discovery-subnet-member")
router.register("site-rules", SiteRuleResource, basename="discovery-site-rule")
urlpatterns = [
    path("rules/", RuleListView.as_view(), name="discovery-rules"),
    path("rules/<slug:name>/", RuleDetailView.as_view(), name="discovery-rule"),
    path("unknown-devices/", UnknownDevicesView.as_view(), name="discovery-unknown-devices"),
    path("unknown-devices/draft/", DraftView.as_view(), name="discovery-rule-draft"),
    path("seen-imports/", SeenImportList.as_view(), name="discovery-seen-imports"),
    path("seen-imports/<int:pk>/", SeenImportOne.as_view(), name="discovery-seen-import"),
    path(
        "seen-imports/<int:pk>/apply/",
        SeenImportApply.as_view(),
        name="discovery-seen-import-apply",
    ),
    path("map/", MapApi.as_view(), name="discovery-map"),
    path("map/svg/", MapSvgApi.as_view(), name="discovery-map-svg"),
    path("map/pdf/", MapPdfApi.as_view(), name="discovery-map-pdf"),
    path("map/pdf/<int:pk>/", MapPdfFileApi.as_view(), name="discovery-map-pdf-file"),
    path("dry-run/", DryRunView.as_view(), name="discovery-dry-run"),
    path("current-state/", CurrentStateView.as_view(), name="discovery-current-state"),
    path("links/", LinkStandingView.as_view(), name="discovery-links"),
    *router.urls,
]
