"""The operating model's tables: who does what, where, since when, and who stands in."""

from raci.models.absences import Absence
from raci.models.activities import Activity
from raci.models.assignments import Assignment
from raci.models.matrices import Matrix
from raci.models.roles import Role, RoleHolder
from raci.models.service_levels import ServiceLevel

__all__ = [
    "Absence",
    "Activity",
    "Assignment",
    "Matrix",
    "Role",
    "RoleHolder",
    "ServiceLevel",
]
