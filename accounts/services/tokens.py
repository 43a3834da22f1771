"""API tokens: made (the secret is returned once), revoked."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import token_digest
from accounts.models import ApiToken, User
from common.actor import Actor
from common.errors import ConflictError
from evidence.services import create_object, update_object


def create_token(
    *,
    actor: Actor,
    user: User,
    name: str,
    now: datetime,
    is_read_only: bool = False,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token; returns it with the secret, which is not stored and cannot be shown again."""
    secret = f"rw_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        user=user,
        name=name,
        prefix=secret[:8],
        digest=token_digest(secret),
        is_read_only=is_read_only,
        expires_at=expires_at,
    )
    return create_object(actor=actor, instance=token, now=now), secret


def revoke_token(*, actor: Actor, token: ApiToken, now: datetime) -> ApiToken:
    """End a token; it stays listed."""
    if token.revoked_at is not None:
        raise ConflictError(_("This token was already revoked."))
    return update_object(
        actor=actor, instance=token, changes={"revoked_at": now}, now=now, action="revoke"
    )
