"""`/api/raci/...`"""

from django.urls import path

from common.api.routing import ResourceRouter
from raci.api.views.answers import OwnershipView, WhoView
from raci.api.views.matrices import AssignmentResource, MatrixResource
from raci.api.views.model import (
    AbsenceResource,
    ActivityResource,
    HolderResource,
    RoleResource,
    ServiceLevelResource,
)

router = ResourceRouter()
router.register("activities", ActivityResource, basename="raci-activity")
router.register("roles", RoleResource, basename="raci-role")
router.register("holders", HolderResource, basename="raci-holder")
router.register("absences", AbsenceResource, basename="raci-absence")
router.register("matrices", MatrixResource, basename="raci-matrix")
router.register("assignments", AssignmentResource, basename="raci-assignment")
router.register("service-levels", ServiceLevelResource, basename="raci-service-level")
urlpatterns = [
    path("who/", WhoView.as_view(), name="raci-who"),
    path("ownership/", OwnershipView.as_view(), name="raci-ownership"),
    *router.urls,
]
