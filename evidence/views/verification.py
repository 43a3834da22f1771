"""Verification of the ledger or of a pack handed in, and the page of a running job."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import Job
from common.pages import Crumb, FormPage, Page
from evidence.access import evidence_job_for, may_verify, require_verification
from evidence.forms import VerifyPackForm
from evidence.queries.checkpoints import ledger_state
from evidence.services.requests import request_ledger_verification, request_pack_verification
from evidence.services.uploads import keep_upload


class Verification(FormPage):
    """Where the chain stands; verify it, or a pack."""

    title = _("Verification")
    subtitle = _("Recompute what the ledger or a pack claims. Nothing is taken on trust.")
    template_name = "evidence/verification.html"
    form_class = VerifyPackForm
    submit_title = _("Verify the pack")
    success_message = ""

    def content(self) -> dict[str, Any]:
        """Return where the chain stands."""
        return {"may_verify": may_verify(self.user), "state": ledger_state()}

    def save(self, form: VerifyPackForm) -> Job:
        """Keep the file and enqueue its verification."""
        upload = keep_upload(form.cleaned_data["file"].read())
        return request_pack_verification(actor=self.actor, upload=upload)

    def success_url(self, result: Job) -> str:
        """Watch it."""
        return reverse("evidence:job-detail", args=[result.pk])


class VerifyLedger(Page):
    """Start the verification of the whole ledger."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enqueue it."""
        require_verification(self.user)
        job = request_ledger_verification(actor=self.actor)
        return HttpResponseRedirect(reverse("evidence:job-detail", args=[job.pk]))


class EvidenceJob(Page):
    """A pack being written or a verification running; its verdicts once it is done."""

    template_name = "evidence/job.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Find the job; htmx gets only the progress."""
        self.job = evidence_job_for(self.user, kwargs["pk"])
        if "HX-Request" in request.headers:
            self.template_name = "evidence/job_progress.html"
        answer = super().get(request, *args, **kwargs)
        if self.job.is_finished and "HX-Request" in request.headers:
            answer["HX-Refresh"] = "true"
        return answer

    def get_title(self) -> str:
        """Return what the job does."""
        return self.job.label

    def crumbs(self) -> list[Crumb]:
        """Return the way back."""
        return [Crumb(_("Evidence packs"), reverse("evidence:pack-list")), Crumb(self.job.label)]

    def content(self) -> dict[str, Any]:
        """Return the job."""
        return {
            "job": self.job,
            "progress_url": reverse("evidence:job-detail", args=[self.job.pk]),
            "verdicts": self.job.result.get("verdicts", []),
        }
