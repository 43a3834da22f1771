"""Words of change enablement (ITIL 4) and of the review board."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeModel(models.TextChoices):
    """How a change is enabled: pre-authorised, assessed, or done now and reviewed after."""

    STANDARD = "standard", _("Standard")
    NORMAL = "normal", _("Normal")
    EMERGENCY = "emergency", _("Emergency")


class ChangeType(models.TextChoices):
    """What is done to the targets; selects which relations carry the effect (assets/graph)."""

    POWER_OFF = "power_off", _("Power off")
    REBOOT = "reboot", _("Reboot")
    FIRMWARE = "firmware", _("Firmware update")
    CONFIGURATION = "configuration", _("Configuration change")
    OPEN_PORT = "open_port", _("Open a port")
    SCHEMA = "schema", _("Data schema change")


class ChangeState(models.TextChoices):
    """Where a change stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    EXECUTING = "executing", _("In execution")
    COMPLETED = "completed", _("Completed")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RoundState(models.TextChoices):
    """Where one round of approval stands; `lapsed` keeps its votes but they count no longer."""

    OPEN = "open", _("Open")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    LAPSED = "lapsed", _("Lapsed")


class SeatBasis(models.TextChoices):
    """Why somebody decides."""

    ACCOUNTABLE = "accountable", _("Accountable for an impacted system")
    BOARD = "board", _("Member of the review board")
    ESCALATION = "escalation", _("Escalation: too few of the board may vote")


class VoteChoice(models.TextChoices):
    """What somebody with a seat says."""

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    RECUSE = "recuse", _("Recuse")
