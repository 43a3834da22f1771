"""What a device is: per attribute the value, the rule that gave it, and the text it was cut from."""

from collections.abc import Mapping
from dataclasses import dataclass

from discovery.identification.answers import apart, label_of
from discovery.identification.devices import Device
from discovery.identification.loading import standard_rules
from discovery.identification.rules import Applied, Rule, RuleSet
from discovery.identification.values import Attribute
from discovery.rules.readings import Oid, Reading
from discovery.topology.keys import vendor_word
from discovery.topology.placeholders import is_serial


@dataclass(frozen=True, slots=True)
class Finding:
    """A value with its origin: the rule, and the variable and text it was taken from."""

    value: str
    rule: str
    identifier: Oid
    text: str


@dataclass(frozen=True)
class Identity:
    """What is known of a device; an attribute that is not in `findings` is unknown.

    `rules` are the names of all rules that apply; `os_title` is what people call the operating system.
    """

    findings: Mapping[Attribute, Finding]
    object_id: Oid
    rules: tuple[str, ...]
    os_title: str = ""

    def value(self, attribute: Attribute) -> str:
        """Return an attribute's value, "" when it is unknown."""
        finding = self.findings.get(attribute)
        return finding.value if finding else ""

    @property
    def vendor(self) -> str:
        """The vendor's name."""
        return self.value(Attribute.VENDOR)

    @property
    def model(self) -> str:
        """The product or order code."""
        return self.value(Attribute.MODEL)

    @property
    def os(self) -> str:
        """The operating system's or firmware family's short name."""
        return self.value(Attribute.OS)

    @property
    def version(self) -> str:
        """The version of the operating system or firmware."""
        return self.value(Attribute.VERSION)

    @property
    def serial(self) -> str:
        """The serial number as the device tells it."""
        return self.value(Attribute.SERIAL)

    @property
    def key_serial(self) -> str:
        """The serial number when it may serve as a key, "" for placeholders that many devices carry."""
        return self.serial if is_serial(self.serial) else ""

    @property
    def role(self) -> str:
        """What the device does."""
        return self.value(Attribute.ROLE)

    @property
    def item_class(self) -> str:
        """The slug of the item class it belongs to."""
        return self.value(Attribute.ITEM_CLASS)

    def plain(self) -> dict[str, dict[str, str]]:
        """Return each attribute's value with the rule and the text that gave it, as it is stored."""
        return {
            attribute.value: {
                "value": finding.value,
                "rule": finding.rule,
                "oid": label_of(finding.identifier),
                "text": finding.text,
            }
            for attribute, finding in self.findings.items()
        }


def identify(reading: Reading, rules: RuleSet | None = None) -> Identity:
    """Return what a device is. The most specific rule that has an acceptable value for an attribute gives it.

    What it told over SNMP comes first; answers of control systems and services fill what that leaves unknown, unless
    they speak of another maker. `rules` are our own by default. Nothing in a reading raises: what makes no sense
    stays unknown.
    """
    rules = rules or standard_rules()
    told, answers = apart(reading)
    found = _identified(told, rules)
    return _filled(found, _identified(answers, rules)) if answers else found


def _filled(first: Identity, second: Identity) -> Identity:
    """Return the first with what it does not know taken from the second, where both mean the same device."""
    if first.vendor and second.vendor and vendor_word(first.vendor) != vendor_word(second.vendor):
        return first
    more = dict(second.findings)
    if Attribute.ROLE in first.findings:
        more.pop(Attribute.ITEM_CLASS, None)
    if Attribute.OS in first.findings and not first.version:
        # A version belongs to the system it was told of.
        more.pop(Attribute.VERSION, None)
    return Identity(
        {**more, **first.findings},
        first.object_id,
        (*first.rules, *second.rules),
        first.os_title or second.os_title,
    )


def _identified(reading: Reading, rules: RuleSet) -> Identity:
    device = Device(reading)
    applying = rules.applying_to(device)
    findings: dict[Attribute, Finding] = {}
    for attribute in (
        Attribute.VENDOR,
        Attribute.MODEL,
        Attribute.OS,
        Attribute.VERSION,
        Attribute.SERIAL,
        Attribute.ROLE,
    ):
        finding = _first(attribute, applying, device)
        if finding is not None:
            findings[attribute] = finding
    _add_class(findings, rules)
    _add_firmware(findings)
    names = tuple(rule.name for rule, _applied in applying)
    return Identity(findings, device.object_id, names, _title(findings, rules))


def _title(findings: Mapping[Attribute, Finding], rules: RuleSet) -> str:
    """Return what people call the operating system; the firmware of a maker's devices by the maker and the role."""
    system = findings.get(Attribute.OS)
    if system is None:
        return ""
    vendor, role = (findings.get(name) for name in (Attribute.VENDOR, Attribute.ROLE))
    named = rules.titles.get(system.value)
    if named is None and vendor and system.value == firmware_name(vendor, role):
        return " ".join(filter(None, (vendor.value, role.value if role else "", "firmware")))
    return named or system.value


def _first(
    attribute: Attribute, applying: list[tuple[Rule, Applied]], device: Device
) -> Finding | None:
    for rule, applied in applying:
        cut = rule.value(attribute, device)
        if cut is not None:
            return Finding(cut[0], rule.name, cut[1].identifier, cut[1].text)
        if attribute in rule.constants:
            evidence = applied.evidence
            return Finding(rule.constants[attribute], rule.name, evidence.identifier, evidence.text)
        if attribute in rule.without:
            return None
    return None


def _add_class(findings: dict[Attribute, Finding], rules: RuleSet) -> None:
    """Derive the item class from the role."""
    role = findings.get(Attribute.ROLE)
    slug = rules.classes.get(role.value) if role else None
    if role is not None and slug:
        findings[Attribute.ITEM_CLASS] = Finding(slug, role.rule, role.identifier, role.text)


def _add_firmware(findings: dict[Attribute, Finding]) -> None:
    """Name the firmware of a device without a named operating system after its vendor and role."""
    vendor, role = findings.get(Attribute.VENDOR), findings.get(Attribute.ROLE)
    if Attribute.OS in findings or vendor is None:
        return
    finding = role or vendor
    findings[Attribute.OS] = Finding(
        firmware_name(vendor, role), finding.rule, finding.identifier, finding.text
    )


def firmware_name(vendor: Finding, role: Finding | None) -> str:
    """Return the short name of the firmware of a maker's devices: moxa-switch, janitza-firmware."""
    text = f"{vendor.value} {role.value if role else 'firmware'}".lower()
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text).split())
