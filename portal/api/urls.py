"""`/api/portal/...`"""

from django.urls import path

from portal.api import netbox, views

urlpatterns = [
    path("import-kinds/", views.KindList.as_view(), name="portal-import-kind-list"),
    path("imports/", views.ImportList.as_view(), name="portal-import-list"),
    path("imports/<int:pk>/", views.ImportOne.as_view(), name="portal-import-detail"),
    path("imports/<int:pk>/apply/", views.ImportApply.as_view(), name="portal-import-apply"),
    path("netbox/", netbox.NetBoxList.as_view(), name="portal-netbox-list"),
    path("netbox/<int:pk>/", netbox.NetBoxOne.as_view(), name="portal-netbox-detail"),
    path("netbox/<int:pk>/apply/", netbox.NetBoxApply.as_view(), name="portal-netbox-apply"),
    path("exports/<slug:kind>/", views.ExportOne.as_view(), name="portal-export"),
]
