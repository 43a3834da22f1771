"""Ledger entries as a history a person reads: field names in words, ids as names, before and after side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Labels = Callable[[type[models.Model], set[int]], Mapping[int, str]]
HIDDEN_FIELDS = frozenset({"provenance", "path"})
ACTIONS = {
    "create": gettext_lazy("Created"),
    "update": gettext_lazy("Changed"),
    "delete": gettext_lazy("Deleted"),
    "tag": gettext_lazy("Tagged"),
    "approve": gettext_lazy("Approved"),
    "approved round": gettext_lazy("Round approved"),
    "complete": gettext_lazy("Completed"),
    "draft": gettext_lazy("Drafted"),
    "edit": gettext_lazy("Edited"),
    "escalate round": gettext_lazy("Round escalated"),
    "execute": gettext_lazy("Begun"),
    "export": gettext_lazy("Exported"),
    "fail": gettext_lazy("Failed or backed out"),
    "freeze impact": gettext_lazy("Impact frozen"),
    "grant": gettext_lazy("Rights set"),
    "lapse": gettext_lazy("Approval lapsed"),
    "open round": gettext_lazy("Approval asked for"),
    "publish": gettext_lazy("Published"),
    "reject": gettext_lazy("Rejected"),
    "rejected round": gettext_lazy("Round rejected"),
    "revoke": gettext_lazy("Revoked"),
    "rotate-key": gettext_lazy("Signing key rotated"),
    "seat": gettext_lazy("Decider seated"),
    "submit": gettext_lazy("Submitted"),
    "supersede": gettext_lazy("Superseded"),
    "vote": gettext_lazy("Voted"),
    "withdraw": gettext_lazy("Withdrawn"),
}


@dataclass(frozen=True)
class ShownChange:
    """One field: its name in words, before, after (None where there was nothing)."""

    title: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ShownEntry:
    """One entry of the history."""

    entry: Any
    action: Any
    changes: list[ShownChange]


def shown_history(
    model: type[models.Model], entries: Sequence[Any], labels: Labels
) -> list[ShownEntry]:
    """Return the entries for the timeline; `labels(model, ids)` names what the reader may see."""
    columns = {column.attname: column for column in model._meta.concrete_fields}
    names = _names(columns, entries, labels)
    return [
        ShownEntry(entry, ACTIONS.get(entry.action, entry.action), _changes(entry, columns, names))
        for entry in entries
    ]


def _changes(
    entry: Any, columns: Mapping[str, Any], names: Mapping[str, Mapping[int, str]]
) -> list[ShownChange]:
    found = []
    for name in sorted({*entry.before, *entry.after} - HIDDEN_FIELDS):
        column = columns.get(name)
        title = str(column.verbose_name).capitalize() if column else name
        before, after = (
            _shown(column, side.get(name), names.get(name, {}))
            for side in (entry.before, entry.after)
        )
        found.append(ShownChange(title, before, after))
    return found


def _shown(column: Any, value: Any, names: Mapping[int, str]) -> str | None:
    if value in (None, "", {}, []):
        return None
    if column is not None and column.is_relation:
        return str(names.get(value) or _("(hidden) #%s") % value)
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(_("yes") if value is True else _("no") if value is False else value)


def _names(
    columns: Mapping[str, Any], entries: Iterable[Any], labels: Labels
) -> dict[str, Mapping[int, str]]:
    ids: dict[str, set[int]] = {}
    for entry in entries:
        for side in (entry.before, entry.after):
            for name, value in side.items():
                column = columns.get(name)
                if column is not None and column.is_relation and isinstance(value, int):
                    ids.setdefault(name, set()).add(value)
    return {name: labels(columns[name].related_model, found) for name, found in ids.items()}
