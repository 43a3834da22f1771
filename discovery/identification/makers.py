"""Who made a device, by the number of the enterprise in its sysObjectID or by a name in its description."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from discovery.identification.rules import ENTERPRISES, PRECEDENCE, Cut, Rule, When
from discovery.identification.sources import DESCRIPTION, Source
from discovery.identification.values import Attribute

#: Makers whose names are words that mean something else in a description, or that made a part of it.
_WORDS = {
    "Sharp",
    "Quantum",
    "Harmonic",
    "Parks",
    "Bull",
    "Extreme",
    "Citizen",
    "Buffalo",
    "Oracle",
    "Apple",
}
_PARTS = {"FreeBSD", "Intel", "Microsoft", "VMware"}


def rules_of_makers(names: Mapping[int, str], origin: str) -> list[Rule]:
    """Return one rule for each number, and one for names in descriptions of devices whose number says nothing."""
    numbered = [
        Rule(
            f"enterprise-{number}",
            origin,
            When(((*ENTERPRISES, number),)),
            PRECEDENCE["vendor"] - 1,
            {Attribute.VENDOR: name},
        )
        for number, name in names.items()
    ]
    pattern = any_of(name for name in names.values() if name not in _WORDS | _PARTS)
    cut = Cut(Source("description", DESCRIPTION), pattern)
    described = Rule(
        "maker-in-description",
        origin,
        When(),
        PRECEDENCE["general"],
        cuts={Attribute.VENDOR: (cut,)},
    )
    return [*numbered, described]


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return an expression for any of the names of four letters and more as whole words, the longest first.

    >>> any_of(["Rittal", "Rit"]).search("Rittal IT Chiller").group(1)
    'Rittal'
    """
    telling = sorted({name for name in names if len(name) > 3}, reverse=True)
    initials = (
        f"{re.escape(initial)}(?:{'|'.join(re.escape(name[1:]) for name in group)})"
        for initial, group in groupby(telling, key=lambda name: name[0])
    )
    return re.compile(rf"(?<!\w)({'|'.join(initials)})(?!\w)")
