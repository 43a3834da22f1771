"""The base of every table whose rows are edited by people."""

from django.db import models


class BaseModel(models.Model):
    """Identity, times and a version that changes with each write (the ETag of the API)."""

    id = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
