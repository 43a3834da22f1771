"""Every URL of the site; each app brings its own."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, include, path

from portal.views.home import Home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", Home.as_view(), name="home"),
    path("", include("common.urls")),
    path("", include("portal.urls")),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("plant/", include("assets.urls")),
    path("ownership/", include("raci.urls")),
    path("discovery/", include("discovery.urls")),
    path("people/", include("accounts.urls")),
    path("changes/", include("governance.urls")),
    path("evidence/", include("evidence.urls")),
    path("api/", include("config.api")),
]

handler404 = "common.server_errors.not_found"
handler500 = "common.server_errors.server_error"
