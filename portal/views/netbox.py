"""Pages of the NetBox import: a dump or an address, what it would do, apply it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from common.models import Job
from common.pages import Action, Crumb, FormPage, Page
from portal.access import (
    netbox_job_for,
    netbox_jobs_visible_to,
    require_import_of_everything,
)
from portal.forms import NetBoxForm
from portal.queries.netbox import summary_of
from portal.services.netbox import (
    apply_netbox_preview,
    request_from_file,
    request_from_server,
)
from portal.views.imports import import_sources
from portal.views.jobs import JobPage

LAST = 8


@method_decorator(sensitive_post_parameters("token"), name="dispatch")
class NetBoxStart(FormPage):
    """Send a dump, or name a running NetBox; administrators only."""

    title = _("Import")
    subtitle = _("Nothing is written before you have seen what would change.")
    template_name = "imports/netbox_start.html"
    form_class = NetBoxForm
    submit_title = _("Preview")
    success_message = ""

    def content(self) -> dict[str, Any]:
        """Return the tabs and the last imports; refuse who may not import a NetBox."""
        require_import_of_everything(self.user)
        return {
            "sources": import_sources(self.user, "netbox"),
            "jobs": netbox_jobs_visible_to(self.user).defer("result")[:LAST],
        }

    def save(self, form: NetBoxForm) -> Job:
        """Start the preview."""
        data = form.cleaned_data
        if data["file"]:
            return request_from_file(
                actor=self.actor,
                user=self.user,
                file=data["file"],
                name=data["file"].name,
                now=self.now,
            )
        return request_from_server(
            actor=self.actor, user=self.user, url=data["url"], token=data["token"], now=self.now
        )

    def success_url(self, result: Job) -> str:
        """Go to the preview."""
        return reverse("portal:netbox-detail", args=[result.pk])


class NetBoxDetail(JobPage):
    """A preview or import of a NetBox: its progress, then its report."""

    template_name = "imports/netbox_job.html"

    def job_for(self, pk: int) -> Job:
        """Return the import; 404 for who may not import a NetBox."""
        return netbox_job_for(self.user, pk)

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the form."""
        return [
            Crumb(_("Import"), reverse("portal:import")),
            Crumb(_("From NetBox"), reverse("portal:netbox")),
            Crumb(f"#{self.job.pk}"),
        ]

    def actions(self) -> Sequence[Action]:
        """Offer to apply a clean preview that changes something."""
        again = Action(_("Read again"), reverse("portal:netbox"), "refresh")
        if not self.may_apply:
            return [again]
        url = reverse("portal:netbox-apply", args=[self.job.pk])
        return [Action(_("Apply"), url, "check", is_primary=True, method="post"), again]

    @property
    def is_preview(self) -> bool:
        """Whether the job writes nothing."""
        return bool(self.job.arguments.get("is_dry_run"))

    @property
    def may_apply(self) -> bool:
        """Whether there is something to apply and nothing against it."""
        result = self.job.result
        return self.is_preview and bool(result.get("is_clean")) and result.get("changes", 0) > 0

    def content(self) -> dict[str, Any]:
        """Return the job and its report."""
        return {
            "job": self.job,
            "progress_url": reverse("portal:netbox-detail", args=[self.job.pk]),
            "report": self.job.result,
            "summary": summary_of(self.job.result),
            "is_preview": self.is_preview,
            "may_apply": self.may_apply,
        }


class NetBoxApply(Page):
    """Write what a preview showed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Start the job and go to it."""
        preview = netbox_job_for(self.user, kwargs["pk"])
        job = apply_netbox_preview(actor=self.actor, user=self.user, job=preview, now=self.now)
        messages.success(request, _("The import has started."))
        return HttpResponseRedirect(reverse("portal:netbox-detail", args=[job.pk]))
