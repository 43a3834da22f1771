"""URLs of the portal: home, search, site switcher, inbox, component gallery."""

from django.urls import path

from portal.views import gallery, inbox, search, sites

app_name = "portal"
urlpatterns = [
    path("search/", search.Search.as_view(), name="search"),
    path("sites/", sites.Sites.as_view(), name="sites"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/count/", inbox.InboxCount.as_view(), name="inbox-count"),
    path("ui/", gallery.Gallery.as_view(), name="gallery"),
]
