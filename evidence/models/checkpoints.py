"""Signed statements of where the chain stood: what shows that a tail was cut."""

from django.db import models


class Checkpoint(models.Model):
    """A Merkle root over the entries since the last checkpoint, signed with the site's key.

    `statement` is the canonical JSON that was signed; `signature` is hex (ECDSA or RSA, SHA-256).
    """

    id = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField()
    first_sequence = models.BigIntegerField(unique=True)
    last_sequence = models.BigIntegerField(unique=True)
    statement = models.TextField()
    signature = models.TextField()
    certificate_fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_sequence__gte=models.F("first_sequence")),
                name="checkpoint_covers_entries",
            ),
        ]

    def __str__(self) -> str:
        return f"checkpoint {self.pk}: {self.first_sequence}-{self.last_sequence}"
