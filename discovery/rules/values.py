"""Which values discovery may write into an item: people's stand, its own and imported ones follow the device."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MANUAL, DISCOVERY = "manual", "discovery"
#: Fields that follow the device when nobody has set them by hand; `product` only when discovery itself has set it,
#: because makers are written in many ways.
FOLLOWING = ("serial_number", "firmware_version", "hostname", "network_address", "mac_address")


@dataclass(frozen=True)
class Plan:
    """What to write, and what to ask about: {field: (stored, seen)}."""

    changes: dict[str, Any] = field(default_factory=dict)
    questions: dict[str, tuple[str, str]] = field(default_factory=dict)


def plan_of(
    stored: Mapping[str, Any], seen: Mapping[str, Any], provenance: Mapping[str, Mapping[str, Any]]
) -> Plan:
    """Return what to do about each seen value. Nothing seen never empties a field.

    >>> plan = plan_of(
    ...     {"firmware_version": "1.0", "hostname": "plc-4", "serial_number": ""},
    ...     {"firmware_version": "1.1", "hostname": "plc4", "serial_number": "S1"},
    ...     {"hostname": {"source": "manual"}, "firmware_version": {"source": "import"}})
    >>> plan.changes
    {'firmware_version': '1.1', 'serial_number': 'S1'}
    >>> plan.questions
    {'hostname': ('plc-4', 'plc4')}
    """
    plan = Plan()
    for name, value in seen.items():
        held = stored.get(name)
        if value in ("", None) or _same(held, value):
            continue
        stamp = provenance.get(name, {})
        if held in ("", None):
            plan.changes[name] = value
        elif name not in FOLLOWING and stamp.get("source") != DISCOVERY:
            continue
        elif is_locked(stamp):
            plan.questions[name] = (str(held), str(value))
        else:
            plan.changes[name] = value
    return plan


def plan_of_file(
    stored: Mapping[str, Any],
    seen: Mapping[str, Any],
    provenance: Mapping[str, Mapping[str, Any]],
    *,
    seen_at: datetime,
    told_at: datetime | None = None,
    is_scanned: bool = False,
    is_here: bool = True,
) -> Plan:
    """Return what to do about values that a file told at `seen_at`, and not the device itself.

    What is blank is filled. What is held changes only by newer knowledge than the value's and than the item's last
    sighting (`told_at`); of an item that scans read (`is_scanned`) only its address, and a name never. An address
    outside of what the file covers (not `is_here`) stays: a device may have several.

    >>> plan = plan_of_file(
    ...     {"network_address": "10.0.0.4", "hostname": "plc-4", "firmware_version": "1.0", "serial_number": ""},
    ...     {"network_address": "10.0.0.9", "hostname": "dhcp-9", "firmware_version": "1.1", "serial_number": "S1"},
    ...     {"network_address": {"source": "discovery", "at": "2026-01-01T00:00:00+00:00"}},
    ...     seen_at=datetime.fromisoformat("2026-02-01T00:00:00+00:00"), is_scanned=True)
    >>> plan.changes
    {'network_address': '10.0.0.9', 'serial_number': 'S1'}
    """
    following = {"network_address"} if is_here else set[str]()
    if not is_scanned:
        following |= {"serial_number", "firmware_version", "mac_address"}
    is_old = told_at is not None and seen_at < told_at
    fitting = {
        name: value
        for name, value in seen.items()
        if stored.get(name) in ("", None)
        or (name in following and not is_old and _is_newer(provenance.get(name, {}), seen_at))
    }
    return plan_of(stored, fitting, provenance)


def _is_newer(stamp: Mapping[str, Any], seen_at: datetime) -> bool:
    """Tell whether something was seen after a value was set; of a value without a time it is believed."""
    try:
        return seen_at > datetime.fromisoformat(stamp.get("at", ""))
    except ValueError:
        return True


def is_locked(stamp: Mapping[str, Any]) -> bool:
    """Tell whether discovery asks before it writes a value, from the value's provenance.

    What a person has set is locked until a person unlocks it; any other value follows until a person locks it.

    >>> is_locked({"source": "manual"}), is_locked({"source": "manual", "is_locked": False})
    (True, False)
    >>> is_locked({"source": "discovery"}), is_locked({"source": "discovery", "is_locked": True})
    (False, True)
    """
    return bool(stamp.get("is_locked", stamp.get("source") == MANUAL))


def _same(held: object, value: object) -> bool:
    """Tell whether two values are one, whatever the spelling of a hardware address or a name."""
    return str(held).casefold() == str(value).casefold()
