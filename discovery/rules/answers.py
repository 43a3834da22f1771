"""Which answers a question of discovery takes."""

from collections.abc import Mapping

IDENTITY = frozenset({"same", "new", "ignore"})
#: By kind of question (`choices.CaseKind`) the answers (`choices.CaseDecision`).
ANSWERS: Mapping[str, frozenset[str]] = {
    "ambiguous": IDENTITY | {"merge"},
    "weak": IDENTITY,
    "replaced": IDENTITY | {"successor"},
    "deleted": frozenset({"new", "ignore"}),
    "retired": IDENTITY,
    "value": frozenset({"accept", "reject"}),
}
#: Answers that name one of the items.
NEEDS_ITEM = frozenset({"same", "successor", "merge"})
