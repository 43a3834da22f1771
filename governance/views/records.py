"""Asking for a decision record, watching it being written, fetching the PDF."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from common.jobs import jobs_visible_to
from common.models import Job, JobState
from common.pages import Crumb, Page
from governance.access import change_for
from governance.models import ChangeRequest
from governance.services.records import record_file, request_record
from governance.views.changes import ChangeStep


class RequestRecord(ChangeStep):
    """The button of the change page."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Ask, then show the progress."""
        job = request_record(actor=self.actor, change=self.instance)
        return HttpResponseRedirect(
            reverse("governance:record-progress", args=[self.instance.pk, job.pk])
        )


class RecordProgress(Page):
    """The progress of a record; its PDF as soon as it is there."""

    template_name = "governance/record.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Answer the page, or the polled fragment."""
        self.change, self.job = _change_and_job(self.user, kwargs)
        if request.headers.get("HX-Request"):
            self.template_name = "governance/record_progress.html"
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_title(self) -> str:
        """Name the record."""
        return _("Decision record of %s") % self.change.number

    def crumbs(self) -> list[Crumb]:
        """Return the way back."""
        return [Crumb(self.change.number, self.change.get_absolute_url())]

    def content(self) -> dict[str, Any]:
        """Return the job."""
        is_ready = self.job.state == JobState.SUCCEEDED
        return {
            "job": self.job,
            "change": self.change,
            "progress_url": self.request.path,
            "file_url": f"{self.request.path}file/" if is_ready else "",
        }


class RecordFile(LoginRequiredMixin, View):
    """The PDF itself."""

    def get(self, request: HttpRequest, **kwargs: int) -> FileResponse:
        """Answer the file, for who may see the change and asked for the record."""
        change, job = _change_and_job(request.user, kwargs)
        return FileResponse(
            record_file(change, job).open("rb"),
            as_attachment=True,
            filename=f"{change.number}.pdf",
            content_type="application/pdf",
        )


def _change_and_job(user: Any, kwargs: Mapping[str, int]) -> tuple[ChangeRequest, Job]:  # noqa: ANN401
    job = get_object_or_404(jobs_visible_to(user), pk=kwargs["job"])
    return change_for(user, kwargs["pk"]), job
