"""Addresses of changes, under /changes/."""

from django.urls import path

from governance.views import changes, drafting, impact, policies, queue, records, steps

app_name = "governance"
urlpatterns = [
    path("", changes.ChangeList.as_view(), name="changerequest-list"),
    path("queue/", queue.Queue.as_view(), name="queue"),
    path("calendar/", queue.Calendar.as_view(), name="calendar"),
    path("board/", queue.Board.as_view(), name="board"),
    path("board/add/", policies.PolicyForm.as_view(), name="boardpolicy-create"),
    path("board/<int:pk>/edit/", policies.PolicyForm.as_view(), name="boardpolicy-edit"),
    path("add/", drafting.DraftChange.as_view(), name="changerequest-create"),
    path("impact/", impact.ImpactPage.as_view(), name="impact"),
    path("items/<int:pk>/impact/", impact.ItemImpact.as_view(), name="item-impact"),
    path("preview/", drafting.Preview.as_view(), name="preview"),
    path("<int:pk>/", changes.ChangeDetail.as_view(), name="changerequest-detail"),
    path("<int:pk>/impact/", changes.ChangeImpact.as_view(), name="changerequest-impact"),
    path("<int:pk>/history/", changes.ChangeHistory.as_view(), name="changerequest-history"),
    path("<int:pk>/edit/", drafting.EditChange.as_view(), name="changerequest-edit"),
    path("<int:pk>/submit/", steps.Submit.as_view(), name="changerequest-submit"),
    path("<int:pk>/execute/", steps.Execute.as_view(), name="changerequest-execute"),
    path("<int:pk>/close/", steps.Close.as_view(), name="changerequest-close"),
    path("<int:pk>/withdraw/", steps.Withdraw.as_view(), name="changerequest-withdraw"),
    path("<int:pk>/vote/", steps.CastVote.as_view(), name="changerequest-vote"),
    path("<int:pk>/seats/<int:seat>/why/", changes.SeatTrace.as_view(), name="seat-trace"),
    path("<int:pk>/record/", records.RequestRecord.as_view(), name="changerequest-record"),
    path("<int:pk>/record/<int:job>/", records.RecordProgress.as_view(), name="record-progress"),
    path("<int:pk>/record/<int:job>/file/", records.RecordFile.as_view(), name="record-file"),
]
