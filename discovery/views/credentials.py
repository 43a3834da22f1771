"""Credentials: who may use what to ask devices. The secret goes in and never comes out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.pages import (
    Column,
    Crumb,
    EmptyState,
    ListPage,
    RecordForm,
    chosen,
    html,
    linked,
    plain,
)
from discovery.access import (
    credential_for,
    credentials_visible_to,
    may_discover_somewhere,
    require_discovery,
    require_discovery_somewhere,
)
from discovery.choices import AuthProtocol, CredentialKind, PrivacyProtocol
from discovery.filters import CredentialFilterSet
from discovery.forms import CredentialForm
from discovery.models import Credential
from discovery.services import save_credential


class CredentialList(ListPage):
    """The credentials of places where the reader runs discovery."""

    title = _("Credentials")
    template_name = "discovery/list.html"
    list_name = "discovery:credential-list"
    filterset_class = CredentialFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: reverse("discovery:credential-edit", args=[row["pk"]]),
            order="name",
        ),
        chosen("kind", _("Kind"), CredentialKind.choices, order="kind"),
        plain("place", _("Place"), field="location__name", order="location__path"),
        plain("username", _("User name"), order="username"),
        chosen("auth_protocol", _("Authentication"), AuthProtocol.choices),
        chosen("privacy_protocol", _("Privacy"), PrivacyProtocol.choices),
        Column(
            "networks",
            _("Networks"),
            lambda row: html.number(row["network_count"]),
            ("network_count",),
            order="network_count",
            is_numeric=True,
        ),
        Column(
            "rotated_at",
            _("Secret set"),
            lambda row: html.moment(row["rotated_at"]),
            ("rotated_at",),
            order="rotated_at",
        ),
    )
    facets = ("kind",)
    create_url_name = "discovery:credential-create"
    create_title = _("Add credential")
    empty = EmptyState(
        _("No credentials yet"),
        _(
            "Devices answer SNMP to who knows a community or is an SNMP v3 user. A secret is kept encrypted and never shown again."
        ),
        "key",
    )

    def queryset(self) -> QuerySet[Credential]:
        """Return the usable credentials with how many networks name each."""
        return credentials_visible_to(self.user).annotate(network_count=Count("networks"))

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(location__path__startswith=path)

    def may_create(self) -> bool:
        """Who runs discovery somewhere."""
        return may_discover_somewhere(self.user)


class CredentialFormPage(RecordForm):
    """Add or edit a credential."""

    template_name = "discovery/record.html"
    form_class = CredentialForm
    create_title = _("Add credential")

    def record(self, pk: int) -> Credential:
        """Return the credential: seen by who runs discovery at its place only."""
        return credential_for(self.user, pk)

    def may_add(self) -> None:
        """Refuse who runs discovery nowhere."""
        require_discovery_somewhere(self.user)

    def form_options(self) -> dict[str, Any]:
        """Tell the form who looks."""
        return {**super().form_options(), "user": self.user}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Credentials"), reverse("discovery:credential-list"))]

    def create(self, values: Mapping[str, Any], comment: str) -> Credential:
        """Add it."""
        require_discovery(self.user, values["location"])
        return save_credential(
            actor=self.actor, credential=Credential(), values=values, now=self.now, comment=comment
        )

    def change(
        self, record: Credential, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Credential:
        """Change it; moving it takes the right at both ends."""
        require_discovery(self.user, values["location"])
        return save_credential(
            actor=self.actor,
            credential=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: Credential) -> str:
        """Go to the list."""
        return reverse("discovery:credential-list")
