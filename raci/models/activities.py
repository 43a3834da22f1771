"""Activities: what somebody has to answer for, as a tree ("change" above "change firmware")."""

from django.db import models

from common.models import BaseModel


class Activity(BaseModel):
    """A node of the tree; an assignment to a node holds for everything below it.

    `path` is the ids from the root to this node, each followed by `/` ("3/8/").
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, editable=False, db_index=True, default="")
    description = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["path"]
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="activity_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """Return how many activities stand above this one."""
        return self.path.count("/") - 1
