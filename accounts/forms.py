"""Shapes of what is typed about people; services write."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.choices import Audience
from accounts.models import Membership, Organisation, Person, Team
from common.registries import SiteRight, site_rights


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person as HR knows them."""

    class Meta:
        model = Person
        fields = [
            "name",
            "employee_number",
            "job_title",
            "email",
            "phone",
            "site_code",
            "organisation",
            "is_active",
        ]


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """A team, board or vendor desk."""

    class Meta:
        model = Team
        fields = ["name", "code", "kind", "parent", "organisation", "email"]


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A company."""

    class Meta:
        model = Organisation
        fields = ["name", "slug", "kind"]


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person to be put into a team."""

    class Meta:
        model = Membership
        fields = ["person"]


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What it is for, such as 'historian export'.")
    )
    is_read_only = forms.BooleanField(label=_("Read only"), required=False, initial=True)
    expires_at = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


SOME_RIGHTS = _(
    "They hold at every place. Rights on single places are given under Administration, Rights."
)
ALL_RIGHTS = _(
    "An administrator has all of them, so they cannot be chosen here. To give single rights instead, take away "
    "Administrator above and save, then open this page again."
)


def _rights() -> list[SiteRight]:
    return sorted(site_rights, key=lambda right: right.order)


class UserForm(forms.Form):
    """A login."""

    username = forms.CharField(label=_("User name"), max_length=150)
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    person = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        label=_("Person"),
        required=False,
        help_text=_("Links the login to somebody who can own things and vote."),
    )
    audience = forms.ChoiceField(
        label=_("Home page"), choices=Audience.choices, initial=Audience.ENGINEER
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters. Leave empty to keep the present one."),
    )
    is_active = forms.BooleanField(label=_("May log in"), required=False, initial=True)
    is_superuser = forms.BooleanField(
        label=_("Administrator"), required=False, help_text=_("Sees and may do everything.")
    )

    def __init__(self, *args: Any, is_administrator: bool = False, **options: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **options)
        self._has_all_rights = is_administrator
        for right in _rights():
            self.fields[right.name] = forms.BooleanField(
                label=right.title,
                help_text=right.opens,
                required=False,
                disabled=is_administrator,
            )
            if is_administrator:
                self.initial[right.name] = True

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the fields in groups, for the template."""
        of_site = [right.name for right in _rights()]
        of_login = [name for name in self.fields if name not in of_site]
        return [
            {"title": _("Login"), "text": "", "fields": [self[name] for name in of_login]},
            {
                "title": _("Rights for the whole site"),
                "text": ALL_RIGHTS if self._has_all_rights else SOME_RIGHTS,
                "fields": [self[name] for name in of_site],
            },
        ]

    def clean(self) -> dict[str, Any]:
        """Leave out rights an administrator only has by being one: nobody gave or took them here."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        shown = {right.name for right in _rights()} if self._has_all_rights else set()
        return {name: value for name, value in values.items() if name not in shown}

    def clean_password(self) -> str:
        """Apply the site's password rules."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password
