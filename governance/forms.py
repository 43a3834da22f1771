"""Shapes of what is typed about changes; services write."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import people_visible_to, teams_visible_to
from accounts.choices import TeamKind
from accounts.models import Person, User
from assets.access import items_visible_to, locations_visible_to
from assets.models import ConfigurationItem
from common.pages.lookups import LookupField
from governance.choices import ChangeModel, ChangeType
from governance.models import BoardPolicy

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
TEXT = forms.Textarea(attrs={"rows": 4})


class ChangeForm(forms.Form):
    """What somebody wants to change. `chosen` are the ids of the targets picked so far."""

    add_target = LookupField(
        ConfigurationItem.objects.none(),
        "/plant/lookup/items/",
        label=_("Add an asset or system"),
        required=False,
    )
    title = forms.CharField(label=_("Title"), max_length=150)
    change_type = forms.ChoiceField(label=_("What is done"), choices=ChangeType.choices)
    change_model = forms.ChoiceField(
        label=_("Change model"),
        choices=ChangeModel.choices,
        help_text=_("An emergency is carried out at once and decided afterwards, by a deadline."),
    )
    implementer = LookupField(
        Person.objects.none(), "/people/lookup/people/", label=_("Carried out by")
    )
    duration_minutes = forms.IntegerField(
        label=_("Expected outage, minutes"), min_value=1, max_value=60 * 24 * 30
    )
    window_start_at = forms.DateTimeField(label=_("Window starts"), widget=MOMENT)
    window_end_at = forms.DateTimeField(label=_("Window ends"), widget=MOMENT)
    reason = forms.CharField(label=_("Why"), required=False, widget=TEXT)
    plan = forms.CharField(label=_("Plan"), widget=TEXT)
    back_out_plan = forms.CharField(label=_("Back-out plan"), widget=TEXT)
    is_back_out_tested = forms.BooleanField(label=_("The back-out has been tested"), required=False)

    def __init__(self, *args: Any, user: User, chosen: Iterable[int] = (), **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.visible_items = items_visible_to(user)
        self.chosen = list(self.visible_items.filter(pk__in=list(chosen)).order_by("name", "pk"))
        self.fields["add_target"].queryset = self.visible_items  # type: ignore[attr-defined]
        self.fields["implementer"].queryset = people_visible_to(user).filter(is_active=True)  # type: ignore[attr-defined]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the layout."""
        return [
            self._section(
                _("When and by whom"),
                "change_model implementer window_start_at "
                "window_end_at duration_minutes is_back_out_tested",
            ),
            self._section(_("Why and how"), "reason plan back_out_plan"),
        ]

    def _section(self, title: Any, names: str) -> dict[str, Any]:  # noqa: ANN401
        return {"title": title, "fields": [self[name] for name in names.split()]}

    @property
    def values(self) -> dict[str, Any]:
        """Return what the service takes, without the targets."""
        return {name: value for name, value in self.cleaned_data.items() if name != "add_target"}

    @property
    def targets(self) -> list[Any]:
        """Return the chosen items and the one just added."""
        added = self.cleaned_data.get("add_target")
        return self.chosen + ([added] if added and added not in self.chosen else [])


class BoardPolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A board with its rules."""

    class Meta:
        model = BoardPolicy
        fields = [
            "name",
            "code",
            "board",
            "scope",
            "quorum",
            "escalation_team",
            "loss_threshold",
            "currency",
            "decision_hours",
            "review_hours",
            "window_weekdays",
            "window_opens",
            "window_closes",
            "is_active",
        ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        boards = teams_visible_to(user).filter(kind=TeamKind.BOARD)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]
        self.fields["escalation_team"].queryset = teams_visible_to(user)  # type: ignore[attr-defined]
        self.fields["scope"].queryset = locations_visible_to(user)  # type: ignore[attr-defined]
