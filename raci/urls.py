"""`/ownership/...`"""

from django.urls import path

from raci.views import forms, lists, maps, matrices, tabs

app_name = "raci"
urlpatterns = [
    path("", maps.OwnershipMapPage.as_view(), name="map"),
    path("findings/", maps.FindingsPage.as_view(), name="finding-list"),
    path("matrices/", matrices.MatrixList.as_view(), name="matrix-list"),
    path("matrices/add/", matrices.MatrixFormPage.as_view(), name="matrix-create"),
    path("matrices/<int:pk>/", matrices.MatrixPage.as_view(), name="matrix-detail"),
    path("matrices/<int:pk>/edit/", matrices.MatrixFormPage.as_view(), name="matrix-edit"),
    path("matrices/<int:pk>/publish/", matrices.PublishMatrix.as_view(), name="matrix-publish"),
    path("matrices/<int:pk>/draft/", matrices.DraftMatrix.as_view(), name="matrix-draft"),
    path("matrices/<int:pk>/discard/", matrices.DiscardMatrix.as_view(), name="matrix-discard"),
    path(
        "matrices/<int:matrix_pk>/assign/",
        forms.AssignmentFormPage.as_view(),
        name="matrix-assign",
    ),
    path("assignments/<int:pk>/", forms.AssignmentFormPage.as_view(), name="assignment-edit"),
    path(
        "assignments/<int:pk>/remove/", forms.RemoveAssignment.as_view(), name="assignment-remove"
    ),
    path("activities/", lists.ActivityList.as_view(), name="activity-list"),
    path("activities/add/", forms.ActivityFormPage.as_view(), name="activity-create"),
    path("activities/<int:pk>/", forms.ActivityFormPage.as_view(), name="activity-edit"),
    path("roles/", lists.RoleList.as_view(), name="role-list"),
    path("roles/add/", forms.RoleFormPage.as_view(), name="role-create"),
    path("roles/<int:pk>/", forms.RoleFormPage.as_view(), name="role-edit"),
    path("holders/", lists.HolderList.as_view(), name="holder-list"),
    path("holders/add/", forms.HolderFormPage.as_view(), name="holder-create"),
    path("holders/<int:pk>/", forms.HolderFormPage.as_view(), name="holder-edit"),
    path("absences/", lists.AbsenceList.as_view(), name="absence-list"),
    path("absences/add/", forms.AbsenceFormPage.as_view(), name="absence-create"),
    path("absences/<int:pk>/", forms.AbsenceFormPage.as_view(), name="absence-edit"),
    path("service-levels/", lists.ServiceLevelList.as_view(), name="servicelevel-list"),
    path("service-levels/add/", forms.ServiceLevelFormPage.as_view(), name="servicelevel-create"),
    path(
        "service-levels/<int:pk>/", forms.ServiceLevelFormPage.as_view(), name="servicelevel-edit"
    ),
    path("items/<int:pk>/", tabs.ItemOwnership.as_view(), name="item-ownership"),
    path("people/<int:pk>/roles/", tabs.PersonRoles.as_view(), name="person-roles"),
    path("items/<int:pk>/owner/", tabs.ItemOwner.as_view(), name="item-owner"),
    path("items/<int:pk>/trace/", tabs.OwnerTrace.as_view(), name="item-trace"),
    path("locations/<int:pk>/", tabs.LocationOwnership.as_view(), name="location-ownership"),
]
