"""Import kinds of parties: organisations, teams, people with their teams. All need `manage_people`."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, Person, Team
from common.imports import (
    Column,
    ImportContext,
    ImportKind,
    Lookup,
    PlannedRow,
    Session,
    column_for,
    import_kinds,
)
from common.imports.cells import parse_list
from evidence import services as ledger

MANAGE = "accounts.manage_people"


def organisations_lookup() -> Lookup:
    """Return organisations by slug."""
    rows = Organisation.objects.all()
    return Lookup(_("organisation (slug)"), rows, lambda row: row.slug, "slug")


def teams_lookup() -> Lookup:
    """Return teams by code."""
    return Lookup(_("team (code)"), Team.objects.all(), lambda row: row.code, "code")


def people_lookup() -> Lookup:
    """Return people by employee number."""
    rows = Person.objects.all()
    return Lookup(
        _("person (employee number)"), rows, lambda row: row.employee_number, "employee_number"
    )


class Organisations(ImportKind):
    """Companies by slug."""

    name, title, order = "organisations", _("Organisations"), 10
    model, writer, permission = Organisation, ledger, MANAGE
    columns = (
        column_for(Organisation, "slug", is_key=True, is_required=True),
        column_for(Organisation, "name", is_required=True),
        column_for(Organisation, "kind"),
    )


class Teams(ImportKind):
    """Teams, boards and vendor desks by code."""

    name, title, order = "teams", _("Teams and boards"), 20
    model, writer, permission, parent = Team, ledger, MANAGE, "parent"
    columns = (
        column_for(Team, "code", is_key=True, is_required=True),
        column_for(Team, "name", is_required=True),
        column_for(Team, "kind"),
        column_for(Team, "parent", refers_to="self", help=_("Code of the team above.")),
        column_for(Team, "email"),
        column_for(Team, "organisation", refers_to="organisations", help=_("Slug of the company.")),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Teams refer to teams and companies."""
        return {"self": teams_lookup(), "organisations": organisations_lookup()}


class People(ImportKind):
    """People by employee number; `teams` is the whole list of their teams."""

    name, title, order = "people", _("People"), 30
    model, writer, permission = Person, ledger, MANAGE
    columns = (
        column_for(Person, "employee_number", is_key=True, is_required=True),
        column_for(Person, "name", is_required=True),
        column_for(Person, "email"),
        column_for(Person, "phone"),
        column_for(Person, "job_title"),
        column_for(Person, "site_code", name="site"),
        Column(
            "teams",
            parse_list,
            _("codes of teams separated by ;"),
            help=_("Replaces the teams the person is in."),
            empty=[],
        ),
        column_for(
            Person, "organisation", refers_to="organisations", help=_("Slug of the company.")
        ),
        column_for(Person, "is_active", empty=True),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """People refer to companies and teams."""
        return {"organisations": organisations_lookup(), "teams": teams_lookup()}

    def load(self, stored: Sequence[Any], session: Session) -> None:
        """Fetch the teams of stored people in one query."""
        held: dict[int, list[Membership]] = {}
        rows = Membership.objects.filter(person__in=[row.pk for row in stored])
        for membership in rows.select_related("team").order_by("team__code"):
            held.setdefault(membership.person_id, []).append(membership)
        session.parked["memberships"] = held

    def prepare(self, rows: list[PlannedRow], session: Session) -> None:
        """Know the named teams, and refuse unknown ones."""
        teams = session.lookups["teams"]
        teams.prime({code for row in rows for code in row.values.get("teams", ())})
        for row in rows:
            codes = sorted(row.values.get("teams", ()))
            for code in codes:
                if teams.get(code) is None:
                    unknown = _("there is no such %(kind)s") % {"kind": teams.title}
                    session.fail(row, unknown, column="teams", value=code)
            if "teams" in row.values:
                row.values["teams"] = codes

    def current(self, row: PlannedRow, column: Column, session: Session) -> list[str]:
        """Return the codes of the person's teams."""
        held = session.parked["memberships"].get(row.instance.pk, ())
        return [membership.team.code for membership in held]

    def shown(self, row: Any, column: Column, session: Session) -> str:
        """Return the codes as a list."""
        held = session.parked["memberships"].get(row.pk, ())
        return ";".join(membership.team.code for membership in held)

    def after(self, rows: list[PlannedRow], session: Session) -> None:
        """Join and leave teams."""
        teams = session.lookups["teams"]
        joined: list[Membership] = []
        for row in rows:
            if "teams" not in row.changes:
                continue
            held = session.parked["memberships"].get(row.instance.pk, ())
            wanted = set(row.changes["teams"])
            self._leave([m for m in held if m.team.code not in wanted], session)
            new = sorted(wanted - {m.team.code for m in held})
            joined += [Membership(person=row.instance, team=teams.get(code)) for code in new]
        context = session.context
        ledger.create_many(actor=context.actor, instances=joined, now=context.now)

    def _leave(self, memberships: list[Membership], session: Session) -> None:
        context = session.context
        for membership in memberships:
            ledger.delete_object(actor=context.actor, instance=membership, now=context.now)


for kind in (Organisations, Teams, People):
    import_kinds.add(kind())
