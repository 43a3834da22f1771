"""Logins and API tokens; a token's secret is stored only as a hash."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from accounts.choices import Audience
from accounts.models.parties import Person
from common.actor import Actor
from common.models import BaseModel


class User(AbstractUser):
    """A login, usually linked to a person."""

    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="user"
    )
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.ENGINEER)
    preferences = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def as_actor(self, *, channel: str, request_id: str = "") -> Actor:
        """Return the actor this login is in services and the ledger."""
        return Actor(
            label=str(self),
            user_id=self.pk,
            person_id=self.person_id,
            channel=channel,
            request_id=request_id,
        )


class ApiToken(BaseModel):
    """A bearer token; the secret is shown once, then only its SHA-256 is known."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_date = models.DateField(null=True, blank=True)
    is_read_only = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}...)"
