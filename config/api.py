"""`/api/`: each app's endpoints under its name, the schema, the documentation, the status."""

from django.conf import settings
from django.urls import include, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.api_docs import ApiDocsView

APPS = ("accounts", "assets", "evidence", "raci", "governance", "discovery", "portal")


class StatusView(APIView):
    """Who am I talking to, and as whom."""

    @extend_schema(responses={200: dict})
    def get(self, request: Request) -> Response:
        """Return the product, its version, the server's time and the caller."""
        return Response(
            {
                "product": "Raceway",
                "version": settings.SPECTACULAR_SETTINGS["VERSION"],
                "time": timezone.now(),
                "user": str(request.user),
            }
        )


urlpatterns = [
    path("status/", StatusView.as_view(), name="api-status"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", ApiDocsView.as_view(url_name="api-schema"), name="api-docs"),
    *[path(f"{app}/", include(f"{app}.api.urls")) for app in APPS],
]
