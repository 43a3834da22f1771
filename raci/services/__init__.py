"""Every write of the operating model: one function is one use case."""

from raci.services.absences import AbsenceError, cancel_absence, change_absence, record_absence
from raci.services.activities import ActivityError, change_activity, create_activity
from raci.services.assignments import (
    AssignmentError,
    add_assignment,
    add_assignments,
    change_assignment,
    remove_assignment,
)
from raci.services.holders import HolderError, appoint_holder, change_holder, hand_over_role
from raci.services.matrices import (
    MatrixStateError,
    change_matrix,
    create_matrix,
    discard_draft,
    draft_next_revision,
    open_draft,
    publish_matrix,
)
from raci.services.service_levels import change_service_level, set_service_level

__all__ = [
    "AbsenceError",
    "ActivityError",
    "AssignmentError",
    "HolderError",
    "MatrixStateError",
    "add_assignment",
    "add_assignments",
    "appoint_holder",
    "cancel_absence",
    "change_absence",
    "change_activity",
    "change_assignment",
    "change_holder",
    "change_matrix",
    "change_service_level",
    "create_activity",
    "create_matrix",
    "discard_draft",
    "draft_next_revision",
    "hand_over_role",
    "open_draft",
    "publish_matrix",
    "record_absence",
    "remove_assignment",
    "set_service_level",
]
