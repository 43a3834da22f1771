"""Matrices: the list, the grid, and the steps of their life."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.pages import (
    Action,
    Column,
    Crumb,
    DeletePage,
    EmptyState,
    FormPage,
    ListPage,
    Page,
    RecordForm,
    Row,
    chosen,
    html,
    linked,
)
from raci.access import (
    assignments_visible_to,
    matrices_visible_to,
    matrix_for,
    may_manage,
    require_manage,
)
from raci.choices import MatrixStatus
from raci.filters import MatrixFilterSet
from raci.forms import MatrixForm
from raci.models import Matrix
from raci.queries.grid import grid_of
from raci.services import (
    change_matrix,
    create_matrix,
    discard_draft,
    draft_next_revision,
    publish_matrix,
)
from raci.views.cells import toggle_cell

STATES = {"draft": "waiting", "published": "verified", "superseded": "fine"}


def matrix_url(row: Row) -> str:
    """Return the address of a matrix."""
    return reverse("raci:matrix-detail", args=[row["pk"]])


def matrix_crumbs() -> Sequence[Crumb]:
    """Lead back to the list."""
    return (Crumb(_("Matrices"), reverse("raci:matrix-list")),)


class MatrixList(ListPage):
    """Every revision of every matrix."""

    title = _("Matrices")
    list_name = "raci:matrix-list"
    filterset_class = MatrixFilterSet
    columns = (
        linked("name", _("Name"), matrix_url, order="name"),
        Column("code", _("Code"), lambda row: html.code(row["code"]), ("code",), order="code"),
        Column(
            "revision",
            _("Revision"),
            lambda row: html.number(row["revision"]),
            ("revision",),
            order="revision",
            is_numeric=True,
        ),
        chosen("status", _("Status"), MatrixStatus.choices, order="status"),
        Column(
            "effective",
            _("In force from"),
            lambda row: html.moment(row["effective_at"]),
            ("effective_at",),
            order="effective_at",
        ),
        Column(
            "rows",
            _("Assignments"),
            lambda row: html.number(row["row_count"]),
            ("row_count",),
            is_numeric=True,
        ),
    )
    facets = ("status",)
    create_url_name = "raci:matrix-create"
    create_title = _("New matrix")
    export_kind = import_kind = "raci"
    empty = EmptyState(
        _("No matrices yet"),
        _("A matrix says who is accountable and responsible for what, where. Draft the first one."),
        "table",
    )

    def queryset(self) -> QuerySet[Any]:
        """Return the matrices with their size."""
        shown = Q(assignments__in=assignments_visible_to(self.user))
        return matrices_visible_to(self.user).annotate(row_count=Count("assignments", filter=shown))

    def may_create(self) -> bool:
        """Only who manages the operating model drafts."""
        return may_manage(self.user)


class MatrixPage(Page):
    """The grid of one revision: activities down, parties across, one scope at a time."""

    template_name = "raci/matrix.html"

    @property
    def matrix(self) -> Matrix:
        """The matrix, through access.py."""
        if not hasattr(self, "_matrix"):
            self._matrix = matrix_for(self.user, self.kwargs["pk"])
        return self._matrix

    def get_title(self) -> str:
        """Return its name."""
        return str(self.matrix.name)

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return matrix_crumbs()

    def actions(self) -> Sequence[Action]:
        """Return the next steps of its life."""
        if not may_manage(self.user):
            return ()
        address = self._address
        if not self.matrix.is_draft:
            return [Action(_("Draft next revision"), address("draft"), "versions", method="post")]
        return [
            Action(_("Publish"), address("publish"), "check", is_primary=True),
            Action(_("Add assignment"), f"{address('assign')}?{self._scope_query}", "plus"),
            Action(_("Edit"), address("edit"), "edit"),
            Action(_("Discard draft"), address("discard"), "trash", is_danger=True),
        ]

    def _address(self, what: str) -> str:
        return reverse(f"raci:matrix-{what}", args=[self.matrix.pk])

    @property
    def _scope_query(self) -> str:
        return f"scope={self.request.GET.get('scope', '')}"

    def content(self) -> dict[str, Any]:
        """Return the grid."""
        grid = grid_of(self.user, self.matrix, self.request.GET.get("scope", ""))
        return {
            "matrix": self.matrix,
            "grid": grid,
            "state": STATES[self.matrix.status],
            "may_edit": self.matrix.is_draft and may_manage(self.user),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set or clear a letter in a cell by keyboard; answer the grid, a refusal on its cell."""
        self.template_name = "raci/grid.html"
        refusal = toggle_cell(
            user=self.user, actor=self.actor, matrix=self.matrix, sent=request.POST, now=self.now
        )
        context = self.get_context_data(refusal=refusal, sent=request.POST)
        answer: HttpResponse = self.render_to_response(context)
        return answer


class MatrixFormPage(RecordForm):
    """Start or edit a draft."""

    form_class = MatrixForm
    create_title = _("New matrix")

    def form_options(self) -> dict[str, Any]:
        """Tell the form who looks."""
        return {**super().form_options(), "user": self.user}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return matrix_crumbs()

    def may_add(self) -> None:
        """Refuse others."""
        require_manage(self.user)

    def record(self, pk: int) -> Matrix:
        """Return the draft."""
        require_manage(self.user)
        return matrix_for(self.user, pk)

    def create(self, values: Mapping[str, Any], comment: str) -> Matrix:
        """Create the draft."""
        return create_matrix(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(
        self, record: Matrix, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Matrix:
        """Change the draft."""
        return change_matrix(
            actor=self.actor,
            matrix=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class PublishMatrix(FormPage):
    """Ask before putting a draft in force."""

    template_name = "ui/confirm.html"
    title = _("Publish matrix")
    submit_title = _("Publish")
    success_message = _("Published. It answers from now on.")
    intro = _(
        "A published matrix never changes. The revision before it, if there is one, is superseded "
        "at this moment and kept."
    )

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the draft."""
        matrix = matrix_for(self.user, self.kwargs["pk"])
        return (*matrix_crumbs(), Crumb(str(matrix), matrix.get_absolute_url()))

    def save(self, form: object) -> Matrix:
        """Publish."""
        require_manage(self.user)
        matrix = matrix_for(self.user, self.kwargs["pk"])
        return publish_matrix(actor=self.actor, matrix=matrix, now=self.now)


class DraftMatrix(FormPage):
    """Draft the next revision of a matrix."""

    template_name = "ui/confirm.html"
    title = _("Draft next revision")
    submit_title = _("Draft it")
    success_message = _("Drafted. Edit it, then publish.")
    intro = _("All assignments are copied into a draft. What is published holds until you publish.")

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the matrix."""
        matrix = matrix_for(self.user, self.kwargs["pk"])
        return (*matrix_crumbs(), Crumb(str(matrix), matrix.get_absolute_url()))

    def save(self, form: object) -> Matrix:
        """Draft."""
        require_manage(self.user)
        matrix = matrix_for(self.user, self.kwargs["pk"])
        return draft_next_revision(actor=self.actor, matrix=matrix, now=self.now)


class DiscardMatrix(DeletePage):
    """Ask before throwing a draft away."""

    title = _("Discard draft")
    submit_title = _("Discard")
    intro = _("The draft and its assignments are removed; the ledger keeps what they held.")

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the draft."""
        matrix = matrix_for(self.user, self.kwargs["pk"])
        return (*matrix_crumbs(), Crumb(str(matrix), matrix.get_absolute_url()))

    def save(self, form: object) -> None:
        """Discard."""
        require_manage(self.user)
        matrix = matrix_for(self.user, self.kwargs["pk"])
        discard_draft(actor=self.actor, matrix=matrix, now=self.now)

    def success_url(self, result: None) -> str:
        """Go to the list."""
        return reverse("raci:matrix-list")
