"""An entry's change as words on a page, without the help of its model (which may be of any floor)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import orjson
from django.apps import apps
from django.utils.translation import gettext as _

from evidence.queries.history import FieldChange
from evidence.rules.canonical import Json


@dataclass(frozen=True)
class Shown:
    """One field, before and after as text; None where there was nothing."""

    title: str
    before: str | None
    after: str | None


def shown_changes(changes: Iterable[FieldChange]) -> list[Shown]:
    """Return the changes for the diff component."""
    return [
        Shown(change.name.replace("_", " "), _text(change.before), _text(change.after))
        for change in changes
    ]


def _text(value: Json) -> str | None:
    if value in (None, "", {}, []):
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (Mapping, list)):
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return str(value)


@cache
def kind_in_words(object_type: str) -> str:
    """Return `assets.location` as people say it; the name itself for what is no model."""
    try:
        model = apps.get_model(object_type)
    except (LookupError, ValueError):
        return object_type.rpartition(".")[2].replace("_", " ")
    return str(model._meta.verbose_name)
