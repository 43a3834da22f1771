"""The page of a background job: its progress while it runs, then what came of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from common.models import Job
from common.pages import Page


class JobPage(Page):
    """Set `template_name` and `job_for`; htmx gets only the progress while the job runs."""

    job: Job

    def job_for(self, pk: int) -> Job:
        """Return the job; 404 when it is not this person's to see."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Answer the page, its progress, or the word that it is over."""
        self.job = self.job_for(kwargs["pk"])
        asks_progress = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
        if asks_progress and not self.job.is_finished:
            self.template_name = "imports/progress.html"
        elif asks_progress:
            answer = HttpResponse(status=204)
            answer["HX-Refresh"] = "true"
            return answer
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_title(self) -> str:
        """Return what the job does."""
        return self.job.label
