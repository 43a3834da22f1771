"""The form of a change: it fills itself from the targets and shows the impact before anything is saved."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from assets.access import items_visible_to
from common.errors import DomainError
from common.ids import ids_of
from common.pages import Crumb, FormPage, Page
from governance.access import change_for
from governance.forms import ChangeForm
from governance.models import ChangeRequest
from governance.queries.asking import moment_of, question_from
from governance.queries.prefill import initial_change
from governance.queries.visible import preview_of
from governance.services import draft_change, edit_change


def picked(data: Any) -> list[int]:  # noqa: ANN401 - a QueryDict
    """Return the ids of the targets in a form or address."""
    given = [*data.getlist("target"), *data.getlist("targets"), data.get("add_target", "")]
    return ids_of(given)


class ChangeFormPage(FormPage):
    """Base of drafting and editing."""

    template_name = "governance/change_form.html"
    form_class = ChangeForm

    def chosen(self) -> list[int]:
        """Return the targets picked so far."""
        if self.request.method == "POST":
            return picked(self.request.POST)
        return self.chosen_at_first()

    def chosen_at_first(self) -> list[int]:
        """Return the targets the form starts with."""
        return picked(self.request.GET)

    def form_options(self) -> dict[str, Any]:
        """Give the form its user and targets."""
        return {"user": self.user, "chosen": self.chosen()}

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the list."""
        return [Crumb(_("Changes"), "/changes/")]


class DraftChange(ChangeFormPage):
    """A new change, filled from `?target=ID&change_type=...&duration=MINUTES`."""

    title = _("New change")
    submit_title = _("Save draft")
    success_message = _("Draft saved. Submit it when it is ready to be decided.")

    def initial(self) -> dict[str, Any]:
        """Return what can be derived."""
        query = self.request.GET
        minutes = query.get("duration", "")
        return initial_change(
            self.user,
            list(items_visible_to(self.user).filter(pk__in=self.chosen()).order_by("name", "pk")),
            change_type=query.get("change_type", ""),
            now=self.now,
            duration_minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else None,
            starts_at=moment_of(query.get("start", "")),
            ends_at=moment_of(query.get("end", "")),
        )

    def save(self, form: Any) -> ChangeRequest:  # noqa: ANN401
        """Draft."""
        return draft_change(
            actor=self.actor, targets=form.targets, values=form.values, now=self.now
        )


class EditChange(ChangeFormPage):
    """A change before it is begun; editing what was voted on lapses the votes."""

    success_message = _("Saved.")
    intro = _("Whatever has been approved so far lapses when you change anything here.")

    @property
    def change(self) -> ChangeRequest:
        """The change being edited."""
        if not hasattr(self, "_change"):
            self._change = change_for(self.user, self.kwargs["pk"])
        return self._change

    def get_title(self) -> str:
        """Name the change."""
        return str(_("Edit %s")) % self.change

    def chosen_at_first(self) -> list[int]:
        """Return the change's targets."""
        return list(self.change.change_targets.values_list("item_id", flat=True))

    def initial(self) -> dict[str, Any]:
        """Return the change as it is."""
        names = [name for name in ChangeForm.base_fields if name != "add_target"]
        return {name: getattr(self.change, name) for name in names}

    def content(self) -> dict[str, Any]:
        """Carry the version the form is based on."""
        version = self.request.POST.get("version") or self.change.version
        return {"record_version": version, "change": self.change}

    def save(self, form: Any) -> ChangeRequest:  # noqa: ANN401
        """Edit."""
        version = self.request.POST.get("version", "")
        return edit_change(
            actor=self.actor,
            change=self.change,
            values=form.values,
            targets=form.targets,
            now=self.now,
            expected_version=int(version) if version.isdecimal() else None,
        )


class Preview(Page):
    """The consequence of what stands in the form, before it is saved; a fragment."""

    template_name = "governance/preview.html"

    def content(self) -> dict[str, Any]:
        """Return the consequence, or what is missing for it."""
        ids = picked(self.request.GET)
        targets = list(items_visible_to(self.user).filter(pk__in=ids).order_by("name", "pk"))
        found: dict[str, Any] = {"targets": targets}
        try:
            question = question_from(self.user, self.request.GET, targets, now=self.now)
            return {**found, "preview": preview_of(self.user, question, at=self.now)}
        except DomainError as error:
            return {**found, "problem": str(error)}
