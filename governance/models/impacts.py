"""The impact set as it was when somebody decided: frozen, hashed, comparable."""

from django.db import models

from common.models import BaseModel
from governance.models.changes import ChangeRequest


class ImpactSnapshot(BaseModel):
    """Every item the change hits, on the whole graph, at one moment.

    `rows` holds [item id, code, state, depth], worst first; `facts` what the decision rested on beside it
    (owners, lines, costs, conflicts, findings) as plain values. Both name what not every reader may see,
    so the ledger carries their hashes only.
    """

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="snapshots")
    taken_at = models.DateTimeField()
    impact_hash = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    facts_hash = models.CharField(max_length=64)
    unresolved_count = models.PositiveIntegerField(default=0)
    graph_version = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"impact of {self.change.number}, {len(self.rows)} items"

    def ledger_scope(self) -> str:
        """Return the change's scope."""
        return self.change.scope_path

    @property
    def states(self) -> dict[str, str]:
        """Return item code -> state."""
        return {code: state for _id, code, state, _depth in self.rows}
