"""The people of the demonstration who can log in: audience, rights on parts of the plant, random passwords.

No password is the same on two sites; they are kept in a file only its owner reads, so a restart can print them.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from guardian.shortcuts import assign_perm

from accounts.choices import Audience
from accounts.models import Person, User
from accounts.services.users import save_user
from assets.models import Location
from common.actor import Actor
from common.registries import site_rights
from evidence.services import record


@dataclass(frozen=True)
class Cast:
    """A login of the demonstration: `sites` maps a location code to the rights held on it."""

    username: str
    employee_number: str
    audience: str
    what: str
    is_administrator: bool = False
    rights: tuple[str, ...] = ()
    site: str = ""
    site_rights: tuple[str, ...] = ("view_items",)


@dataclass(frozen=True)
class DemoLogin:
    """What a person at the console is told."""

    username: str
    password: str
    name: str
    what: str


SEES_EVERYTHING = "assets.view_all_items"
RUN = ("view_items", "edit_items", "request_changes", "run_discovery")
CAST = (
    Cast(
        "board",
        "E1001",
        Audience.BOARD,
        "decides on changes with the review board",
        rights=(SEES_EVERYTHING,),
    ),
    Cast(
        "leader",
        "E1002",
        Audience.LEADERSHIP,
        "runs Northfield: who owns what there",
        site="NF",
        site_rights=("view_items", "manage_ownership", "request_changes"),
    ),
    Cast(
        "training",
        "E1003",
        Audience.TRAINING,
        "finds gaps, plans courses",
        rights=(
            SEES_EVERYTHING,
            "accounts.manage_people",
        ),
    ),
    Cast(
        "auditor",
        "E1004",
        Audience.AUDITOR,
        "reads the ledger, exports and verifies evidence",
        rights=(SEES_EVERYTHING, "evidence.read_ledger", "evidence.export_evidence"),
    ),
    Cast(
        "engineer",
        "E1005",
        Audience.ENGINEER,
        "asks for changes at Northfield",
        rights=("discovery.edit_identification_rules",),
        site="NF",
        site_rights=RUN,
    ),
    Cast(
        "administrator",
        "E1006",
        Audience.ADMINISTRATOR,
        "may do everything",
        is_administrator=True,
    ),
    Cast(
        "helena",
        "E1007",
        Audience.ENGINEER,
        "accountable for MES, historian and WMS at Northfield",
        site="NF",
        site_rights=RUN,
    ),
    Cast(
        "kenji",
        "E1008",
        Audience.ENGINEER,
        "accountable for controllers, SCADA and network at Northfield",
        site="NF",
        site_rights=RUN,
    ),
)


def password_file() -> Path:
    """Return where the passwords of this site are kept."""
    return Path(settings.VAR_DIR) / "demo-passwords.json"


def make_logins(*, actor: Actor, now: datetime) -> list[DemoLogin]:
    """Create the logins that are missing and return all of them with their passwords."""
    known = _stored_passwords()
    logins = []
    for cast in CAST:
        person = Person.objects.filter(employee_number=cast.employee_number).first()
        if person is None:
            continue
        user = User.objects.filter(username=cast.username).first()
        if user is None or cast.username not in known:
            known[cast.username] = secrets.token_urlsafe(9)
            _save(cast, user or User(), person, known[cast.username], actor=actor, now=now)
        logins.append(DemoLogin(cast.username, known[cast.username], person.name, cast.what))
    _store_passwords(known)
    return logins


def _stored_passwords() -> dict[str, str]:
    path = password_file()
    if not path.exists():
        return {}
    stored = orjson.loads(path.read_bytes())
    return {str(name): str(password) for name, password in stored.items()}


def _store_passwords(passwords: dict[str, str]) -> None:
    """Replace the file as a whole; nobody but its owner ever has it open."""
    path = password_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(passwords, option=orjson.OPT_INDENT_2))
    draft.replace(path)


@transaction.atomic
def _save(
    cast: Cast, user: User, person: Person, password: str, *, actor: Actor, now: datetime
) -> None:
    first, _space, last = person.name.partition(" ")
    values: dict[str, Any] = {
        "username": cast.username,
        "first_name": first,
        "last_name": last,
        "email": person.email,
        "person": person,
        "audience": cast.audience,
        "is_active": True,
        "is_superuser": cast.is_administrator,
        **{right.name: right.permission in cast.rights for right in site_rights},
        "password": password,
    }
    save_user(actor=actor, user=user, values=values, now=now)
    granted = _grant_site(cast, user)
    if granted:
        record(actor=actor, action="grant", instance=user, now=now, after={"rights": granted})


def _grant_site(cast: Cast, user: User) -> list[str]:
    site = Location.objects.filter(code=cast.site).first() if cast.site else None
    if site is None:
        return []
    for right in cast.site_rights:
        assign_perm(right, user, site)
    return [f"{right} on {site.code}" for right in cast.site_rights]
