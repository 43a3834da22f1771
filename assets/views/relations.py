"""The list of relations, and adding, editing and deleting one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.access import EDIT, item_for, may, relation_for, relations_visible_to
from assets.choices import ProvenanceSource, RelationClass
from assets.filters import RelationFilterSet
from assets.forms import RelationForm
from assets.models import ConfigurationItem, Relation
from assets.services.relations import change_relation, create_relation, delete_relation
from common.errors import NotAllowedError
from common.pages import (
    Column,
    Crumb,
    DeletePage,
    EmptyState,
    FormPage,
    ListPage,
    Row,
    chosen,
    html,
    plain,
)

PLAIN = ("protocol", "data_model", "middleware", "note")


def end_cell(row: Row, end: str) -> str:
    """Return a link to an end, or the name of an unknown one."""
    if row[f"{end}_id"] is None:
        return html.safe(f'<span class="unresolved">{html.text(row[f"unresolved_{end}"])}</span>')
    return html.link(f"/plant/items/{row[f'{end}_id']}/relations/", row[f"{end}__name"])


def need_cell(row: Row) -> str:
    """Return the redundancy group and how many of it are needed."""
    if not row["redundancy_group__name"]:
        return html.DASH
    need = row["redundancy_group__required_count"]
    words = (
        html.state("unknown", words=str(_("not declared"))) if need is None else html.number(need)
    )
    return html.safe(f"{html.text(row['redundancy_group__name'])}: {words}")


def end_column(end: str, title: Any) -> Column:  # noqa: ANN401 - lazy text
    """Return the column of one end."""
    fields = (f"{end}_id", f"{end}__name", f"unresolved_{end}")
    return Column(end, title, lambda row: end_cell(row, end), fields, order=f"{end}__name")


class RelationList(ListPage):
    """All relations both of whose known ends one may see."""

    title = _("Relations")
    list_name = "assets:relation-list"
    filterset_class = RelationFilterSet
    default_order = "source"
    columns = (
        end_column("source", _("Item")),
        chosen("relation_class", _("Relation"), RelationClass.choices, order="relation_class"),
        end_column("target", _("Other item")),
        plain("protocol", _("Protocol"), order="protocol"),
        Column(
            "redundancy",
            _("Redundancy: needed"),
            need_cell,
            ("redundancy_group__name", "redundancy_group__required_count"),
        ),
        plain("middleware", _("Middleware"), is_default=False),
        chosen("provenance_source", _("Origin"), ProvenanceSource.choices),
        Column(
            "confidence",
            _("Confidence, %"),
            lambda row: html.number(row["confidence"]),
            ("confidence",),
            order="confidence",
            is_numeric=True,
            is_default=False,
        ),
    )
    facets = ("relation_class", "is_unresolved", "provenance_source")
    export_kind = import_kind = "relations"
    empty = EmptyState(
        _("No relations yet"),
        _("Relations are added on an item's page, or imported. Impact follows them."),
        "link",
    )

    def queryset(self) -> QuerySet[Relation]:
        """Return the relations this user may see."""
        return relations_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Narrow to relations that start in the chosen site."""
        return queryset.filter(source__location__path__startswith=path)

    def row_label(self, row: Row) -> Any:  # noqa: ANN401
        """Name the relation."""
        return row["pk"]


class RelationPage(FormPage):
    """Base of adding and editing: a relation as seen from one item."""

    form_class = RelationForm

    @property
    def item(self) -> ConfigurationItem:
        """The item one stands at."""
        raise NotImplementedError

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the item's relations."""
        item = self.item
        return (Crumb(item, reverse("assets:item-relations", args=[item.pk])),)

    def form_options(self) -> dict[str, Any]:
        """Offer the items this user may see."""
        return {"user": self.user}

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go back to the item's relations."""
        return reverse("assets:item-relations", args=[self.item.pk])

    def values_of(self, form: RelationForm) -> dict[str, Any]:
        """Return the relation's values: both ends by direction."""
        given = form.cleaned_data
        here, there = ("source", "target") if given["direction"] == "out" else ("target", "source")
        return {
            "relation_class": given["relation_class"],
            here: self.item,
            f"unresolved_{here}": "",
            there: given["other"],
            f"unresolved_{there}": given["unresolved"],
            "redundancy_group": given["redundancy_group"] or None,
            "required_count": given["required_count"],
            **{name: given[name] for name in PLAIN},
        }


class AddRelation(RelationPage):
    """A new relation of an item."""

    title = _("Add relation")

    @property
    def item(self) -> ConfigurationItem:
        """The item, with the right to edit it."""
        return editable(self.user, item_for(self.user, self.kwargs["pk"]))

    def save(self, form: Any) -> Relation:  # noqa: ANN401 - a RelationForm
        """Create it."""
        return create_relation(actor=self.actor, values=self.values_of(form), now=self.now)


def editable(user: Any, *items: ConfigurationItem | None) -> ConfigurationItem:  # noqa: ANN401
    """Return the first known item; refuse who may edit none of them."""
    known = [item for item in items if item is not None]
    if not any(may(user, EDIT, item) for item in known):
        raise NotAllowedError("To change a relation takes the right to edit one of its items.")
    return known[0]


class EditRelation(RelationPage):
    """An existing relation, seen from `?from=` or from its first known end."""

    title = _("Edit relation")
    template_name = "ui/record_form.html"

    @property
    def relation(self) -> Relation:
        """The relation, with the right to edit one of its ends."""
        relation = relation_for(self.user, self.kwargs["pk"])
        editable(self.user, relation.source, relation.target)
        return relation

    @property
    def item(self) -> ConfigurationItem:
        """The end one stands at."""
        relation = self.relation
        given = self.request.GET.get("from", "")
        if given == str(relation.target_id) and relation.target:
            return relation.target
        return editable(self.user, relation.source, relation.target)

    def initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Start from the relation as it is."""
        relation = self.relation
        outward = relation.source_id == self.item.pk
        group = relation.redundancy_group
        return {
            "relation_class": relation.relation_class,
            "direction": "out" if outward else "in",
            "other": relation.target if outward else relation.source,
            "unresolved": relation.unresolved_target if outward else relation.unresolved_source,
            "redundancy_group": group.name if group else "",
            "required_count": group.required_count if group else None,
            **{name: getattr(relation, name) for name in PLAIN},
        }

    def content(self) -> dict[str, Any]:
        """Return the version the form is based on and the comment typed so far."""
        sent = self.request.POST
        version = sent.get("version") or self.relation.version
        return {"record_version": version, "comment": sent.get("comment", "")}

    def save(self, form: Any) -> Relation:  # noqa: ANN401 - a RelationForm
        """Change it; what a person sets is theirs."""
        given = self.request.POST.get("version", "")
        values = {**self.values_of(form), "provenance_source": ProvenanceSource.MANUAL}
        return change_relation(
            actor=self.actor,
            relation=self.relation,
            values=values,
            now=self.now,
            expected_version=int(given) if given.isdecimal() else None,
            comment=self.request.POST.get("comment", "").strip(),
        )


class DeleteRelation(EditRelation, DeletePage):
    """Delete a relation."""

    template_name = "ui/confirm.html"
    form_class = DeletePage.form_class  # type: ignore[assignment]
    title = _("Delete relation")
    submit_title = _("Delete")
    is_danger = True

    def form_options(self) -> dict[str, Any]:
        """There is nothing to fill in."""
        return {}

    def content(self) -> dict[str, Any]:
        """Say what goes."""
        words = _("%s: impact no longer follows it. The ledger keeps it.") % self.relation
        return {"intro": words}

    def save(self, form: Any) -> Any:  # noqa: ANN401 - an empty form
        """Delete it, remembering where to go back."""
        self._back = super().success_url(None)
        delete_relation(actor=self.actor, relation=self.relation, now=self.now)

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go back to the item's relations."""
        return self._back
