"""Writes of credentials: sealed on the way in, never told again, not even to the ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError, StaleVersionError
from discovery.choices import CredentialKind
from discovery.collectors.snmp.credentials import (
    Auth,
    Community,
    CredentialError,
    Credentials,
    Privacy,
    User,
)
from discovery.keys import add_key, drop_old_keys, reseal, seal, unseal
from discovery.models import Collector, Credential
from evidence.services import record, validated

#: Secrets by the name of their field; they are sealed and appear nowhere else.
SECRETS = ("community", "auth_key", "privacy_key")
PLAIN = ("name", "location", "kind", "username", "auth_protocol", "privacy_protocol")
Sealed = TypeVar("Sealed", Credential, Collector)
FIELDS = ("name", "location_id", "kind", "username", "auth_protocol", "privacy_protocol")


class BadCredentialError(DomainError):
    """A credential that cannot work; the sentence never holds the secret."""


@transaction.atomic
def save_credential(
    *,
    actor: Actor,
    credential: Credential,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Credential:
    """Create (an unsaved one) or change a credential; secrets left empty stay as they are.

    The ledger keeps that a secret was set, never which.
    """
    is_new = credential.pk is None
    current = credential if is_new else _locked(credential, expected_version)
    before = {} if is_new else _told(current)
    for name in PLAIN:
        if name in values:
            setattr(current, name, values[name])
    given = {name: values[name] for name in SECRETS if values.get(name)}
    held = unseal(current.sealed) if current.sealed and not _is_whole(current, given) else {}
    secrets = {**held, **given}
    _require_usable(current, secrets)
    if given or is_new:
        current.sealed, current.rotated_at = seal(_kept(current, secrets)), now
    return _stored(actor, current, before, now, comment, has_new_secret=bool(given))


def _locked(credential: Credential, expected_version: int | None) -> Credential:
    current = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if expected_version is not None and current.version != expected_version:
        raise StaleVersionError(
            _("'%s' was changed by somebody else. Reload it and try again.") % current
        )
    return current


def _told(credential: Credential) -> dict[str, Any]:
    return {name: getattr(credential, name) for name in FIELDS}


def _is_whole(credential: Credential, given: Mapping[str, str]) -> bool:
    """Tell whether every secret was entered again, so that the sealed ones (under a lost key) are not needed."""
    if credential.kind == CredentialKind.COMMUNITY:
        return "community" in given
    wanted = {
        "auth_key": bool(credential.auth_protocol),
        "privacy_key": bool(credential.privacy_protocol),
    }
    return any(wanted.values()) and all(name in given for name in wanted if wanted[name])


def _kept(credential: Credential, secrets: Mapping[str, str]) -> dict[str, str]:
    wanted = (
        ("community",)
        if credential.kind == CredentialKind.COMMUNITY
        else ("auth_key", "privacy_key")
    )
    return {name: secrets[name] for name in wanted if secrets.get(name)}


def _stored(
    actor: Actor,
    credential: Credential,
    before: dict[str, Any],
    now: datetime,
    comment: str,
    *,
    has_new_secret: bool,
) -> Credential:
    is_new = credential.pk is None
    credential.updated_at = now
    if is_new:
        credential.created_at = now
    else:
        credential.version += 1
    validated(credential)
    credential.save()
    after = _told(credential)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    if not changed and not has_new_secret:
        return credential
    record(
        actor=actor,
        action="create" if is_new else "update",
        instance=credential,
        now=now,
        before={name: before[name] for name in changed if name in before},
        after={**changed, **({"secret": "set"} if has_new_secret else {})},
        comment=comment,
    )
    return credential


def _require_usable(credential: Credential, secrets: Mapping[str, str]) -> None:
    try:
        opened(credential, secrets)
    except CredentialError as error:
        raise BadCredentialError(str(error)) from error


def opened(credential: Credential, secrets: Mapping[str, str] | None = None) -> Credentials:
    """Return what the collector asks with. Raises CredentialError, CredentialKeyError."""
    held = unseal(credential.sealed) if secrets is None else secrets
    if credential.kind == CredentialKind.COMMUNITY:
        if not held.get("community"):
            raise CredentialError(_("A community is missing."))
        return Community(held["community"])
    if not credential.username:
        raise CredentialError(_("An SNMP v3 credential needs a user name."))
    return User(
        credential.username,
        Auth(credential.auth_protocol) if credential.auth_protocol else None,
        held.get("auth_key", "") if credential.auth_protocol else "",
        Privacy(credential.privacy_protocol) if credential.privacy_protocol else None,
        held.get("privacy_key", "") if credential.privacy_protocol else "",
    )


@transaction.atomic
def rotate_key(*, actor: Actor, now: datetime) -> int:
    """Make a new credential key, seal everything under it, forget the old ones; return how many were resealed.

    The old keys go last, so a failure in between loses nothing.
    """
    add_key()
    credentials = list(Credential.objects.select_for_update().order_by("pk"))
    collectors = list(Collector.objects.select_for_update().exclude(sealed="").order_by("pk"))
    Credential.objects.bulk_update(_resealed(credentials, now), ["sealed", "updated_at"])
    Collector.objects.bulk_update(_resealed(collectors, now), ["sealed", "updated_at"])
    rows = [*credentials, *collectors]
    for row in rows:
        record(
            actor=actor,
            action="rotate key",
            instance=row,
            now=now,
            after={"secret": "sealed again"},
        )
    transaction.on_commit(drop_old_keys)
    return len(rows)


def _resealed(rows: Sequence[Sealed], now: datetime) -> Sequence[Sealed]:
    for row in rows:
        row.sealed = reseal(row.sealed)
        row.updated_at = now
    return rows
