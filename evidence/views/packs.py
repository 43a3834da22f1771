"""Evidence packs: the list, the form that asks for one, its page, its file."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from common.models import Job
from common.pages import (
    Action,
    Column,
    Crumb,
    EmptyState,
    FormPage,
    ListPage,
    Page,
    chosen,
    html,
    linked,
    plain,
)
from common.pages.columns import Row
from evidence.access import (
    may_export,
    pack_for,
    packs_visible_to,
    require_export,
    scope_nodes,
    sections_for,
)
from evidence.choices import PackKind
from evidence.filters import PackFilterSet
from evidence.forms import AuditPackForm
from evidence.models import EvidencePack
from evidence.services.packs import pack_file
from evidence.services.requests import request_audit_pack


def _file(row: Row) -> str:
    if not row["file_name"]:
        return html.DASH
    return html.link(reverse("evidence:pack-file", args=[row["pk"]]), "PDF")


class PackList(ListPage):
    """Packs written so far."""

    title = _("Evidence packs")
    subtitle = _("Signed documents that prove a decision, or everything in a scope and period.")
    list_name = "evidence:pack-list"
    filterset_class = PackFilterSet
    columns = (
        linked(
            "identifier",
            _("Document"),
            lambda row: reverse("evidence:pack-detail", args=[row["pk"]]),
            order="identifier",
        ),
        chosen("kind", _("Kind"), PackKind.choices, order="kind"),
        plain("title", _("Title"), order="title"),
        plain("subject", _("Subject")),
        plain("requested_by", _("Requested by"), field="requested_by_label"),
        Column(
            "created_at",
            _("Created"),
            lambda row: html.moment(row["created_at"]),
            ("created_at",),
            order="created_at",
        ),
        Column(
            "entries",
            _("Entries"),
            lambda row: html.number(row["entry_count"]),
            ("entry_count",),
            is_numeric=True,
        ),
        Column("file", _("File"), _file, ("file_name",)),
    )
    facets = ("kind",)
    default_order = "-created_at"
    create_url_name = "evidence:pack-create"
    create_title = _("New audit pack")
    empty = EmptyState(
        _("No packs yet"),
        _("A pack is one PDF that proves what was done, and is verified without this site."),
        "file-certificate",
    )

    def may_create(self) -> bool:
        """Tell whether this person may export."""
        return may_export(self.user)

    def queryset(self) -> QuerySet[EvidencePack]:
        """Return the packs this person may open."""
        return packs_visible_to(self.user)


class PackCreate(FormPage):
    """Ask for the pack of a scope and period."""

    title = _("New audit pack")
    intro = _(
        "One signed PDF: what was recorded in a scope and period, with proof that nothing is missing."
    )
    form_class = AuditPackForm
    template_name = "evidence/pack_new.html"
    submit_title = _("Write the pack")
    success_message = ""

    def crumbs(self) -> list[Crumb]:
        """Return the way back."""
        return [Crumb(_("Evidence packs"), reverse("evidence:pack-list"))]

    def form_options(self) -> dict[str, Any]:
        """Return the scopes and sections on offer."""
        offered = [(section.name, section.title) for section in sections_for(self.user)]
        return {"scopes": scope_nodes(self.user), "offered": offered}

    def initial(self) -> dict[str, Any]:
        """Return the last 90 days of the chosen site, all sections."""
        today = timezone.localdate()
        return {
            "scope": self.site.get("path", ""),
            "since": today - timedelta(days=90),
            "until": today,
            "contents": [section.name for section in sections_for(self.user)],
        }

    def save(self, form: AuditPackForm) -> Job:
        """Enqueue the pack."""
        path = form.cleaned_data["scope"]
        return request_audit_pack(
            actor=self.actor,
            path=path,
            label=require_export(self.user, path),
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            sections=form.cleaned_data["contents"],
            offered=[section.name for section in sections_for(self.user)],
        )

    def success_url(self, result: Job) -> str:
        """Watch it being written."""
        return reverse("evidence:job-detail", args=[result.pk])


class PackPage(Page):
    """One pack: what it is about, its hashes, how to verify it."""

    template_name = "evidence/pack.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Find the pack, or answer 404."""
        self.pack = pack_for(self.user, kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """Return the pack's title."""
        return self.pack.title

    def crumbs(self) -> list[Crumb]:
        """Return the way back."""
        return [
            Crumb(_("Evidence packs"), reverse("evidence:pack-list")),
            Crumb(self.pack.identifier),
        ]

    def actions(self) -> list[Action]:
        """Return the download."""
        if not self.pack.file_name:
            return []
        address = reverse("evidence:pack-file", args=[self.pack.pk])
        return [Action(_("Download PDF"), address, "download", is_primary=True)]

    def content(self) -> dict[str, Any]:
        """Return the pack."""
        return {"pack": self.pack}


class PackFile(LoginRequiredMixin, View):
    """The PDF itself."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """Send the file; 404 for a pack this person may not open."""
        pack = pack_for(request.user, pk)
        path = pack_file(pack)
        if path is None:
            raise Http404
        return FileResponse(path.open("rb"), as_attachment=True, filename=pack.file_name)
