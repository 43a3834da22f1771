"""URLs of the portal: home, search, site switcher, inbox, import and export, component gallery."""

from django.urls import path

from portal.views import exports, gallery, imports, inbox, netbox, search, sites

app_name = "portal"
urlpatterns = [
    path("search/", search.Search.as_view(), name="search"),
    path("sites/", sites.Sites.as_view(), name="sites"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/count/", inbox.InboxCount.as_view(), name="inbox-count"),
    path("import/", imports.ImportStart.as_view(), name="import"),
    path("import/<int:pk>/", imports.ImportDetail.as_view(), name="import-detail"),
    path("import/<int:pk>/apply/", imports.ImportApply.as_view(), name="import-apply"),
    path("import/netbox/", netbox.NetBoxStart.as_view(), name="netbox"),
    path("import/netbox/<int:pk>/", netbox.NetBoxDetail.as_view(), name="netbox-detail"),
    path("import/netbox/<int:pk>/apply/", netbox.NetBoxApply.as_view(), name="netbox-apply"),
    path("plant/export/<slug:kind>/", exports.Export.as_view(), name="export"),
    path("ui/", gallery.Gallery.as_view(), name="gallery"),
]
