"""Rights on scope nodes, for administrators."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import require_administrator, users_visible_to
from assets.forms import GrantForm
from assets.models.scope import SCOPE_PERMISSIONS
from assets.queries.grants import all_grants
from assets.services.grants import set_grants
from common.pages import Action, Crumb, FormPage, Page

WORDS = {
    "view_items": _("see"),
    "edit_items": _("edit"),
    "manage_ownership": _("manage ownership"),
    "request_changes": _("request changes"),
    "run_discovery": _("run discovery"),
}


class Grants(Page):
    """Who may do what where."""

    title = _("Rights")
    subtitle = _(
        "A right on a location holds for everything below it; without one, nothing of it is seen."
    )
    template_name = "assets/grants.html"

    def actions(self) -> Sequence[Action]:
        """Offer to give rights."""
        return (Action(_("Give rights"), reverse("assets:grant-edit"), "plus", is_primary=True),)

    def content(self) -> dict[str, Any]:
        """Return every grant."""
        require_administrator(self.user)
        lines = [(line, [WORDS[right] for right in line.rights]) for line in all_grants()]
        return {"grants": lines}


class GrantFormPage(FormPage):
    """Set a user's rights on one node."""

    title = _("Give rights")
    form_class = GrantForm
    success_message = _("The rights hold from now on.")
    intro = _("The chosen rights replace the ones the user has there; none takes them away.")

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(_("Rights"), reverse("assets:grant-list")),)

    def form_options(self) -> dict[str, Any]:
        """Offer users and rights."""
        require_administrator(self.user)
        rights = [(codename, WORDS[codename]) for codename, _words in SCOPE_PERMISSIONS]
        return {"rights": rights, "users": users_visible_to(self.user)}

    def initial(self) -> dict[str, Any]:
        """Start from the grant one came from."""
        given = self.request.GET
        names = ("user", "location", "zone", "system")
        start: dict[str, Any] = {name: given[name] for name in names if name in given}
        return {**start, "permissions": given.getlist("right")}

    def save(self, form: Any) -> Any:  # noqa: ANN401 - a GrantForm
        """Set the rights."""
        given = form.cleaned_data
        node = given["location"] or given["zone"] or given["system"]
        return set_grants(
            actor=self.actor,
            user=given["user"],
            node=node,
            rights=given["permissions"],
            now=self.now,
        )

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go back to the list."""
        return reverse("assets:grant-list")
