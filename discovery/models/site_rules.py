"""Rules that people of this site have added to tell what a device is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from common.models import BaseModel


class SiteRule(BaseModel):
    """One rule as YAML, in the format of `identification/data`. `name` is the rule's own, taken from the text.

    It is switched off, never deleted: values in the inventory name the rule they came by.
    """

    name = models.CharField(max_length=60, unique=True, editable=False)
    text = models.TextField(_("rule"))
    note = models.TextField(_("note"), blank=True, default="")
    author = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        permissions = [("edit_identification_rules", "Can edit identification rules")]

    def __str__(self) -> str:
        return self.name
