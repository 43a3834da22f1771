"""Evidence packs that were written: who asked for which, and the hash of the file they got."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import BaseModel
from evidence.choices import PackKind


class EvidencePack(BaseModel):
    """One signed PDF in the files folder; the row outlives the file."""

    identifier = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=PackKind.choices)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=250)
    scope_path = models.CharField(max_length=120, blank=True, default="")
    object_type = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True, blank=True)
    requested_by_user_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    requested_by_label = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField(help_text=_("Bytes."))
    sha256 = models.CharField(max_length=64, unique=True)
    content_sha256 = models.CharField(max_length=64, db_index=True)
    entry_count = models.PositiveIntegerField()
    first_sequence = models.BigIntegerField(null=True, blank=True)
    last_sequence = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="pack_by_object")]

    def __str__(self) -> str:
        return f"{self.identifier} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the pack's page."""
        return reverse("evidence:pack-detail", args=[self.pk])

    def ledger_scope(self) -> str:
        """Return the path that decides who may read entries about this pack."""
        return self.scope_path
