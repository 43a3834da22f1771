"""Ledger entries as a history a person reads: field names in words, ids as names, before and after side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Labels = Callable[[type[models.Model], set[int]], Mapping[int, str]]
HIDDEN_FIELDS = frozenset({"provenance", "path", "scope_path"})
CHANNELS = {
    "web": gettext_lazy("Web page"),
    "api": gettext_lazy("API"),
    "cli": gettext_lazy("Command line"),
    "task": gettext_lazy("Background job"),
    "system": gettext_lazy("System"),
}
ACTIONS = {
    "create": gettext_lazy("Created"),
    "update": gettext_lazy("Changed"),
    "delete": gettext_lazy("Deleted"),
    "tag": gettext_lazy("Tagged"),
    "approve": gettext_lazy("Approved"),
    "ask for consent": gettext_lazy("Consent asked for"),
    "cancel scan": gettext_lazy("Scan cancelled"),
    "consent": gettext_lazy("Consented"),
    "lift stop": gettext_lazy("Stop lifted"),
    "refuse consent": gettext_lazy("Consent refused"),
    "revoke consent": gettext_lazy("Consent taken back"),
    "rotate key": gettext_lazy("Sealed under a new key"),
    "start scan": gettext_lazy("Scan started"),
    "stop discovery": gettext_lazy("Discovery stopped"),
    "approved round": gettext_lazy("Round approved"),
    "complete": gettext_lazy("Completed"),
    "decide": gettext_lazy("Decided"),
    "draft": gettext_lazy("Drafted"),
    "edit": gettext_lazy("Edited"),
    "escalate round": gettext_lazy("Round escalated"),
    "execute": gettext_lazy("Begun"),
    "export": gettext_lazy("Exported"),
    "fail": gettext_lazy("Failed or backed out"),
    "freeze impact": gettext_lazy("Impact frozen"),
    "grant": gettext_lazy("Rights set"),
    "lapse": gettext_lazy("Approval lapsed"),
    "lock value": gettext_lazy("Value locked"),
    "merge": gettext_lazy("Merged"),
    "open round": gettext_lazy("Approval asked for"),
    "publish": gettext_lazy("Published"),
    "reject": gettext_lazy("Rejected"),
    "rejected round": gettext_lazy("Round rejected"),
    "reopen": gettext_lazy("Opened again"),
    "restore": gettext_lazy("Restored"),
    "revoke": gettext_lazy("Revoked"),
    "rotate-key": gettext_lazy("Signing key rotated"),
    "seat": gettext_lazy("Decider seated"),
    "split": gettext_lazy("Device parted from it"),
    "submit": gettext_lazy("Submitted"),
    "supersede": gettext_lazy("Superseded"),
    "undo merge": gettext_lazy("Merge undone"),
    "unlock value": gettext_lazy("Value unlocked"),
    "vote": gettext_lazy("Voted"),
    "vote: approve": gettext_lazy("Voted yes"),
    "vote: reject": gettext_lazy("Voted no"),
    "vote: recuse": gettext_lazy("Recused"),
    "withdraw": gettext_lazy("Withdrawn"),
}


def action_in_words(action: str) -> str:
    """Return what an entry did as people say it; the ledger's own word for what has none.

    >>> action_in_words("freeze impact"), action_in_words("recount")
    ('Impact frozen', 'recount')
    """
    return str(ACTIONS.get(action, action))


def channel_in_words(channel: str) -> str:
    """Return through what somebody acted, as people say it."""
    return str(CHANNELS.get(channel, channel))


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
        ShownEntry(entry, action_in_words(entry.action), _changes(entry, columns, names))
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
    if isinstance(column, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(localtime(moment), "j M Y H:i")
    if type(column) is models.DateField and (day := parse_date(str(value))):
        return date_format(day, "j M Y")
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
