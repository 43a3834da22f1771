"""What an audit pack says of ownership: who was accountable, who stood in, what was wrong, what was promised.

Answers hold for the end of the period; who was accountable when a change was decided is with the change.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.choices import Criticality, ItemKind, ItemStatus
from assets.evidence import items_in
from assets.models import ConfigurationItem
from evidence.packs.sections import AuditScope, section, table
from raci.choices import FindingKind
from raci.models import Matrix, RoleHolder, ServiceLevel
from raci.queries.resolution import Answer, Resolution
from raci.queries.subjects import subjects_of
from raci.queries.timeline import Timeline, load_timeline

ASKED = ("operate", "change")
#: Databases disagree on where nothing stands in an order; a pack must not.
EVERYWHERE_FIRST = F("location__path").asc(nulls_first=True)
PLACES_FIRST = F("item__code").asc(nulls_first=True)
EXAMPLES = 6


def ownership_section(scope: AuditScope) -> dict[str, Any]:
    """Collect the effective RACI at the end of the period, holders, absences and findings."""
    at = scope.ends_at - timedelta(seconds=1)
    timeline = load_timeline()
    items = list(_in_service(scope))
    activities = [code for code in ASKED if code in timeline.at(at).activities]
    found = _resolved(timeline, items, activities, at)
    holders = _holders(scope)
    return section(
        summary=_(
            "Accountable and responsible parties as the published matrices gave them at %s. Where items "
            "stand, and who is active or in a team, is taken as recorded when this document was written."
        )
        % _moment(at),
        facts=_facts(items, found),
        tables=[
            _system_table(items, activities, found),
            _finding_table(items, activities, found),
            _matrix_table(found),
            _holder_table(holders),
            _absence_table(scope, timeline, _people(holders, found.values())),
        ],
    )


def _in_service(scope: AuditScope) -> Iterable[ConfigurationItem]:
    rows = items_in(scope).exclude(status__in=[ItemStatus.PLANNED, ItemStatus.RETIRED])
    return rows.with_effective().order_by("code")


def _resolved(
    timeline: Timeline, items: Sequence[ConfigurationItem], activities: Sequence[str], at: datetime
) -> dict[tuple[int, str], Resolution]:
    book = timeline.at(at)
    return {
        (subject.item_id, code): book.resolve(subject, code)
        for subject in subjects_of(items, tag_ids=timeline.tag_ids)
        for code in activities
    }


def _facts(
    items: Sequence[ConfigurationItem], found: dict[tuple[int, str], Resolution]
) -> dict[str, Any]:
    unowned = {pk for (pk, _code), one in found.items() if one.is_unowned}
    tied = {pk for (pk, _code), one in found.items() if one.is_tied}
    problems = {
        pk
        for (pk, _code), one in found.items()
        if one.accountable and one.accountable.trace.problem
    }
    return {
        _("Items in service"): len(items),
        _("Items without an accountable party"): len(unowned),
        _("Items with several"): len(tied),
        _("Accountable role vacant, holder away or left"): len(problems),
    }


def _system_table(
    items: Sequence[ConfigurationItem],
    activities: Sequence[str],
    found: dict[tuple[int, str], Resolution],
) -> dict[str, Any]:
    rows = []
    for item in items:
        if item.kind != ItemKind.SYSTEM:
            continue
        alike: dict[tuple[str, str], list[str]] = {}
        for code in activities:
            one = found[item.pk, code]
            answer = (accountable_text(one), _many(one.responsible))
            alike.setdefault(answer, []).append(code)
        name = f"{item.code} {item.name}"
        rows += [
            [name, _criticality(item), ", ".join(codes), *answer] for answer, codes in alike.items()
        ]
    columns = [_("System"), _("Criticality"), _("Activity"), _("Accountable"), _("Responsible")]
    return table(
        _("Who answers for each system"),
        columns,
        rows,
        empty=_("No system in service in the scope."),
    )


def _criticality(item: ConfigurationItem) -> str:
    level = getattr(item, "criticality", None)
    return str(Criticality(level).label) if level else "-"


def accountable_text(resolution: Resolution) -> str:
    """Return who is accountable as one line: the holder, the role, who acts; or what is wrong."""
    if resolution.accountable:
        return answer_text(resolution.accountable)
    if resolution.contenders:
        names = ", ".join(one.owner.name for one in resolution.contenders)
        return _("several: %s") % names
    return _("nobody")


def answer_text(answer: Answer) -> str:
    """Return an answer as one line."""
    text = answer.owner.name
    if answer.holder and answer.assigned != answer.holder:
        text += f" ({answer.assigned.name})"
    if answer.trace.problem:
        text += f"; {str(FindingKind(answer.trace.problem).label).lower()}"
    if answer.acting and answer.acting != answer.holder:
        text += "; " + _("acting: %s") % answer.acting.name
    return text


def _many(answers: Sequence[Answer]) -> str:
    return ", ".join(dict.fromkeys(map(answer_text, answers))) or _("nobody")


def _finding_table(
    items: Sequence[ConfigurationItem],
    activities: Sequence[str],
    found: dict[tuple[int, str], Resolution],
) -> dict[str, Any]:
    groups: dict[tuple[int, str, str], list[str]] = {}
    for item in items:
        for code in activities:
            for one in found[item.pk, code].findings:
                key = (list(FindingKind).index(one.kind), code, one.sentence)
                groups.setdefault(key, []).append(item.code)
    rows = [
        [sentence, code, len(codes), _listed(codes)]
        for (_rank, code, sentence), codes in sorted(groups.items())
    ]
    columns = [_("Finding"), _("Activity"), _("Items"), _("Which")]
    return table(_("Findings"), columns, rows, numeric=(2,), empty=_("None."))


def _listed(codes: Sequence[str]) -> str:
    more = len(codes) - EXAMPLES
    text = ", ".join(codes[:EXAMPLES])
    return _("%(codes)s and %(more)d more") % {"codes": text, "more": more} if more > 0 else text


def _matrix_table(found: dict[tuple[int, str], Resolution]) -> dict[str, Any]:
    """Return the matrices the answers rest on; those of other places are nobody's business here."""
    ids = {answer.trace.matrix_id for one in found.values() for answer in one.answers}
    rows = [
        [row.code, row.revision, row.name, _moment(row.effective_at), _moment(row.superseded_at)]
        for row in Matrix.objects.filter(pk__in=ids).order_by("code", "revision")
    ]
    columns = [_("Matrix"), _("Revision"), _("Name"), _("In force from"), _("Superseded")]
    return table(
        _("Matrices these answers rest on"),
        columns,
        rows,
        numeric=(1,),
        empty=_("None is published."),
    )


def _holders(scope: AuditScope) -> list[RoleHolder]:
    """Return who held a role in the period at the scope, below it, or above it."""
    above = [scope.path[: n + 1] for n, sign in enumerate(scope.path) if sign == "/"]
    here = Q(location__isnull=True) | Q(location__path__startswith=scope.path)
    first, last = _days(scope)
    rows = RoleHolder.objects.filter(
        here | Q(location__path__in=above),
        Q(valid_until__isnull=True) | Q(valid_until__gte=first),
        valid_from__lte=last,
    ).select_related("role", "person", "team", "location")
    return list(rows.order_by("role__name", EVERYWHERE_FIRST, "valid_from", "pk"))


def _days(scope: AuditScope) -> tuple[date, date]:
    last = scope.ends_at - timedelta(seconds=1)
    return timezone.localtime(scope.starts_at).date(), timezone.localtime(last).date()


def _holder_table(holders: Sequence[RoleHolder]) -> dict[str, Any]:
    rows = [
        [
            row.role.name,
            str(row.party),
            str(row.location or _("everywhere")),
            row.valid_from.isoformat(),
            row.valid_until.isoformat() if row.valid_until else _("further notice"),
        ]
        for row in holders
    ]
    columns = [_("Role"), _("Held by"), _("At"), _("From"), _("Until")]
    return table(
        _("Role holders in the period"), columns, rows, empty=_("Nobody held a role here.")
    )


def _people(holders: Sequence[RoleHolder], found: Iterable[Resolution]) -> set[int]:
    people = {row.person_id for row in holders if row.person_id}
    parties = [answer.owner for one in found for answer in one.answers]
    return people | {party.id for party in parties if party.kind == "person"}


def _absence_table(scope: AuditScope, timeline: Timeline, people: set[int]) -> dict[str, Any]:
    """Return who of the people who answer here was away. Why is their own business."""
    names = {person.pk: person.name for person in timeline.staff.people}
    rows = [
        [
            names[one.person_id],
            _moment(one.starts_at),
            _moment(one.ends_at),
            names.get(one.deputy_id or 0, _("nobody named")),
        ]
        for one in timeline.staff.absences
        if one.person_id in people
        and one.starts_at < scope.ends_at
        and (one.ends_at is None or one.ends_at > scope.starts_at)
    ]
    columns = [_("Away"), _("From"), _("Until"), _("Deputy")]
    empty = _("Nobody who answers for something here was away.")
    return table(_("Absences and deputies in the period"), columns, rows, empty=empty)


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z}" if at else "-"


def service_level_section(scope: AuditScope) -> dict[str, Any]:
    """Collect what was promised for the scope and what stands in it."""
    first, last = _days(scope)
    within = Q(location__path__startswith=scope.path) | Q(
        item__location__path__startswith=scope.path
    )
    rows = ServiceLevel.objects.filter(
        within if scope.path else Q(),
        Q(valid_until__isnull=True) | Q(valid_until__gte=first),
        valid_from__lte=last,
    ).select_related("item", "location")
    shown = [
        _promise(row) for row in rows.order_by(EVERYWHERE_FIRST, PLACES_FIRST, "valid_from", "pk")
    ]
    columns = [
        _("For"),
        _("Availability, %"),
        _("Respond, min"),
        _("Restore, min"),
        _("Change notice, days"),
        _("Cost per hour"),
        _("From"),
        _("Until"),
    ]
    empty = _("Nothing was promised for this scope.")
    return section(
        summary=_(
            "Service levels in force in the period, own ones only; what is inherited stands above."
        ),
        tables=[table("", columns, shown, numeric=(1, 2, 3, 4, 5), empty=empty)],
    )


def _promise(row: ServiceLevel) -> list[Any]:
    subject = row.item or row.location
    cost = f"{row.cost_per_hour:,.2f} {row.currency}" if row.cost_per_hour is not None else None
    return [
        f"{subject.code} {subject.name}" if subject else "-",
        str(row.availability_percent) if row.availability_percent is not None else None,
        row.response_minutes,
        row.restore_minutes,
        row.change_lead_days,
        cost,
        row.valid_from.isoformat(),
        row.valid_until.isoformat() if row.valid_until else "-",
    ]
