"""Logins, for administrators."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import people_visible_to, require_administrator, users_visible_to
from accounts.choices import Audience
from accounts.filters import UserFilterSet
from accounts.forms import UserForm
from accounts.models import User
from accounts.services.users import rights_of, save_user
from common.pages import (
    Column,
    Crumb,
    EmptyState,
    FormPage,
    ListPage,
    chosen,
    html,
    linked,
    plain,
)
from common.pages.lookups import LookupField


class UserList(ListPage):
    """Everybody who can log in."""

    title = _("Users")
    list_name = "accounts:user-list"
    filterset_class = UserFilterSet
    default_order = "username"
    columns = (
        linked(
            "username",
            _("User name"),
            lambda row: reverse("accounts:user-edit", args=[row["pk"]]),
            order="username",
        ),
        plain("person", _("Person"), field="person__name", order="person__name"),
        chosen("audience", _("Home page"), Audience.choices, order="audience"),
        Column(
            "administrator",
            _("Administrator"),
            lambda row: html.yes_no(row["is_superuser"]),
            ("is_superuser",),
        ),
        Column(
            "active", _("May log in"), lambda row: html.yes_no(row["is_active"]), ("is_active",)
        ),
        Column(
            "last_login",
            _("Last log-in"),
            lambda row: html.moment(row["last_login"]),
            ("last_login",),
            order="last_login",
        ),
    )
    facets = ("audience", "is_active")
    create_url_name = "accounts:user-create"
    create_title = _("Add user")
    empty = EmptyState(_("No users yet"))

    def queryset(self) -> QuerySet[User]:
        """Return the logins."""
        require_administrator(self.user)
        return users_visible_to(self.user)


class UserFormPage(FormPage):
    """Add or edit a login."""

    form_class = UserForm

    @property
    def edited(self) -> User:
        """The login; a new one when none is named."""
        require_administrator(self.user)
        pk = self.kwargs.get("pk")
        return User() if pk is None else get_object_or_404(users_visible_to(self.user), pk=pk)

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Name the login."""
        user = self.edited
        return _("Edit %s") % user if user.pk else _("Add user")

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(_("Users"), reverse("accounts:user-list")),)

    def initial(self) -> dict[str, Any]:
        """Start from the login as it is."""
        user = self.edited
        if user.pk is None:
            return {}
        names = ("username", "first_name", "last_name", "email", "person", "audience")
        values = {name: getattr(user, name) for name in names}
        switches = {"is_active": user.is_active, "is_superuser": user.is_superuser}
        return {**values, **switches, **rights_of(user)}

    def form_options(self) -> dict[str, Any]:
        """Tell the form whether the login has every right anyhow."""
        return {"is_administrator": self.edited.is_superuser}

    def build(self, data: Any = None, files: Any = None) -> Any:  # noqa: ANN401
        """Let the person be searched."""
        form = super().build(data, files)
        form.fields["person"] = LookupField(
            people_visible_to(self.user),
            "/people/lookup/people/",
            required=False,
            label=form.fields["person"].label,
            help_text=form.fields["person"].help_text,
        )
        return form

    def save(self, form: Any) -> User:  # noqa: ANN401
        """Save the login."""
        return save_user(actor=self.actor, user=self.edited, values=form.cleaned_data, now=self.now)

    def success_url(self, result: User) -> str:
        """Go back to the list."""
        return reverse("accounts:user-list")
