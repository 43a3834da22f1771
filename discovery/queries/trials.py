"""Tries a rule against what devices have told: in a process of its own that is killed when it takes too long."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from discovery.identification.checks import Problem, understood
from discovery.identification.fields import RuleError
from discovery.models import Observation, SiteRule
from discovery.queries.active_rules import active_texts
from discovery.queries.latest_devices import UNKNOWN, below_prefixes, latest_devices
from discovery.queries.observed import ATTRIBUTES
from discovery.rules.readings import dotted

#: So many devices are tried at once at most, and for so long (seconds).
MOST_DEVICES = 1000
TRY_SECONDS = 6.0
#: The process is killed after this, whatever it does; it ends itself after `bench.CPU_SECONDS` of computing.
KILL_SECONDS = 30.0


class TooSlowError(DomainError):
    """Trying a rule took too long: an expression of it hangs."""


@dataclass(frozen=True, slots=True)
class TriedDevice:
    """A device a rule applies to, or would no longer: what is told of it with the rule, and what would change."""

    row: Observation
    applies: bool
    values: Mapping[str, str]
    differences: Mapping[str, tuple[str, str]]
    was_known: bool

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Return (attribute, before, after) in the words of people."""
        return [
            (str(ATTRIBUTES.get(name, name)), before, after)
            for name, (before, after) in self.differences.items()
        ]


@dataclass(frozen=True)
class Trial:
    """What came of trying a rule.

    `total` devices are known to the reader, of `concerned` the sysObjectID fits, `tried` of them were looked at;
    the others cannot change.
    """

    problems: Sequence[Problem]
    devices: Sequence[TriedDevice] = ()
    total: int = 0
    concerned: int = 0
    tried: int = 0

    @property
    def changed(self) -> int:
        """How many devices would be something else."""
        return sum(bool(one.changes) for one in self.devices)

    @property
    def overruled(self) -> int:
        """How many devices that are known would lose or change a value."""
        return sum(any(before for _title, before, _after in one.changes) for one in self.devices)

    @property
    def is_cut(self) -> bool:
        """Whether devices are left that were not looked at."""
        return self.tried < self.concerned


def trial_of(
    user: User, *, text: str, editing: SiteRule | None = None, object_id: str = ""
) -> Trial:
    """Return what a rule would tell of the devices a reader may see; nothing is written.

    Devices with `object_id` come first, then unknown ones, then the newest. Raises TooSlowError.
    """
    devices = latest_devices(user)
    concerned = devices.filter(_concerned(text, editing))
    rows = _chosen(concerned, object_id)
    answer = ask_bench(
        text,
        active_texts(without=editing),
        editing.text if editing and editing.is_active else "",
        [(str(row.pk), bytes(row.target.raw)) for row in rows if row.target],
    )
    by_key = {str(row.pk): row for row in rows}
    found = [_device(by_key[one["key"]], one) for one in answer["devices"]]
    return Trial(
        problems=problems_in(answer),
        devices=sorted(found, key=lambda one: not one.changes),
        total=devices.count(),
        concerned=concerned.count(),
        tried=answer["tried"],
    )


def check(text: str, editing: SiteRule | None = None) -> tuple[str, Sequence[Problem]]:
    """Return a rule's name and what keeps it from being used. Raises TooSlowError.

    It takes a second: whoever writes within a transaction asks before it, and finds the answer kept.
    """
    replaced = editing.text if editing and editing.is_active else ""
    return _checked(text, tuple(active_texts(without=editing)), replaced)


@lru_cache(maxsize=32)
def _checked(text: str, others: tuple[str, ...], replaced: str) -> tuple[str, tuple[Problem, ...]]:
    answer = ask_bench(text, others, replaced)
    return answer["name"], tuple(problems_in(answer))


def ask_bench(
    text: str,
    others: Sequence[str],
    replaced: str,
    devices: Sequence[tuple[str, bytes]] = (),
) -> dict[str, Any]:
    """Ask the process that tries rules. Raises TooSlowError."""
    question = {
        "text": text,
        "others": list(others),
        "replaced": replaced,
        "devices": [(key, base64.b64encode(raw).decode()) for key, raw in devices],
        "seconds": TRY_SECONDS,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "discovery.identification.bench"],
            input=json.dumps(question).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=KILL_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise _too_slow() from None
    except subprocess.CalledProcessError as error:
        if error.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
            raise _too_slow() from None
        raise
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _too_slow() -> TooSlowError:
    message = _("Trying it took too long and was stopped: an expression of it may hang.")
    return TooSlowError(message, fields={"text": [message]})


def problems_in(answer: Mapping[str, Any]) -> list[Problem]:
    """Return what the process found wrong."""
    return [Problem(**one) for one in answer["problems"]]


def _concerned(text: str, editing: SiteRule | None) -> Q:
    """Return which devices a rule, or the one it replaces, can apply to at all: by the prefixes of sysObjectID."""
    prefixes: list[str] = []
    for one in filter(None, (text, editing.text if editing else "")):
        try:
            rule = understood(one)
        except RuleError:
            continue
        if not rule.when.prefixes:
            return Q()
        prefixes += [dotted(prefix) for prefix in rule.when.prefixes]
    return below_prefixes(prefixes)


def _chosen(rows: QuerySet[Observation], object_id: str) -> list[Observation]:
    first = [When(target__object_id=object_id, then=Value(0))] if object_id else []
    order = Case(
        *first, When(UNKNOWN, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    found = rows.select_related("target", "network").order_by(order, "-pk")
    return list(found[:MOST_DEVICES])


def _device(row: Observation, answer: Mapping[str, Any]) -> TriedDevice:
    differences = {name: (before, after) for name, (before, after) in answer["changes"].items()}
    was_known = bool(row.values.get("vendor") and row.values.get("model"))
    return TriedDevice(row, answer["applies"], answer["values"], differences, was_known)
