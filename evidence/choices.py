"""Words of evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PackKind(models.TextChoices):
    """What a pack proves."""

    DECISION = "decision", _("Decision record")
    AUDIT = "audit", _("Audit pack")
