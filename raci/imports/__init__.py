"""Import kinds of the operating model: activities, roles and their holders, absences, matrices, service levels."""

from common.imports import import_kinds
from raci.imports.absences import Absences
from raci.imports.activities import Activities
from raci.imports.assignments import Assignments
from raci.imports.roles import RoleHolders, Roles
from raci.imports.service_levels import ServiceLevels

for kind in (Activities, Roles, RoleHolders, Absences, Assignments, ServiceLevels):
    import_kinds.add(kind())
