"""Questions in plain words: what connects a device with an item, what speaks against, what each answer does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discovery.choices import CaseDecision, CaseKind
from discovery.models import Case
from discovery.topology.clashes import Clash
from discovery.topology.keys import KeyKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEYS: Mapping[str, "StrOrPromise"] = {
    KeyKind.SERIAL: gettext_lazy("Serial number with its maker"),
    KeyKind.CHASSIS: gettext_lazy("Chassis address"),
    KeyKind.BASE_MAC: gettext_lazy("Bridge address"),
    KeyKind.MAC: gettext_lazy("Hardware address"),
    KeyKind.ENGINE: gettext_lazy("SNMP engine id"),
    KeyKind.BARE_SERIAL: gettext_lazy("Serial number, maker unknown"),
    KeyKind.CHASSIS_NAME: gettext_lazy("Chassis name"),
    KeyKind.ADDRESS: gettext_lazy("Network address"),
    KeyKind.NAME: gettext_lazy("Name at this site"),
}
AGAINST: Mapping[str, "StrOrPromise"] = {
    Clash.SERIAL_DIFFERS: gettext_lazy("The serial numbers differ: that is another device."),
    Clash.HARDWARE_DIFFERS: gettext_lazy(
        "The hardware addresses differ, none is common: that is another device or another board."
    ),
    Clash.MODEL_DIFFERS: gettext_lazy("They share a serial number, yet the models differ."),
    Clash.SHARED_TOO_WIDELY: gettext_lazy(
        "Many devices carry what they share, so it proves nothing."
    ),
    Clash.LITTLE_IN_COMMON: gettext_lazy("Most of their hardware addresses differ."),
}
DOUBTS: Mapping[str, "StrOrPromise"] = {
    CaseKind.AMBIGUOUS: gettext_lazy("Keys of this one device lead to several items."),
    CaseKind.WEAK: gettext_lazy(
        "Addresses are given anew and bare serial numbers repeat between makers: neither proves a device."
    ),
    CaseKind.DELETED: gettext_lazy("Somebody deleted the item that had these keys."),
    CaseKind.RETIRED: gettext_lazy("Somebody retired the item that has these keys."),
    CaseKind.VALUE: gettext_lazy("A person has set the stored value, so it was not overwritten."),
    CaseKind.REPLACED: gettext_lazy("It answers where another device was recorded."),
}


def key_in_words(case: Case, kind: str, value: str) -> tuple[str, str]:
    """Return what a key is and its value, without the network's code that makes weak ones unique."""
    return str(KEYS.get(kind, kind)), value.removeprefix(f"{case.network.code} ")


def against_in_words(case: Case) -> str:
    """Return what speaks against the obvious answer."""
    return str(AGAINST.get(case.clash) or DOUBTS[case.kind])


def consequence(case: Case, decision: str, *, device: str, field: str) -> str:
    """Return what will follow from an answer, in a sentence or two."""
    values = {
        "device": device,
        "network": case.network.name,
        "place": case.network.location.name,
        "field": field,
        "seen": case.seen_value,
        "stored": case.stored_value,
    }
    return str(CONSEQUENCES[decision]) % values


CONSEQUENCES: Mapping[str, "StrOrPromise"] = {
    CaseDecision.SAME: gettext_lazy(
        "“%(device)s” is the chosen item from now on. It takes what was seen, except where a person has set a value. "
        "No other item is suggested for this device again."
    ),
    CaseDecision.NEW: gettext_lazy(
        "A new asset “%(device)s” is recorded at %(place)s. None of the items is suggested for this device again."
    ),
    CaseDecision.SUCCESSOR: gettext_lazy(
        "A new asset takes over the name, place and relations of the chosen item. The chosen item retires and keeps "
        "its history."
    ),
    CaseDecision.MERGE: gettext_lazy(
        "The chosen item stays. Relations and keys of the others move to it, its empty fields are filled from them, "
        "and they retire. This can be undone."
    ),
    CaseDecision.ACCEPT: gettext_lazy(
        "%(field)s becomes “%(seen)s”, and from now on follows what discovery sees."
    ),
    CaseDecision.REJECT: gettext_lazy(
        "%(field)s stays “%(stored)s”. This is not asked again while the device tells “%(seen)s”."
    ),
    CaseDecision.IGNORE: gettext_lazy(
        "Nothing is recorded, and the same question is not asked again."
    ),
}


def no_candidates_in_words(hidden: int) -> str:
    """Return that a question is about items somebody may not see."""
    return _("%d more that you may not see") % hidden
