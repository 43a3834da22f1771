"""Words of the operating model: letters, effects, scopes, matrix states, disciplines."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Letter(models.TextChoices):
    """What a party is to an activity."""

    RESPONSIBLE = "R", _("Responsible")
    ACCOUNTABLE = "A", _("Accountable")
    CONSULTED = "C", _("Consulted")
    INFORMED = "I", _("Informed")


class Effect(models.TextChoices):
    """What an assignment does to the ones it inherits from above."""

    ADD = "add", _("Adds to what is inherited")
    OVERRIDE = "override", _("Replaces what is inherited")
    BLOCK = "block", _("Removes what is inherited")


class ScopeKind(models.TextChoices):
    """Where an assignment holds."""

    ENTERPRISE = "enterprise", _("Whole enterprise")
    ITEM_CLASS = "item_class", _("Item class")
    LOCATION = "location", _("Location")
    ZONE = "zone", _("Zone")
    ITEM = "item", _("Asset or system")


class MatrixStatus(models.TextChoices):
    """A matrix is edited as a draft, holds once published, and is kept when superseded."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


class Discipline(models.TextChoices):
    """Which side of the house a role belongs to."""

    IT = "it", _("IT")
    OT = "ot", _("OT")
    BUSINESS = "business", _("Business")


class FindingKind(models.TextChoices):
    """What is wrong with the answer to "who?"."""

    UNOWNED = "unowned", _("Nobody is accountable")
    TIE = "tie", _("Several are accountable")
    VACANT = "vacant", _("Role is vacant")
    INACTIVE = "inactive", _("Holder has left")
    ABSENT = "absent", _("Holder is away without a deputy")
    EMPTY_TEAM = "empty_team", _("Team has no active member")
    NO_RESPONSIBLE = "no_responsible", _("Nobody is responsible")
