"""What an export holds: the rows of a kind the user may see, narrowed as the list is."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.filters import OrganisationFilterSet, PersonFilterSet, TeamFilterSet
from accounts.models import User
from assets.filters import (
    ConduitFilterSet,
    ItemClassFilterSet,
    ItemFilterSet,
    LocationFilterSet,
    ProductFilterSet,
    RelationFilterSet,
    ZoneFilterSet,
)
from common.actor import Actor
from common.errors import NotAllowedError
from common.filters import FilterSet
from common.imports import ImportContext
from common.imports.exporting import export_rows
from common.imports.kinds import kind_named
from raci.filters import (
    AbsenceFilterSet,
    ActivityFilterSet,
    AssignmentFilterSet,
    HolderFilterSet,
    RoleFilterSet,
    ServiceLevelFilterSet,
)

FILTERS: Mapping[str, type[FilterSet]] = {
    "absences": AbsenceFilterSet,
    "activities": ActivityFilterSet,
    "assets": ItemFilterSet,
    "conduits": ConduitFilterSet,
    "item_classes": ItemClassFilterSet,
    "locations": LocationFilterSet,
    "organisations": OrganisationFilterSet,
    "people": PersonFilterSet,
    "products": ProductFilterSet,
    "raci": AssignmentFilterSet,
    "relations": RelationFilterSet,
    "role_holders": HolderFilterSet,
    "roles": RoleFilterSet,
    "service_levels": ServiceLevelFilterSet,
    "systems": ItemFilterSet,
    "teams": TeamFilterSet,
    "zones": ZoneFilterSet,
}
SITE_PATHS = {
    "assets": "location__path__startswith",
    "systems": "location__path__startswith",
    "locations": "path__startswith",
    "zones": "site__path__startswith",
    "relations": "source__location__path__startswith",
}
SHAPING = ("page", "ordering", "columns", "format")


def exported(
    *, kind_name: str, user: User, query: QueryDict, site_path: str, actor: Actor, now: datetime
) -> Iterator[list[str]]:
    """Yield the rows of an export, header first; they are read while they are sent."""
    kind = kind_named(kind_name)
    if not user.is_active:
        raise NotAllowedError(_("Only who may log in exports."))
    context = ImportContext(actor=actor, user=user, now=now)
    rows = kind.visible(context)
    if site_path and kind_name in SITE_PATHS:
        rows = rows.filter(**{SITE_PATHS[kind_name]: site_path})
    if kind_name in FILTERS and any(name not in SHAPING for name in query):
        rows = FILTERS[kind_name](query, rows).qs
    return export_rows(kind=kind, context=context, only=rows)
