"""A network that discovery may look at, and how: default deny, exclusions win (OT-safe rules 1, 2 and 5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.models import Location, Zone
from common.models import BaseModel
from discovery.choices import ScanMethod, ScanMode
from discovery.models.credentials import Credential
from discovery.rules.targets import BadTargetError, TargetSet
from discovery.rules.windows import BadWindowError, parse_windows

RATE = [MinValueValidator(0.1), MaxValueValidator(1000)]


class Network(BaseModel):
    """Blocks of addresses at one place: many plants reuse 192.168.0.x, so a key is (network, address).

    Without a zone nobody knows its Purdue level, and it counts as operational technology. `mode` empty is the
    default of the level. `methods` is what is asked besides SNMP. Rates are packets a second.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="networks")
    zone = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="networks"
    )
    mode = models.CharField(
        max_length=10,
        choices=ScanMode.choices,
        blank=True,
        default="",
        help_text=_("Empty: passive on Purdue 0 to 2, SNMP only on 3, IT above."),
    )
    methods = models.JSONField(
        _("besides SNMP"),
        default=list,
        blank=True,
        help_text=_("What the mode does not allow is not asked, whatever is chosen."),
    )
    allowed_blocks = models.TextField(
        help_text=_("One address or block a line, as in 10.20.0.0/24. Nothing else is ever asked.")
    )
    excluded_blocks = models.TextField(
        blank=True, default="", help_text=_("One a line; they always win over what is allowed.")
    )
    windows = models.TextField(
        blank=True,
        default="",
        help_text=_(
            "When something may be sent, in the site's time, one a line: Sat-Sun 22:00-04:00."
        ),
    )
    credential = models.ForeignKey(
        Credential, null=True, blank=True, on_delete=models.PROTECT, related_name="networks"
    )
    snmp_port = models.PositiveIntegerField(
        _("SNMP port"), default=161, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    gap_seconds = models.FloatField(
        _("seconds between two requests to one host"),
        default=1.0,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
        help_text=_("Never under one second where the network is OT."),
    )
    subnet_rate = models.FloatField(_("packets a second per subnet"), default=20, validators=RATE)
    overall_rate = models.FloatField(_("packets a second in all"), default=50, validators=RATE)
    zone_failures = models.PositiveSmallIntegerField(
        _("hosts that may fall silent"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_("So many known hosts gone silent stop an OT scan."),
    )
    stale_looks = models.PositiveSmallIntegerField(
        _("looks an item may be missed in"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_(
            "Missed so often, over so many days, an item counts as stale. It stays as it is."
        ),
    )
    stale_days = models.PositiveSmallIntegerField(
        _("days over which it must be missed"),
        default=7,
        validators=[MaxValueValidator(3650)],
    )

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse blocks and windows that cannot be read, naming the line."""
        problems: dict[str, Any] = {}
        if problem := _unknown_methods(self.methods):
            problems["methods"] = problem
        for name in ("allowed_blocks", "excluded_blocks"):
            try:
                TargetSet.of(lines_of(getattr(self, name)))
            except BadTargetError as error:
                problems[name] = str(error)
        try:
            parse_windows(self.windows)
        except BadWindowError as error:
            problems["windows"] = str(error)
        if (
            self.zone
            and self.location_id
            and not self.location.path.startswith(self.zone.site.path)
        ):
            problems["zone"] = _(
                "%(zone)s is a zone of %(site)s; choose one of the network's site."
            ) % {
                "zone": self.zone,
                "site": self.zone.site,
            }
        if problems:
            raise ValidationError(problems)

    @property
    def purdue_level(self) -> str:
        """Return the level of its zone, empty when it has none."""
        return self.zone.purdue_level if self.zone else ""

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this network."""
        return self.location.path


def _unknown_methods(chosen: object) -> str:
    """Return what is wrong with a list of methods, "" when nothing is."""
    if not isinstance(chosen, list):
        return str(_("A list is expected."))
    unknown = [str(one)[:40] for one in chosen if one not in ScanMethod.values]
    if not unknown:
        return ""
    return str(_("“%(unknown)s” is no method. Choose of: %(known)s.")) % {
        "unknown": "”, “".join(unknown),
        "known": ", ".join(ScanMethod.values),
    }


def lines_of(text: str) -> list[str]:
    """Return the lines of a list typed by people: no blanks, no comments after #.

    >>> lines_of("10.0.0.0/24  # cell 4\\n\\n10.0.1.7")
    ['10.0.0.0/24', '10.0.1.7']
    """
    parts = (line.partition("#")[0].strip() for line in text.splitlines())
    return [part for part in parts if part]
