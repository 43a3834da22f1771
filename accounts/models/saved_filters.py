"""What people keep of a list: named filters with their columns."""

from django.db import models

from accounts.models.users import User
from common.models import BaseModel


class SavedFilter(BaseModel):
    """A list's query string under a name, private or shared."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    list_name = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    query = models.TextField(blank=True, default="")
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"], name="one_saved_filter_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
