"""A first rule for a device nobody knows: what can be told from its description, with an example made of it."""

import re
from collections.abc import Iterator

import yaml

from discovery.identification.devices import Device
from discovery.identification.guesses import version_in_description
from discovery.identification.identify import identify
from discovery.identification.loading import parse_rules
from discovery.identification.rules import ENTERPRISES, RuleSet
from discovery.identification.sources import DESCRIPTION
from discovery.identification.values import Attribute, bounded
from discovery.rules.readings import Oid, Reading, dotted

#: What stands in a draft where only a person knows the word; it is no maker's name, so it is not accepted.
FILL_IN = "n/a"
_WORD = re.compile(r"[A-Z][A-Za-z&-]{2,30}")
_MODEL = re.compile(r"(?=[A-Za-z0-9/-]*\d)[A-Z][A-Za-z0-9]{0,12}[A-Za-z0-9/-]{1,24}")
#: Words descriptions begin with that name nobody.
_NO_MAKER = frozenset(
    [
        "device",
        "embedded",
        "ethernet",
        "firmware",
        "hardware",
        "industrial",
        "ip",
        "linux",
        "managed",
        "network",
        "router",
        "server",
        "snmp",
        "software",
        "switch",
        "system",
        "the",
        "this",
        "unknown",
        "version",
        "web",
    ]
)
_EXPECTED = (Attribute.VENDOR, Attribute.MODEL, Attribute.OS, Attribute.VERSION)


def drafted(reading: Reading, rules: RuleSet) -> str:
    """Return a rule in YAML for a device, to be corrected by a person; `rules` are those that count now.

    What follows from the description is cut from it by a literal word in front of the value. The example holds
    sysObjectID and sysDescr and expects what comes out now.
    """
    device = Device(reading)
    description = device.evidence(DESCRIPTION).text
    known = identify(reading, rules)
    vendor = known.vendor or _maker(description) or FILL_IN
    cuts = dict(_cuts(description, has_version=bool(known.version)))
    lines = [
        "rules:",
        f"- name: {_name(device, vendor)}",
        *_when(device, description, vendor),
        "  set:",
        f"    vendor: {_quoted(vendor)}" + ("  # who made it?" if vendor == FILL_IN else ""),
        "    # role: industrial switch",
        *(["  cut:"] if cuts else ["  # cut:"]),
    ]
    for name in ("model", "version"):
        if name in cuts:
            lines.append(f"    {name}: {{from: description, match: {_quoted(cuts[name])}}}")
        else:
            hint = f"{name}: {{from: description, match: '…(\\S{{2,40}})'}}"
            lines.append(f"    # {hint}" if cuts else f"  #   {hint}")
    return "\n".join([*lines, *_example("\n".join(lines), device, description, rules)]) + "\n"


def prefix_of(object_id: Oid) -> Oid:
    """Return the part of a sysObjectID that stands for a family: all but the last arc of what the maker added.

    >>> prefix_of((1, 3, 6, 1, 4, 1, 99999, 7, 3))
    (1, 3, 6, 1, 4, 1, 99999, 7)
    >>> prefix_of((1, 3, 6, 1, 4, 1, 99999, 7))
    (1, 3, 6, 1, 4, 1, 99999, 7)
    """
    return object_id[:-1] if len(object_id) > len(ENTERPRISES) + 2 else object_id


def short(identifier: Oid) -> str:
    """Return an identifier as rules write it.

    >>> short((1, 3, 6, 1, 4, 1, 99999, 7))
    'enterprises.99999.7'
    """
    size = len(ENTERPRISES)
    if identifier[:size] == ENTERPRISES and len(identifier) > size:
        return f"enterprises.{dotted(identifier[size:])}"
    return dotted(identifier)


def _maker(description: str) -> str:
    """Return the first word of a description when it looks like a name."""
    first = description.split(" ", 1)[0].strip(",;:") if description else ""
    return first if _WORD.fullmatch(first) and first.lower() not in _NO_MAKER else ""


def _name(device: Device, vendor: str) -> str:
    head = re.sub(r"[^a-z0-9]+", "-", vendor.lower()).strip("-") if vendor != FILL_IN else "maker"
    head = head if head[:1].isalpha() else f"maker-{head}"
    tail = "-".join(map(str, prefix_of(device.object_id)[len(ENTERPRISES) :]))
    return f"site-{head}-{tail}"[:60].strip("-")


def _when(device: Device, description: str, vendor: str) -> Iterator[str]:
    if device.object_id:
        yield f"  when: {{object_id: {short(prefix_of(device.object_id))}}}"
        return
    word = vendor if vendor in description else description.split(" ", 1)[0][:30]
    yield f"  when: {{description: {_quoted('^' + re.escape(word))}}}"


def _cuts(description: str, *, has_version: bool) -> Iterator[tuple[str, str]]:
    version = version_in_description(description)
    model = next((one[0] for one in _MODEL.finditer(description) if version not in one[0]), "")
    if not version:
        model = next((one[0] for one in _MODEL.finditer(description)), "")
    if model:
        yield "model", f"{_before(description, model)}([^\\s,;]{{2,40}})"
    if version and not has_version:
        yield "version", f"{_before(description, version)}(v?\\d\\S{{0,24}}\\w)"


def _before(description: str, value: str) -> str:
    """Return an expression for the word that stands before a value, "^" where there is none."""
    head = description[: description.index(value)].rstrip(" ")
    gap = " " if description[: description.index(value)] != head else ""
    word = head.rsplit(" ", 1)[-1][-20:]
    return f"{re.escape(word)}{gap}" if word else "^"


def _quoted(text: str) -> str:
    """Return a text as YAML in single quotes, where quotes are needed."""
    if re.fullmatch(r"[A-Za-z][A-Za-z &-]*[A-Za-z]", text) and text.lower() not in {"yes", "no"}:
        return text
    return "'" + text.replace("'", "''") + "'"


def _example(rule: str, device: Device, description: str, rules: RuleSet) -> Iterator[str]:
    reading = Reading(
        {
            name: value
            for name, value in device.reading.varbinds.items()
            if name in (DESCRIPTION, (*DESCRIPTION[:-2], 2, 0))
        }
    )
    told = identify(reading, rules.extended(parse_rules(rule, "draft")))
    expected = {one: told.value(one) for one in _EXPECTED if told.value(one)}
    if told.vendor == FILL_IN:
        expected = {Attribute.VENDOR: FILL_IN}
    yield "  examples:"
    yield f"  - description: {_flow(bounded(description))}"
    if device.object_id:
        yield f"    object_id: {short(device.object_id)}"
    yield f"    expect: {{{', '.join(f'{name}: {_flow(text)}' for name, text in expected.items())}}}"


def _flow(text: str) -> str:
    """Return any text as one YAML scalar on one line."""
    dumped: str = yaml.safe_dump(text, default_style='"', width=10**6, allow_unicode=True)
    return dumped.strip()
