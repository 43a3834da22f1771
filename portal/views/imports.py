"""Import pages: choose a kind and a file, look at what it would do, apply it."""

import io
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.imports.kinds import import_kinds, kinds_in_order
from common.models import Job
from common.pages import Action, Crumb, FormPage, Page
from portal.access import import_job_for, import_jobs_visible_to, may_import_everything
from portal.forms import ImportForm
from portal.services.imports import apply_previewed, request_import
from portal.views.jobs import JobPage

SHOWN = 200
LAST = 8


def import_sources(user: User, current: str) -> list[dict[str, Any]]:
    """Return the tabs of the import; nothing to choose for who has one way only."""
    if not may_import_everything(user):
        return []
    tabs = (
        ("files", _("From spreadsheets"), reverse("portal:import")),
        ("netbox", _("From NetBox"), reverse("portal:netbox")),
    )
    return [
        {"title": title, "url": url, "is_current": name == current} for name, title, url in tabs
    ]


class ImportStart(FormPage):
    """Choose what to import; the columns of the kind stand beside."""

    title = _("Import")
    subtitle = _("Nothing is written before you have seen what would change.")
    template_name = "imports/start.html"
    form_class = ImportForm
    submit_title = _("Preview")
    success_message = ""

    def kind_name(self) -> str:
        """Return the kind asked for, or the one most people need."""
        asked = self.request.POST.get("kind") or self.request.GET.get("kind", "")
        return asked if asked in import_kinds else "assets"

    def initial(self) -> dict[str, Any]:
        """Start with the kind of the list one came from."""
        return {"kind": self.kind_name()}

    def content(self) -> dict[str, Any]:
        """Return the kind's columns, all kinds, and the person's last imports."""
        return {
            "kind": import_kinds.get(self.kind_name()),
            "kinds": kinds_in_order(),
            "sources": import_sources(self.user, "files"),
            "jobs": import_jobs_visible_to(self.user)[:LAST],
        }

    def save(self, form: ImportForm) -> Job:
        """Keep the file and start its preview."""
        data = form.cleaned_data
        file = data["file"] or io.BytesIO(data["text"].encode())
        return request_import(
            actor=self.actor,
            user=self.user,
            kind=data["kind"],
            file=file,
            name=getattr(file, "name", "") or "pasted rows.csv",
            now=self.now,
        )

    def success_url(self, result: Job) -> str:
        """Go to the preview."""
        return reverse("portal:import-detail", args=[result.pk])


class ImportDetail(JobPage):
    """A preview or import: its progress, then its report."""

    template_name = "imports/job.html"

    def job_for(self, pk: int) -> Job:
        """Return the person's own import; 404 otherwise."""
        return import_job_for(self.user, pk)

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the form."""
        return [Crumb(_("Import"), reverse("portal:import")), Crumb(f"#{self.job.pk}")]

    def actions(self) -> Sequence[Action]:
        """Offer to apply a clean preview that changes something."""
        again = Action(
            _("Another file"), f"{reverse('portal:import')}?kind={self.kind_name}", "upload"
        )
        if not self.may_apply:
            return [again]
        url = reverse("portal:import-apply", args=[self.job.pk])
        return [Action(_("Apply"), url, "check", is_primary=True, method="post"), again]

    @property
    def kind_name(self) -> str:
        """The kind of the rows."""
        return str(self.job.arguments.get("kind", ""))

    @property
    def may_apply(self) -> bool:
        """Whether there is something to apply and nothing against it."""
        result = self.job.result
        writes = sum(result.get("counts", {}).get(name, 0) for name in ("added", "changed"))
        is_preview = bool(self.job.arguments.get("is_dry_run"))
        return is_preview and self.job.is_finished and bool(result.get("is_clean")) and writes > 0

    def content(self) -> dict[str, Any]:
        """Return the job and its report."""
        report = self.job.result or {}
        rows = report.get("rows", [])
        return {
            "job": self.job,
            "progress_url": reverse("portal:import-detail", args=[self.job.pk]),
            "report": report,
            "is_preview": bool(self.job.arguments.get("is_dry_run")),
            "may_apply": self.may_apply,
            "rows": rows[:SHOWN],
            "more_rows": max(0, sum(_writes(report).values()) - min(SHOWN, len(rows))),
            "writes": _writes(report),
        }


def _writes(report: dict[str, Any]) -> dict[str, int]:
    counts = report.get("counts", {})
    return {name: counts.get(name, 0) for name in ("added", "changed")}


class ImportApply(Page):
    """Write what a preview showed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start the job and go to it."""
        preview = import_job_for(self.user, kwargs["pk"])
        job = apply_previewed(actor=self.actor, user=self.user, job=preview, now=self.now)
        messages.success(request, _("The import has started."))
        return HttpResponseRedirect(reverse("portal:import-detail", args=[job.pk]))
