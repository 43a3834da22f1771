"""`/api/evidence/...`"""

from django.urls import path

from common.api.routing import ResourceRouter
from evidence.api.entries import EntryDetail, EntryList
from evidence.api.packs import JobDetail, PackFileView, PackResource
from evidence.api.verification import VerifyView

router = ResourceRouter()
router.register("packs", PackResource, basename="evidence-pack")
urlpatterns = [
    path("entries/", EntryList.as_view(), name="evidence-entry-list"),
    path("entries/<int:pk>/", EntryDetail.as_view(), name="evidence-entry-detail"),
    path("packs/<int:pk>/file/", PackFileView.as_view(), name="evidence-pack-file"),
    path("jobs/<int:pk>/", JobDetail.as_view(), name="evidence-job-detail"),
    path("verify/", VerifyView.as_view(), name="evidence-verify"),
    *router.urls,
]
