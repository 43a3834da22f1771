"""A site's current state: what is wrong with its integration, by kind, with why and where it is mended; as a file too."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.imports.exporting import FORMATS, csv_lines, neutralised_cell
from common.imports.workbook_writing import write_workbook
from common.pages import Action, Page
from discovery.queries.current_state import CurrentState, current_state
from discovery.queries.state_words import RULES, TITLES, ShownFinding, shown_findings
from discovery.rules.current_state import Kind

PAGE = 50


class CurrentStatePage(Page):
    """The findings about the site chosen in the top bar, gravest first."""

    title = gettext_lazy("Current state")
    template_name = "discovery/current_state.html"

    def actions(self) -> Sequence[Action]:
        """Offer the list as a file."""
        address, query = reverse("discovery:current-state-export"), self.request.GET.copy()
        query.pop("page", None)
        found = []
        for name, title in (("xlsx", _("Workbook")), ("csv", "CSV")):
            query["format"] = name
            found.append(Action(title, f"{address}?{query.urlencode()}", "file-export"))
        return found

    @property
    def kinds(self) -> list[str]:
        """The kinds asked for, those that are none left out."""
        return [one for one in self.request.GET.getlist("kind") if one in list(Kind)]

    def content(self) -> dict[str, Any]:
        """Return a page of findings, the counts by kind, and how the links stand."""
        state = current_state(self.user, self.site.get("path", ""))
        found, kinds = state.of_kinds(self.kinds), self.kinds
        given = self.request.GET.get("page", "1")
        number = max(1, int(given)) if given.isdecimal() and len(given) < 7 else 1
        start = (number - 1) * PAGE
        prefix = "".join(f"kind={one}&" for one in kinds)
        return {
            "state": state,
            "site_name": self.site.get("name", ""),
            "findings": shown_findings(state, found[start : start + PAGE], user=self.user),
            "kinds": _chips(state, kinds),
            "is_narrowed": bool(kinds),
            "rule": RULES[Kind(kinds[0])] if len(kinds) == 1 else "",
            "total": len(found),
            "first": start + 1,
            "last": min(start + PAGE, len(found)),
            "previous": f"?{prefix}page={number - 1}" if number > 1 else "",
            "next": f"?{prefix}page={number + 1}" if start + PAGE < len(found) else "",
        }


def _chips(state: CurrentState, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """Return the kinds there are with their counts; what was chosen is shown though there is none."""
    return [
        {
            "title": TITLES[kind],
            "url": f"?kind={kind.value}",
            "count": state.counts.get(kind, 0),
            "is_chosen": kind.value in chosen,
        }
        for kind in Kind
        if state.counts.get(kind) or kind.value in chosen
    ]


class CurrentStateExport(CurrentStatePage):
    """The findings as CSV or workbook, narrowed as the page is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Return the file."""
        state = current_state(self.user, self.site.get("path", ""))
        shown = shown_findings(state, state.of_kinds(self.kinds), user=self.user)
        chosen = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
        if chosen == "csv":
            body = b"".join(csv_lines(_rows(shown)))
        else:
            file = io.BytesIO()
            write_workbook(_rows(shown), file)
            body = file.getvalue()
        response = HttpResponse(body, content_type=FORMATS[chosen])
        name = f"current-state-{self.now:%Y-%m-%d}.{chosen}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _rows(findings: Sequence[ShownFinding]) -> Iterator[list[str]]:
    yield ["kind", "items", "finding", "why", "since", "relation"]
    for one in findings:
        cells = [
            one.kind,
            "; ".join(item.name for item in one.items),
            one.sentence,
            " ".join(one.why),
            one.since.isoformat(timespec="seconds") if one.since else "",
            str(one.relation or ""),
        ]
        yield [neutralised_cell(cell) for cell in cells]
