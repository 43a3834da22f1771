"""When a network is scanned by itself, and what came of every moment at which it was due."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import BaseModel
from discovery.choices import ScheduleOutcome
from discovery.models.networks import Network
from discovery.models.scans import Scan
from discovery.rules.schedules import BadWeekdaysError, Timing, parse_weekdays


class Schedule(BaseModel):
    """Scans of a network on weekdays at a local time, or every so many hours counted from the first day's time.

    It runs in the name of its owner, whose right is looked at again every time. Moments before `armed_at` are not
    due: it is set when the schedule is made, its timing changes or it is switched on again.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="schedules")
    name = models.CharField(max_length=100)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="discovery_schedules", editable=False
    )
    weekdays = models.CharField(
        max_length=40,
        blank=True,
        default="",
        help_text=_("As in Mon-Fri or Sat Sun. Empty when it runs every so many hours."),
    )
    local_time = models.TimeField(
        _("at"),
        help_text=_("In the time of the network's site. Every so many hours begins with it."),
    )
    every_hours = models.PositiveSmallIntegerField(
        _("every so many hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 31)],
        help_text=_("Instead of weekdays: 1 to 744."),
    )
    first_date = models.DateField(_("from"))
    last_date = models.DateField(_("until"), null=True, blank=True)
    targets = models.TextField(
        blank=True,
        default="",
        help_text=_("Addresses or blocks, one a line; empty: the whole network."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    armed_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(every_hours__isnull=True) & ~Q(weekdays=""))
                | Q(every_hours__isnull=False, weekdays=""),
                name="schedule_on_weekdays_or_every_hours",
            ),
            models.CheckConstraint(
                condition=Q(last_date__isnull=True) | Q(last_date__gte=F("first_date")),
                name="schedule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse weekdays that cannot be read, both kinds of timing or none, and an end before the beginning."""
        problems: dict[str, str] = {}
        try:
            parse_weekdays(self.weekdays)
        except BadWeekdaysError as error:
            problems["weekdays"] = str(error)
        if bool(self.weekdays.strip()) == (self.every_hours is not None):
            problems.setdefault(
                "weekdays", str(_("Give weekdays, or every how many hours; one of the two."))
            )
        if self.last_date and self.first_date and self.last_date < self.first_date:
            problems["last_date"] = str(_("It ends before it begins."))
        if problems:
            raise ValidationError(problems)

    @property
    def timing(self) -> Timing:
        """Return when it is due, as the pure rules take it."""
        return Timing(
            days=parse_weekdays(self.weekdays),
            at=self.local_time,
            first=self.first_date,
            every_hours=self.every_hours,
            last=self.last_date,
        )

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this schedule."""
        return self.network.location.path


class ScheduledRun(models.Model):
    """What came of one moment at which a schedule was due: a scan, or the reason why there is none.

    One row a moment, whoever looks at the clock: two beats cannot start it twice. `missed_count` are moments before
    it that passed while nobody looked.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="runs")
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=ScheduleOutcome.choices)
    reason = models.CharField(max_length=300, blank=True, default="")
    missed_count = models.PositiveIntegerField(default=0)
    scan = models.OneToOneField(
        Scan, null=True, blank=True, on_delete=models.SET_NULL, related_name="scheduled_run"
    )

    class Meta:
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="one_run_per_due_moment")
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} due at {self.due_at:%Y-%m-%d %H:%M}"
