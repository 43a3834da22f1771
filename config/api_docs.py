"""The API documentation page: Swagger UI from our own static files."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularSwaggerSplitView


@method_decorator(
    csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}), name="dispatch"
)
class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI styles its elements inline, so this page alone allows inline styles."""
