"""Questions discovery puts to people: the queue, one question with its answers, several at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from common.errors import DomainError
from common.pages import (
    BulkAction,
    Column,
    Crumb,
    EmptyState,
    Facet,
    FormPage,
    ListPage,
    Page,
    Row,
    html,
    plain,
)
from discovery.access import case_for, cases_visible_to, networks_visible_to, require_answer
from discovery.choices import CaseDecision, CaseState
from discovery.filters import CaseFilterSet
from discovery.models import Case
from discovery.queries.cases import candidates_of, case_view, may_answer, safe_to_accept
from discovery.queries.comparison import device_name, field_title
from discovery.rules.answers import ANSWERS
from discovery.services.clearing import decide_cases
from discovery.services.deciding import decide_case
from discovery.templatetags.cases import (
    age_of,
    candidates_cell,
    case_decision,
    case_kind,
    case_state,
)

MOST = 500
MANY_IDS = 5000


def _question(row: Row) -> SafeString:
    address = reverse("discovery:case-detail", args=[row["pk"]])
    field = f"<small>{html.text(field_title(row['field']))}</small>" if row["field"] else ""
    return html.safe(
        f'<a class="main-link question-cell" href="{address}">{case_kind(row["kind"])}{field}</a>'
    )


def _device(row: Row) -> SafeString:
    values = row["observation__values"]
    made = " ".join(part for part in (values.get("vendor"), values.get("model")) if part)
    name = f" · {html.text(values['name'])}" if values.get("name") else ""
    address = html.code(row["observation__address"])
    below = f"<small>{html.text(made)}</small>" if made else ""
    return html.safe(f'<span class="device-cell"><span>{address}{name}</span>{below}</span>')


def _networks(user: User) -> list[tuple[str, str]]:
    return list(networks_visible_to(user).order_by("name").values_list("code", "name")[:200])


class CaseList(ListPage):
    """The queue: what waits for an answer, unless the answered ones are asked for."""

    title = _("Questions")
    subtitle = _("What discovery will not decide by itself.")
    template_name = "discovery/list.html"
    list_name = "discovery:case-list"
    filterset_class = CaseFilterSet
    columns = (
        Column(
            "kind",
            _("Question"),
            _question,
            ("pk", "kind", "field"),
            order="kind",
        ),
        Column(
            "device",
            _("Device seen"),
            _device,
            ("observation__values", "observation__address"),
            order="observation__address",
        ),
        Column(
            "candidates", _("Items it is about"), lambda row: candidates_cell(row["found"]), ("pk",)
        ),
        plain("network", _("Network"), field="network__name", order="network__name"),
        Column(
            "asked",
            _("First asked"),
            lambda row: html.moment(row["created_at"]),
            ("created_at",),
            order="created_at",
            is_default=False,
        ),
        Column("age", _("Age"), lambda row: html.text(row["age"]), ("created_at",)),
        Column(
            "state",
            _("State"),
            lambda row: case_state(row["state"]),
            ("state",),
            order="state",
            is_default=False,
        ),
        Column(
            "decision",
            _("Answer"),
            lambda row: html.text(case_decision(row["decision"])),
            ("decision",),
            is_default=False,
        ),
    )
    facets = (
        "kind",
        "state",
        Facet("network", _("Network"), kind="select", choices=_networks),
    )
    default_order = "asked"
    bulk_actions = (
        BulkAction(_("Take the values seen"), "discovery:case-bulk-accept", "check"),
        BulkAction(_("Leave out"), "discovery:case-bulk-ignore", "ban"),
    )
    empty = EmptyState(
        _("No question is open"),
        _(
            "When a scan sees a device that may be one of several items, or a value that contradicts what a person "
            "has set, it asks here instead of guessing."
        ),
        "circle-check",
    )

    def queryset(self) -> QuerySet[Case]:
        """Return the visible questions."""
        return cases_visible_to(self.user)

    def filtered(self, query: QueryDict) -> tuple[QuerySet[Any], dict[str, Any]]:
        """Return open questions where no state is chosen."""
        rows, errors = super().filtered(query)
        return (rows if query.get("state") else rows.filter(state=CaseState.OPEN)), errors

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(network__location__path__startswith=path)

    def may_create(self) -> bool:
        """Questions are asked by scans."""
        return False

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add the items each is about, and how old it is."""
        found = candidates_of(self.user, [row["pk"] for row in rows])
        return [
            {**row, "found": found.get(row["pk"]), "age": age_of(row["created_at"], self.now)}
            for row in rows
        ]

    def row_label(self, row: Row) -> Any:  # noqa: ANN401
        """Return what a row is called."""
        return row["observation__address"]


class CaseDetail(Page):
    """One question: what was seen beside each item, what speaks for and against, the answers it takes."""

    template_name = "discovery/case.html"

    @property
    def case(self) -> Case:
        """The question, loaded once."""
        if not hasattr(self, "_case"):
            self._case = case_for(self.user, self.kwargs["pk"])
        return self._case

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Return what is asked."""
        return self.case.get_kind_display()

    @property
    def subtitle(self) -> str:
        """What it is about."""
        row = self.case.observation
        return f"{device_name(row)} · {row.address} · {self.case.network}"

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the queue."""
        return [Crumb(_("Questions"), reverse("discovery:case-list"))]

    def content(self) -> dict[str, Any]:
        """Return the question as this reader may see it."""
        return {"view": case_view(self.user, self.case), "now": self.now, "typed": {}}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Answer it; a refusal comes back with what was typed."""
        sent = request.POST
        try:
            self._answer(sent)
        except DomainError as error:
            del self._case
            context = {**self.get_context_data(), "typed": _typed(sent), "refusal": str(error)}
            response: HttpResponse = self.render_to_response(context, status=error.status)
            return response
        messages.success(request, _("Answered."))
        return HttpResponseRedirect(reverse("discovery:case-detail", args=[self.case.pk]))

    def _answer(self, sent: Mapping[str, str]) -> None:
        case, decision = self.case, sent.get("decision", "")
        if not decision:
            raise DomainError(str(_("Choose an answer first.")))
        item = case_item(case, sent.get("item", "") or "")
        require_answer(self.user, case, decision, item)
        version = sent.get("version", "")
        decide_case(
            actor=self.actor,
            person=self.user.person,
            case=case,
            decision=decision,
            item=item,
            note=sent.get("note", ""),
            now=self.now,
            expected_version=_number(version),
        )


def _typed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed, as the page compares it."""
    item = sent.get("item", "")
    return {**{name: sent.get(name, "") for name in ("decision", "note")}, "item": _number(item)}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def case_item(case: Case, given: str) -> Any:  # noqa: ANN401 - an item or None
    """Return the candidate that was chosen, None when none was."""
    if not given:
        return None
    found = case.candidates.filter(pk=_number(given) or 0).first()
    if found is None:
        raise DomainError(str(_("'%s' is none of the items this is about.")) % given)
    return found


class BulkAnswer(FormPage):
    """Base: give the same answer to the ticked questions, or to all that match the filters."""

    template_name = "discovery/case_bulk.html"
    decision = ""

    @property
    def chosen(self) -> list[Case]:
        """The chosen open questions this user may see."""
        if not hasattr(self, "_chosen"):
            self._chosen = self._find(self.request.POST or self.request.GET)
        return self._chosen

    def _find(self, given: QueryDict) -> list[Case]:
        rows = cases_visible_to(self.user).select_related("observation", "network__location")
        if given.get("all"):
            rows = CaseFilterSet(QueryDict(given.get("filters", "")), rows).qs
            if path := self.site.get("path"):
                rows = rows.filter(network__location__path__startswith=path)
        else:
            ticked = [pk for pk in given.getlist("pk") if pk.isdecimal()][:MANY_IDS]
            rows = rows.filter(pk__in=ticked)
        found = list(rows.filter(state=CaseState.OPEN).order_by("pk")[: MOST + 1])
        if len(found) > MOST:
            raise DomainError(str(_("At most %d questions at once; narrow the list.")) % MOST)
        return found

    def find_answerable(self) -> list[Case]:
        """Return those of the chosen this user can answer so."""
        raise NotImplementedError

    def answerable(self) -> list[Case]:
        """Return them, looked for once."""
        if not hasattr(self, "_answerable"):
            self._answerable = self.find_answerable()
        return self._answerable

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the queue."""
        return [Crumb(_("Questions"), reverse("discovery:case-list"))]

    def content(self) -> dict[str, Any]:
        """Return what will be answered, and what not."""
        cases = self.answerable()
        return {
            "cases": cases[:20],
            "case_count": len(cases),
            "left_count": len(self.chosen) - len(cases),
            "all_cases": cases,
            "decision": self.decision,
        }

    def save(self, form: Any) -> Any:  # noqa: ANN401 - an empty form
        """Answer them all."""
        return decide_cases(
            actor=self.actor,
            person=self.user.person,
            cases=self.answerable(),
            decision=self.decision,
            note=self.request.POST.get("note", ""),
            now=self.now,
        )

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go back to the queue."""
        return reverse("discovery:case-list")


class BulkIgnore(BulkAnswer):
    """Leave devices out."""

    decision = CaseDecision.IGNORE
    submit_title = _("Leave out")
    success_message = _("Left out. The same questions are not asked again.")
    intro = _(
        "Nothing is recorded of these devices, and the same questions are not asked again. What devices told is kept."
    )

    def get_title(self) -> str:
        """Say how many."""
        count = len(self.answerable())
        return ngettext("Leave out %d device?", "Leave out %d devices?", count) % count

    def find_answerable(self) -> list[Case]:
        """Return those about devices, at places where this user runs discovery."""
        return [
            case
            for case in self.chosen
            if self.decision in ANSWERS[case.kind] and may_answer(self.user, case, self.decision)
        ]


class BulkAccept(BulkAnswer):
    """Take seen values where that is safe."""

    decision = CaseDecision.ACCEPT
    submit_title = _("Take the values")
    success_message = _("Taken.")
    intro = _(
        "Only firmware, host names and addresses are taken together, and only where the item is still as it was when "
        "this was asked. What says which device it is (serial number, MAC address) is looked at one by one."
    )

    def get_title(self) -> str:
        """Say how many."""
        count = len(self.answerable())
        return ngettext("Take %d value seen?", "Take %d values seen?", count) % count

    def find_answerable(self) -> list[Case]:
        """Return those whose value can be taken unseen."""
        return safe_to_accept(self.user, self.chosen)
