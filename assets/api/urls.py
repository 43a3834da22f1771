"""`/api/assets/...`"""

from django.urls import path

from assets.api.views.graph import CausesView, GraphView, SinglePointsView
from assets.api.views.impact import ImpactView
from assets.api.views.items import AssetResource, ItemResource, SystemResource
from assets.api.views.places import ConduitResource, LocationResource, ZoneResource
from assets.api.views.reference import ItemClassResource, ProductResource, TagResource
from assets.api.views.relations import RelationResource
from common.api.routing import ResourceRouter

router = ResourceRouter()
router.register("items", ItemResource, basename="assets-item")
router.register("assets", AssetResource, basename="assets-asset")
router.register("systems", SystemResource, basename="assets-system")
router.register("locations", LocationResource, basename="assets-location")
router.register("zones", ZoneResource, basename="assets-zone")
router.register("conduits", ConduitResource, basename="assets-conduit")
router.register("relations", RelationResource, basename="assets-relation")
router.register("item-classes", ItemClassResource, basename="assets-item-class")
router.register("products", ProductResource, basename="assets-product")
router.register("tags", TagResource, basename="assets-tag")
urlpatterns = [
    path("impact/", ImpactView.as_view(), name="assets-impact"),
    path("causes/", CausesView.as_view(), name="assets-causes"),
    path("single-points/", SinglePointsView.as_view(), name="assets-single-points"),
    path("graph/", GraphView.as_view(), name="assets-graph"),
    *router.urls,
]
