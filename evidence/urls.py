"""`/evidence/...`"""

from django.urls import path

from evidence.views import ledger, packs, verification

app_name = "evidence"
urlpatterns = [
    path("", packs.PackList.as_view(), name="pack-list"),
    path("new/", packs.PackCreate.as_view(), name="pack-create"),
    path("packs/<int:pk>/", packs.PackPage.as_view(), name="pack-detail"),
    path("packs/<int:pk>/file/", packs.PackFile.as_view(), name="pack-file"),
    path("ledger/", ledger.LedgerList.as_view(), name="entry-list"),
    path("ledger/<int:pk>/", ledger.LedgerEntryPage.as_view(), name="entry-detail"),
    path("verify/", verification.Verification.as_view(), name="verification"),
    path("verify/ledger/", verification.VerifyLedger.as_view(), name="verify-ledger"),
    path("jobs/<int:pk>/", verification.EvidenceJob.as_view(), name="job-detail"),
]
