"""URLs of the plant, below /plant/."""

from django.urls import path

from assets.choices import ItemKind
from assets.views import (
    grants,
    graph,
    item_bulk,
    item_forms,
    item_lists,
    item_pages,
    locations,
    lookups,
    reference,
    relations,
    zones,
)

app_name = "assets"

ITEMS = [
    path("assets/", item_lists.AssetList.as_view(), name="asset-list"),
    path(
        "assets/add/",
        item_forms.ItemFormPage.as_view(kind=ItemKind.ASSET, create_title="Add asset"),
        name="asset-create",
    ),
    path("assets/<int:pk>/", item_pages.ToItem.as_view(), name="asset-detail"),
    path("systems/", item_lists.SystemList.as_view(), name="system-list"),
    path(
        "systems/add/",
        item_forms.ItemFormPage.as_view(kind=ItemKind.SYSTEM, create_title="Add system"),
        name="system-create",
    ),
    path("systems/<int:pk>/", item_pages.ToItem.as_view(), name="system-detail"),
    path("items/edit/", item_bulk.BulkEdit.as_view(), name="item-bulk-edit"),
    path("items/delete/", item_bulk.BulkDelete.as_view(), name="item-bulk-delete"),
    path("items/<int:pk>/", item_pages.ItemDetails.as_view(), name="item-detail"),
    path("items/<int:pk>/edit/", item_forms.ItemFormPage.as_view(), name="item-edit"),
    path("items/<int:pk>/delete/", item_forms.DeleteItem.as_view(), name="item-delete"),
    path(
        "items/<int:pk>/relations/",
        item_pages.ItemRelationsPage.as_view(),
        name="item-relations",
    ),
    path("items/<int:pk>/relations/add/", relations.AddRelation.as_view(), name="item-relate"),
    path("items/<int:pk>/history/", item_pages.ItemHistory.as_view(), name="item-history"),
    path(
        "items/<int:pk>/provenance/<slug:name>/",
        item_pages.FieldProvenance.as_view(),
        name="item-provenance",
    ),
    path("relations/", relations.RelationList.as_view(), name="relation-list"),
    path("relations/<int:pk>/", relations.EditRelation.as_view(), name="relation-edit"),
    path("relations/<int:pk>/delete/", relations.DeleteRelation.as_view(), name="relation-delete"),
]
PLACES = [
    path("locations/", locations.LocationTree.as_view(), name="location-tree"),
    path("locations/add/", locations.LocationFormPage.as_view(), name="location-create"),
    path("locations/<int:pk>/", locations.LocationPage.as_view(), name="location-detail"),
    path(
        "locations/<int:pk>/history/", locations.LocationHistory.as_view(), name="location-history"
    ),
    path("locations/<int:pk>/edit/", locations.LocationFormPage.as_view(), name="location-edit"),
    path("locations/<int:pk>/delete/", locations.DeleteLocation.as_view(), name="location-delete"),
    path("zones/", zones.ZoneView.as_view(), name="zone-list"),
    path("zones/add/", zones.ZoneFormPage.as_view(), name="zone-create"),
    path("zones/<int:pk>/", zones.ZonePage.as_view(), name="zone-detail"),
    path("zones/<int:pk>/edit/", zones.ZoneFormPage.as_view(), name="zone-edit"),
    path("zones/<int:pk>/delete/", zones.DeletePlace.as_view(), name="zone-delete"),
    path("conduits/add/", zones.ConduitFormPage.as_view(), name="conduit-create"),
    path("conduits/<int:pk>/", zones.ConduitFormPage.as_view(), name="conduit-edit"),
    path(
        "conduits/<int:pk>/delete/",
        zones.DeletePlace.as_view(form_page=zones.ConduitFormPage),
        name="conduit-delete",
    ),
]
REFERENCE = [
    path("products/", reference.ProductList.as_view(), name="product-list"),
    path("products/add/", reference.ProductFormPage.as_view(), name="product-create"),
    path("products/<int:pk>/", reference.ProductFormPage.as_view(), name="product-edit"),
    path("products/<int:pk>/delete/", reference.DeleteReference.as_view(), name="product-delete"),
    path("classes/", reference.ItemClassList.as_view(), name="itemclass-list"),
    path("classes/add/", reference.ItemClassFormPage.as_view(), name="itemclass-create"),
    path("classes/<int:pk>/", reference.ItemClassFormPage.as_view(), name="itemclass-edit"),
    path(
        "classes/<int:pk>/delete/",
        reference.DeleteReference.as_view(form_page=reference.ItemClassFormPage),
        name="itemclass-delete",
    ),
    path("tags/", reference.TagList.as_view(), name="tag-list"),
    path("tags/add/", reference.TagFormPage.as_view(), name="tag-create"),
    path("tags/<int:pk>/", reference.TagFormPage.as_view(), name="tag-edit"),
    path(
        "tags/<int:pk>/delete/",
        reference.DeleteReference.as_view(form_page=reference.TagFormPage),
        name="tag-delete",
    ),
]
GRAPH = [
    path("graph/", graph.GraphExplorer.as_view(), name="graph"),
    path("causes/", graph.Causes.as_view(), name="causes"),
    path("items/<int:pk>/graph/", graph.ItemGraph.as_view(), name="item-graph"),
    path(
        "systems/<int:pk>/single-points/", graph.SinglePoints.as_view(), name="system-single-points"
    ),
]
LOOKUPS = [
    path("lookup/items/", lookups.ItemsLookup.as_view(), name="lookup-items"),
    path("lookup/assets/", lookups.AssetsLookup.as_view(), name="lookup-assets"),
    path("lookup/systems/", lookups.SystemsLookup.as_view(), name="lookup-systems"),
    path("lookup/locations/", lookups.LocationsLookup.as_view(), name="lookup-locations"),
    path("lookup/zones/", lookups.ZonesLookup.as_view(), name="lookup-zones"),
    path("lookup/products/", lookups.ProductsLookup.as_view(), name="lookup-products"),
]
RIGHTS = [
    path("rights/", grants.Grants.as_view(), name="grant-list"),
    path("rights/set/", grants.GrantFormPage.as_view(), name="grant-edit"),
]
urlpatterns = [*ITEMS, *PLACES, *REFERENCE, *GRAPH, *LOOKUPS, *RIGHTS]
