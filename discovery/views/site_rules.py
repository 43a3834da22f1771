"""Rules of this site: written, tried against what devices have told, saved; then devices are identified again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.models import Job
from common.pages import Crumb, Page, RecordForm
from common.pages.forms import attach
from discovery.access import (
    identification_job_for,
    networks_run_by,
    require_discovery_somewhere,
    require_rule_editing,
    site_rule_for,
)
from discovery.forms import SiteRuleForm
from discovery.models import SiteRule
from discovery.queries.trials import trial_of
from discovery.queries.unknown_devices import Draft, draft_for
from discovery.services.identifying import request_identification
from discovery.services.site_rules import change_site_rule, create_site_rule


class SiteRuleFormPage(RecordForm):
    """Add or edit a rule; “Try it” shows what it would tell, and writes nothing."""

    template_name = "discovery/rule_form.html"
    form_class = SiteRuleForm
    create_title = _("Add rule")
    success_message = _("Saved. It counts from the next scan on.")

    def record(self, pk: int) -> SiteRule:
        """Return the rule, for who edits rules."""
        rule = site_rule_for(self.user, pk)
        require_rule_editing(self.user)
        return rule

    def may_add(self) -> None:
        """Refuse who may not."""
        require_rule_editing(self.user)

    @property
    def object_id(self) -> str:
        """The sysObjectID of the unknown devices one came from."""
        return str(self.request.GET.get("object_id", ""))

    @property
    def draft(self) -> Draft | None:
        """A first rule for them, with what one of them told."""
        if not hasattr(self, "_draft"):
            is_asked = "object_id" in self.request.GET and self.edited is None
            self._draft = draft_for(self.user, self.object_id) if is_asked else None
        return self._draft

    def initial(self) -> dict[str, Any]:
        """Start with the draft."""
        return {"text": self.draft.text} if self.draft else {}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back."""
        found = [Crumb(_("Rules"), reverse("discovery:rule-list"))]
        if self.edited is not None:
            address = reverse("discovery:rule-detail", args=[self.edited.name])
            found.append(Crumb(self.edited.name, address))
        elif self.draft is not None:
            found.append(Crumb(_("Unknown devices"), reverse("discovery:unknown-list")))
        return found

    def content(self) -> dict[str, Any]:
        """Add what the device told that the rule is for."""
        return {**super().content(), "draft": self.draft}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Try what was typed, or save it."""
        if "try" not in request.POST:
            return super().post(request, *args, **kwargs)
        form, trial = self.build(request.POST), None
        if self.edited is None:
            self.may_add()
        if form.is_valid():
            try:
                trial = trial_of(
                    self.user,
                    text=form.cleaned_data["text"],
                    editing=self.edited,
                    object_id=self.object_id,
                )
            except DomainError as error:
                attach(form, error)
        response: HttpResponse = self.render_to_response(
            self.get_context_data(
                form=form,
                trial=trial,
                submit_title=self.submit_title,
                cancel_url=self.cancel_url(),
            )
        )
        return response

    def create(self, values: Mapping[str, Any], comment: str) -> SiteRule:
        """Add it."""
        return create_site_rule(
            actor=self.actor,
            author=self.user.person,
            values=values,
            now=self.now,
            comment=comment,
        )

    def change(
        self, record: SiteRule, values: Mapping[str, Any], version: int | None, comment: str
    ) -> SiteRule:
        """Change it, or switch it off."""
        return change_site_rule(
            actor=self.actor,
            rule=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: SiteRule) -> str:
        """Go to its page, where devices can be identified again."""
        return reverse("discovery:rule-detail", args=[result.name])


class IdentifyAgain(Page):
    """The button that identifies devices again from what they have told."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead back: it is started by its button."""
        return HttpResponseRedirect(reverse("discovery:rule-list"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Start the job and go to it."""
        require_rule_editing(self.user)
        require_discovery_somewhere(self.user)
        job = request_identification(actor=self.actor, networks=networks_run_by(self.user))
        return HttpResponseRedirect(reverse("discovery:identification-job", args=[job.pk]))


class IdentificationJob(Page):
    """How far the devices are identified again, then what came of it."""

    template_name = "discovery/identification_job.html"

    @property
    def job(self) -> Job:
        """The reader's own job, loaded once."""
        if not hasattr(self, "_job"):
            self._job = identification_job_for(self.user, self.kwargs["pk"])
        return self._job

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Answer the page, its progress, or the word that it is over."""
        asks_progress = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
        if asks_progress and self.job.is_finished:
            answer = HttpResponse(status=204)
            answer["HX-Refresh"] = "true"
            return answer
        if asks_progress:
            self.template_name = "ui/progress.html"
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_title(self) -> str:
        """Return what the job does."""
        return self.job.label

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the rules."""
        return [Crumb(_("Rules"), reverse("discovery:rule-list"))]

    def content(self) -> dict[str, Any]:
        """Return the job and its result."""
        return {
            "job": self.job,
            "result": self.job.result or {},
            "progress_url": reverse("discovery:identification-job", args=[self.job.pk]),
        }
