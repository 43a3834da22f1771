"""Pages that write: one form, one service call. What was typed stays; a refusal lands on its field."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.pages.base import Page


class FormPage(Page):
    """Show a form; on success call `save(form)` (one service) and go to `success_url(result)`."""

    template_name = "ui/form.html"
    form_class: type[forms.BaseForm] = forms.Form
    submit_title: Any = _("Save")
    success_message: Any = _("Saved.")
    is_danger = False
    intro: Any = ""

    def initial(self) -> dict[str, Any]:
        """Return what the form starts with."""
        return {}

    def form_options(self) -> dict[str, Any]:
        """Return further keyword arguments of the form (instance, user...)."""
        return {}

    def build(self, data: Any = None, files: Any = None) -> Any:
        """Return the form, bound to what was sent."""
        options = self.form_options()
        return self.form_class(data, files, initial=self.initial(), **options)

    def save(self, form: Any) -> Any:
        """Call the service; a DomainError becomes a message at its field."""
        raise NotImplementedError

    def success_url(self, result: Any) -> str:
        """Return where to go afterwards; the object's own page by default."""
        url: str = result.get_absolute_url()
        return url

    def cancel_url(self) -> str:
        """Return where "Cancel" leads; back to where one came from by default."""
        crumbs = [crumb for crumb in self.crumbs() if crumb.url]
        return crumbs[-1].url if crumbs else "/"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the empty or filled form."""
        return self._show(self.build())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show what was wrong with what was typed."""
        form = self.build(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            result = self.save(form)
        except DomainError as error:
            attach(form, error)
            return self._show(form, status=error.status)
        if self.success_message:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(self.success_url(result))

    def _show(self, form: Any, *, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            form=form,
            submit_title=self.submit_title,
            cancel_url=self.cancel_url(),
            is_danger=self.is_danger,
            intro=self.intro,
        )
        response: HttpResponse = self.render_to_response(context, status=status)
        return response


def attach(form: Any, error: DomainError) -> None:
    """Put a service's refusal on the fields it names, and its own sentence above when it says more."""
    said: list[str] = []
    for name, sentences in error.fields.items():
        field = name if name in form.fields else name.removesuffix("_id")
        if field in form.fields:
            form.add_error(field, sentences)
            said.extend(sentences)
    if not said or any(sentence not in str(error) for sentence in said):
        form.add_error(None, str(error))


class DeletePage(FormPage):
    """Ask before deleting; says what will be lost. Override `save` and `success_url`."""

    template_name = "ui/confirm.html"
    submit_title: Any = _("Delete")
    success_message: Any = _("Deleted. The ledger keeps what it held.")
    is_danger = True
