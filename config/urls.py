"""Every URL of the site; each app brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("common.urls")),
    path("api/", include("config.api")),
]
