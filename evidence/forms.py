"""The form of an audit pack, and the one that takes a pack to verify. Shape only."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditPackForm(forms.Form):
    """Scope, period, sections."""

    scope = forms.ChoiceField(
        label=_("Scope"), required=False, help_text=_("The location and everything below it.")
    )
    since = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day is included."),
    )
    contents = forms.MultipleChoiceField(
        label=_("Sections"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("Population, sample and proof are always in it."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on to Django
        scopes: list[tuple[str, str]],
        offered: list[tuple[str, Any]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]
        self.fields["contents"].choices = offered  # type: ignore[attr-defined]

    @property
    def starts_at(self) -> datetime:
        """The first moment of the period, in the plant's time zone."""
        return _midnight(self.cleaned_data["since"])

    @property
    def ends_at(self) -> datetime:
        """The first moment after the period."""
        return _midnight(self.cleaned_data["until"] + timedelta(days=1))


def _midnight(day: Any) -> datetime:  # noqa: ANN401 - a date
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


class VerifyPackForm(forms.Form):
    """A pack to verify."""

    file = forms.FileField(label=_("Evidence pack (PDF)"))
