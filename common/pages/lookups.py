"""Choosing one of many: a select that carries only the chosen option, and the view that answers while one types."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.generic import View

LIMIT = 20
#: Stands in a form for what a record names and its editor may not see; sent back, it stays as it is.
HIDDEN = "hidden"


class LookupSelect(forms.Select):
    """A select whose options come from the server (frontend/src/features/lookup.ts)."""

    def __init__(self, url: str, *, multiple: bool = False) -> None:
        super().__init__(attrs={"data-lookup": url})
        self.current_id: int | None = None

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        """Return the empty option and the chosen one, whatever the size of the table."""
        groups: list[Any] = [(None, [self.create_option(name, "", "", not any(value), 0)], 0)]
        rows = getattr(self.choices, "queryset", None)
        chosen = [given for given in value if str(given).isdecimal()]
        found = list(rows.filter(pk__in=chosen)) if rows is not None and chosen else []
        for index, row in enumerate(found, 1):
            option = self.create_option(name, row.pk, str(row), True, index)
            groups.append((None, [option], index))
        if not found and self._names_current(value):
            hidden = self.create_option(name, HIDDEN, _("(hidden)"), True, 1)
            groups.append((None, [hidden], 1))
        return groups

    def _names_current(self, value: list[str]) -> bool:
        return self.current_id is not None and not {str(self.current_id), HIDDEN}.isdisjoint(value)


class LookupField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among many rows of a queryset, searched at `url`.

    What the edited record names stays when its editor may not see it: the form shows it as "(hidden)".
    """

    def __init__(self, queryset: QuerySet[Any], url: str, **options: Any) -> None:
        super().__init__(queryset, widget=LookupSelect(url), **options)
        self.current: Callable[[], Any] | None = None

    def keep(self, current_id: int | None, current: Callable[[], Any]) -> None:
        """Let what is named now stay, seen or not; `current` fetches it."""
        self.widget.current_id = current_id
        self.current = current if current_id is not None else None

    def to_python(self, value: Any) -> Any:
        """Return the chosen row, or the hidden one that stays."""
        if value == HIDDEN and self.current is not None:
            return self.current()
        return super().to_python(value)


def use_lookup(form: forms.BaseForm, name: str, rows: QuerySet[Any], url: str) -> None:
    """Let a ModelForm's foreign key be searched, among the rows this user may see."""
    field = form.fields[name]
    replacement = LookupField(
        rows, url, label=field.label, required=field.required, help_text=field.help_text
    )
    instance = getattr(form, "instance", None)
    if instance is not None and instance.pk:
        kept = getattr(instance, f"{name}_id")
        replacement.keep(kept, lambda: getattr(instance, name))
    form.fields[name] = replacement


class LookupView(LoginRequiredMixin, View):
    """Answer {"results": [{id, label, detail}]} for ?q=; `value` names the column that becomes the id."""

    value = "pk"

    @property
    def user(self) -> Any:
        """The logged-in user."""
        return self.request.user

    def rows(self, text: str) -> QuerySet[Any]:
        """Return the matching rows this user may see, best first."""
        raise NotImplementedError

    def result(self, row: Any) -> dict[str, Any]:
        """Return one result."""
        return {"id": getattr(row, self.value), "label": str(row), "detail": self.detail(row)}

    def detail(self, row: Any) -> str:
        """Return the small line below the label."""
        return ""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the first matches."""
        text = request.GET.get("q", "").strip()
        return JsonResponse({"results": [self.result(row) for row in self.rows(text)[:LIMIT]]})
