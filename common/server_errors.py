"""What a failed request is told: an outage by its name with 503 or 507, a bug with 500; on pages and to programs.

Nothing here asks the database, the session or the user: they may be what failed.
"""

import logging
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from common.api.problems import CONTENT_TYPE, problem_body
from common.outages import OutageError, outage_of

logger = logging.getLogger(__name__)

API = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what no view could: Django's handler500, called while the exception is at hand."""
    error = sys.exc_info()[1]
    if outage := outage_of(error):
        return answer_outage(request, outage, error)
    if not request.path.startswith(API):
        return HttpResponse(render_to_string("500.html"), status=500)
    sentence = _("Something went wrong on our side. The log has it under the request id.")
    return _problem(request, 500, sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address nobody serves: Django's handler404."""
    if not request.path.startswith(API):
        return page_not_found(request, exception)
    return _problem(request, 404, _("There is no such address in this API."))


def answer_outage(
    request: HttpRequest, outage: OutageError, error: BaseException | None
) -> HttpResponse:
    """Answer 503 or 507 with the outage's sentence, and log what the driver said."""
    logger.warning("outage", extra={"code": outage.code, "reason": str(error).strip()})
    if request.path.startswith(API):
        answer = _problem(request, outage.status, str(outage), outage.code)
    else:
        answer = HttpResponse(_page(request, outage), status=outage.status)
    for name, value in outage.headers.items():
        answer[name] = value
    return answer


def _page(request: HttpRequest, outage: OutageError) -> str:
    """Return the page; after a POST the way leads back to the form, which still holds what was typed."""
    again = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    request_id = getattr(request, "id", "")
    return render_to_string(
        "outage.html", {"error": outage, "again": again, "request_id": request_id}
    )


def _problem(request: HttpRequest, status: int, detail: str, name: str = "") -> HttpResponse:
    body = problem_body(status, detail, request_id=getattr(request, "id", ""), name=name)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
