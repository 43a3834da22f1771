"""What lists of the operating model can be filtered by, on pages and over the API."""

from common.filters import FilterSet, choice, day, moment, number, reference, text
from raci.choices import Discipline, Effect, Letter, MatrixStatus, ScopeKind


class ActivityFilterSet(FilterSet):
    """Activities."""

    searched = ("name", "code")
    lookups = {
        "id": number("id", "Id"),
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "parent": reference("parent", "code", "Parent"),
    }


class RoleFilterSet(FilterSet):
    """Roles."""

    searched = ("name", "code")
    panel = ("discipline",)
    lookups = {
        "id": number("id", "Id"),
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "discipline": choice("discipline", Discipline.choices, "Discipline"),
    }


class HolderFilterSet(FilterSet):
    """Role holders."""

    searched = ("role__name", "role__code", "person__name", "team__name")
    panel = ("role", "location")
    lookups = {
        "id": number("id", "Id"),
        "role": reference("role", "code", "Role"),
        "person": reference("person", "employee_number", "Person"),
        "team": reference("team", "code", "Team"),
        "location": reference("location", "code", "Location"),
        "valid_from": day("valid_from", "Valid from"),
        "valid_until": day("valid_until", "Valid until"),
    }


class AbsenceFilterSet(FilterSet):
    """Absences."""

    searched = ("person__name", "deputy__name")
    lookups = {
        "id": number("id", "Id"),
        "person": reference("person", "employee_number", "Person"),
        "deputy": reference("deputy", "employee_number", "Deputy"),
        "starts_at": moment("starts_at", "From"),
        "ends_at": moment("ends_at", "Until"),
    }


class MatrixFilterSet(FilterSet):
    """Matrices."""

    searched = ("name", "code")
    panel = ("status",)
    lookups = {
        "id": number("id", "Id"),
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "revision": number("revision", "Revision"),
        "status": choice("status", MatrixStatus.choices, "Status"),
    }


class AssignmentFilterSet(FilterSet):
    """Assignments."""

    searched = ("activity__name", "role__name", "person__name", "team__name")
    lookups = {
        "id": number("id", "Id"),
        "matrix": reference("matrix", "code", "Matrix"),
        "matrix_status": choice("matrix__status", MatrixStatus.choices, "Matrix status"),
        "activity": reference("activity", "code", "Activity"),
        "letter": choice("letter", Letter.choices, "Letter"),
        "effect": choice("effect", Effect.choices, "Effect"),
        "role": reference("role", "code", "Role"),
        "person": reference("person", "employee_number", "Person"),
        "team": reference("team", "code", "Team"),
        "scope_kind": choice("scope_kind", ScopeKind.choices, "Scope"),
        "location": reference("location", "code", "Location"),
        "zone": reference("zone", "code", "Zone"),
        "item": reference("item", "code", "Item"),
        "item_class": reference("item_class", "slug", "Item class"),
        "valid_from": day("valid_from", "Valid from"),
        "valid_until": day("valid_until", "Valid until"),
    }


class ServiceLevelFilterSet(FilterSet):
    """Service levels."""

    searched = ("item__name", "item__code", "location__name", "location__code")
    panel = ("currency",)
    lookups = {
        "id": number("id", "Id"),
        "item": reference("item", "code", "Item"),
        "location": reference("location", "code", "Location"),
        "currency": text("currency", "Currency"),
        "cost_per_hour": number("cost_per_hour", "Cost per hour"),
        "availability_percent": number("availability_percent", "Availability"),
        "valid_from": day("valid_from", "Valid from"),
    }
