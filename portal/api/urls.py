"""`/api/portal/...`"""

from django.urls import path

from portal.api import views

urlpatterns = [
    path("import-kinds/", views.KindList.as_view(), name="portal-import-kind-list"),
    path("imports/", views.ImportList.as_view(), name="portal-import-list"),
    path("imports/<int:pk>/", views.ImportOne.as_view(), name="portal-import-detail"),
    path("imports/<int:pk>/apply/", views.ImportApply.as_view(), name="portal-import-apply"),
    path("exports/<slug:kind>/", views.ExportOne.as_view(), name="portal-export"),
]
