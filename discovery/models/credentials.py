"""What devices are asked with. The secret is sealed and never shown again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.models import Location
from common.models import BaseModel
from discovery.choices import AuthProtocol, CredentialKind, PrivacyProtocol


class Credential(BaseModel):
    """A community or an SNMP v3 user; used only for the networks that name it.

    `sealed` holds the secrets, encrypted with the site's credential key (`discovery.keys`).
    """

    name = models.CharField(max_length=100, unique=True)
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        related_name="discovery_credentials",
        help_text=_("Networks there and below may use it."),
    )
    kind = models.CharField(max_length=10, choices=CredentialKind.choices)
    username = models.CharField(max_length=64, blank=True, default="")
    auth_protocol = models.CharField(
        max_length=8, choices=AuthProtocol.choices, blank=True, default=""
    )
    privacy_protocol = models.CharField(
        max_length=14, choices=PrivacyProtocol.choices, blank=True, default=""
    )
    sealed = models.TextField(editable=False, default="", blank=True)
    rotated_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this credential."""
        return self.location.path
