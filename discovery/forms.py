"""Shapes of what is typed about discovery; services write. A secret is taken, never shown."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assets.access import locations_visible_to, zones_visible_to
from common.pages.lookups import use_lookup
from discovery.access import credentials_visible_to
from discovery.choices import ScanMethod
from discovery.models import Collector, Credential, Network, ScanApproval, Schedule, SiteRule

LINES = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
MOMENT = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
EVERYTHING = "all"
SECRET = {"autocomplete": "off", "spellcheck": "false"}


class NetworkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A network: where it is, what may be sent, where, when and how fast."""

    layout = (
        (_("Network"), "", ("name", "code", "location", "zone")),
        (
            _("Addresses"),
            _("Only what stands here is ever asked, and what is left out is left out in any case."),
            ("allowed_blocks", "excluded_blocks"),
        ),
        (
            _("What may be sent"),
            _(
                "Purdue 0 to 3, and a network without a zone, count as OT: there an active mode also takes a window "
                "and the consent of who is accountable for the zone."
            ),
            ("mode", "credential", "methods", "windows", "snmp_port"),
        ),
        (
            _("How fast"),
            _("The defaults suit a plant network; raise them outside of OT only."),
            ("gap_seconds", "subnet_rate", "overall_rate", "zone_failures"),
        ),
        (
            _("When an item counts as stale"),
            _(
                "An item that is looked for and not seen is proposed to a person; nothing changes by itself."
            ),
            ("stale_looks", "stale_days"),
        ),
    )

    methods = forms.MultipleChoiceField(
        label=_("Besides SNMP"),
        required=False,
        choices=ScanMethod.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What the mode does not allow is not asked, whatever is ticked. A consent holds for what was ticked when "
            "it was given."
        ),
    )

    class Meta:
        model = Network
        fields = [
            "name",
            "code",
            "location",
            "zone",
            "allowed_blocks",
            "excluded_blocks",
            "mode",
            "credential",
            "methods",
            "windows",
            "snmp_port",
            "gap_seconds",
            "subnet_rate",
            "overall_rate",
            "zone_failures",
            "stale_looks",
            "stale_days",
        ]
        widgets = {"allowed_blocks": LINES, "excluded_blocks": LINES, "windows": LINES}
        labels = {
            "allowed_blocks": _("Allowed addresses"),
            "excluded_blocks": _("Left out"),
            "windows": _("Windows"),
            "location": _("Place"),
        }
        help_texts = {
            "code": _("Short and unique; a device is known by network and address."),
            "zone": _("Its Purdue level decides how careful discovery is."),
            "credential": _("What devices are asked with; one of the place or above."),
        }

    def __init__(self, *args: Any, user: User, **options: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **options)
        use_lookup(self, "location", locations_visible_to(user), "/plant/lookup/locations/")
        use_lookup(self, "zone", zones_visible_to(user), "/plant/lookup/zones/")
        usable = credentials_visible_to(user)
        if self.instance.credential_id:
            usable = usable | Credential.objects.filter(pk=self.instance.credential_id)
        self.fields["credential"].queryset = usable  # type: ignore[attr-defined]
        self.fields["mode"].choices = [  # type: ignore[attr-defined]
            ("", _("By the Purdue level of the zone")),
            *[one for one in self.fields["mode"].choices if one[0]],  # type: ignore[attr-defined]
        ]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the fields in groups."""
        return [
            {"title": title, "text": text, "fields": [self[name] for name in names]}
            for title, text, names in self.layout
        ]


class CredentialForm(forms.ModelForm):  # type: ignore[type-arg]
    """A credential. Its secrets are never filled in; left empty they stay as they are."""

    community = forms.CharField(
        label=_("Community"), required=False, strip=False, widget=forms.PasswordInput(attrs=SECRET)
    )
    auth_key = forms.CharField(
        label=_("Authentication key"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
    )
    privacy_key = forms.CharField(
        label=_("Privacy key"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
    )

    class Meta:
        model = Credential
        fields = ["name", "location", "kind", "username", "auth_protocol", "privacy_protocol"]
        labels = {
            "location": _("Place"),
            "username": _("User name"),
            "auth_protocol": _("Authentication"),
            "privacy_protocol": _("Privacy"),
        }

    def __init__(self, *args: Any, user: User, **options: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **options)
        use_lookup(self, "location", locations_visible_to(user), "/plant/lookup/locations/")
        if self.instance.pk:
            for name in ("community", "auth_key", "privacy_key"):
                self.fields[name].help_text = _("Leave empty to keep what is stored.")

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the fields in groups."""
        secret = _("Stored encrypted, used for the networks that name it, and never shown again.")
        groups = (
            (_("Credential"), "", ("name", "location", "kind")),
            (_("SNMP v2c"), secret, ("community",)),
            (
                _("SNMP v3"),
                secret,
                ("username", "auth_protocol", "auth_key", "privacy_protocol", "privacy_key"),
            ),
        )
        return [
            {"title": title, "text": text, "fields": [self[name] for name in names]}
            for title, text, names in groups
        ]


class CollectorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A collector to register: its name and the place it is for."""

    class Meta:
        model = Collector
        fields = ["name", "location"]
        labels = {"location": _("Place")}
        help_texts = {
            "name": _("What people call it, for example the machine it runs on."),
            "location": _("Usually a site. One collector at a place."),
        }

    def __init__(self, *args: Any, user: User, **options: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **options)
        use_lookup(self, "location", locations_visible_to(user), "/plant/lookup/locations/")


class CollectorNameForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another name for a collector."""

    class Meta:
        model = Collector
        fields = ["name"]


class AskConsentForm(forms.ModelForm):  # type: ignore[type-arg]
    """From when to when, and why."""

    class Meta:
        model = ScanApproval
        fields = ["valid_from", "expires_at", "reason"]
        widgets = {
            "valid_from": MOMENT,
            "expires_at": MOMENT,
            "reason": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"valid_from": _("From"), "expires_at": _("Until"), "reason": _("Why")}
        help_texts = {
            "expires_at": _(
                "92 days at most. Nothing is sent outside the network's windows anyway."
            ),
            "reason": _("What it is for, in a sentence the zone's owner understands."),
        }

    def _post_clean(self) -> None:
        """Leave the check of the period to the service, which names the right field."""


class StopForm(forms.Form):
    """The kill switch: of everything, or of one network."""

    network = forms.ChoiceField(label=_("What is stopped"))
    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who would start a scan reads it."),
        error_messages={"required": _("Say why discovery must stop.")},
    )

    def __init__(self, *args: Any, networks: Iterable[Network], **options: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **options)
        self.networks = {str(one.pk): one for one in networks}
        self.fields["network"].choices = [  # type: ignore[attr-defined]
            (EVERYTHING, _("All discovery, everywhere")),
            *((pk, one.name) for pk, one in self.networks.items()),
        ]

    def clean_network(self) -> Network | None:
        """Return the network, None for everything."""
        return self.networks.get(self.cleaned_data["network"])


class SiteRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule of this site as YAML, and why it is there."""

    class Meta:
        model = SiteRule
        fields = ["text", "note", "is_active"]
        widgets = {
            "text": forms.Textarea(
                attrs={
                    "rows": 20,
                    "spellcheck": "false",
                    "autocapitalize": "off",
                    "class": "rule-text code",
                    "wrap": "off",
                }
            ),
            "note": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"text": _("Rule"), "note": _("Note"), "is_active": _("In use")}
        help_texts = {
            "text": _("YAML, exactly one rule with at least one example."),
            "note": _("Which devices it is for, and who knows them."),
            "is_active": _("A rule that is switched off stays here, and tells nothing."),
        }
        error_messages = {"text": {"required": _("Write a rule.")}}


class SettleForm(forms.Form):
    """What an unexplained difference was."""

    note = forms.CharField(label=_("What it was"), widget=forms.Textarea(attrs={"rows": 3}))


class SeenFileForm(forms.Form):
    """A file of what was seen elsewhere; a MAC table without a column for it needs its switch named."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("nmap's XML (nmap -oX), or an ARP or MAC table as CSV or .xlsx; up to 64 MB."),
    )
    switch = forms.CharField(
        label=_("Switch"),
        required=False,
        max_length=253,
        help_text=_("Only for a MAC table that does not say whose it is: code, hostname or name."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A schedule: which network, when, from when until when."""

    layout = (
        (_("Schedule"), "", ("name", "network", "targets", "is_active")),
        (
            _("When"),
            _(
                "On weekdays at a time, or every so many hours counted from that time on the first day. In OT a scan "
                "also takes an open window and a consent at that moment; without them it is not started, and the page "
                "says why."
            ),
            ("weekdays", "every_hours", "local_time", "first_date", "last_date"),
        ),
    )

    class Meta:
        model = Schedule
        fields = [
            "name",
            "network",
            "targets",
            "is_active",
            "weekdays",
            "every_hours",
            "local_time",
            "first_date",
            "last_date",
        ]
        widgets = {
            "targets": LINES,
            "local_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "first_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "last_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        labels = {
            "weekdays": _("Weekdays"),
            "every_hours": _("Every so many hours"),
            "local_time": _("At"),
            "first_date": _("From"),
            "last_date": _("Until"),
            "targets": _("Addresses"),
            "is_active": _("Active"),
        }

    def __init__(self, *args: Any, networks: QuerySet[Network], **options: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **options)
        self.fields["network"].queryset = networks  # type: ignore[attr-defined]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the fields in groups."""
        return [
            {"title": title, "text": text, "fields": [self[name] for name in names]}
            for title, text, names in self.layout
        ]

    def _post_clean(self) -> None:
        """Leave the checks across fields to the service, which names the right ones."""
