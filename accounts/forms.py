"""Shapes of what is typed about people; services write."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.choices import Audience
from accounts.models import Membership, Organisation, Person, Team


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
    sees_everything = forms.BooleanField(
        label=_("Sees every item"), required=False, help_text=_("Also those without a location.")
    )
    manages_people = forms.BooleanField(label=_("Manages people and teams"), required=False)

    def clean_password(self) -> str:
        """Apply the site's password rules."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password
