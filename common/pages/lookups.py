"""Choosing one of many: a select that carries only the chosen option, and the view that answers while one types."""

from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.generic import View

LIMIT = 20


class LookupSelect(forms.Select):
    """A select whose options come from the server (frontend/src/features/lookup.ts)."""

    def __init__(self, url: str, *, multiple: bool = False) -> None:
        super().__init__(attrs={"data-lookup": url})

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        """Return the empty option and the chosen one, whatever the size of the table."""
        groups: list[Any] = [(None, [self.create_option(name, "", "", not any(value), 0)], 0)]
        rows = getattr(self.choices, "queryset", None)
        chosen = [given for given in value if str(given).isdecimal()]
        if rows is not None and chosen:
            for index, row in enumerate(rows.filter(pk__in=chosen), 1):
                option = self.create_option(name, row.pk, str(row), True, index)
                groups.append((None, [option], index))
        return groups


class LookupField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among many rows of a queryset, searched at `url`."""

    def __init__(self, queryset: QuerySet[Any], url: str, **options: Any) -> None:
        super().__init__(queryset, widget=LookupSelect(url), **options)


def use_lookup(form: forms.BaseForm, name: str, rows: QuerySet[Any], url: str) -> None:
    """Let a ModelForm's foreign key be searched, among the rows this user may see."""
    field = form.fields[name]
    replacement = LookupField(
        rows, url, label=field.label, required=field.required, help_text=field.help_text
    )
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
