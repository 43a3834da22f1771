"""Kinds of party."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TeamKind(models.TextChoices):
    """A board is a team that votes; a vendor team is outside the company."""

    TEAM = "team", _("Team")
    BOARD = "board", _("Board")
    VENDOR = "vendor", _("Vendor")


class OrganisationKind(models.TextChoices):
    """What an organisation is to the plant."""

    OPERATOR = "operator", _("Operator")
    MANUFACTURER = "manufacturer", _("Manufacturer")
    VENDOR = "vendor", _("Vendor")
    INTEGRATOR = "integrator", _("Integrator")


class Audience(models.TextChoices):
    """Which home page a user sees first."""

    ENGINEER = "engineer", _("Engineer")
    BOARD = "board", _("Review board")
    LEADERSHIP = "leadership", _("Plant leadership")
    TRAINING = "training", _("Training lead")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
