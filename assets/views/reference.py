"""Products, item classes and tags: lists and forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.access import (
    item_classes_visible_to,
    items_visible_to,
    may_edit_reference,
    products_visible_to,
    require_reference,
    scope_of,
    tags_visible_to,
)
from assets.choices import ItemKind
from assets.filters import ItemClassFilterSet, ProductFilterSet, TagFilterSet
from assets.forms import ItemClassForm, ProductForm, TagForm
from assets.models import ItemClass, Product, Tag
from assets.services.reference import change_reference, create_reference, delete_reference
from common.pages import (
    Action,
    Column,
    Crumb,
    DeletePage,
    EmptyState,
    ListPage,
    RecordForm,
    chosen,
    html,
    linked,
    plain,
)

USED = Column(
    "items",
    _("Items"),
    lambda row: html.number(row["item_count"]),
    ("item_count",),
    order="item_count",
    is_numeric=True,
)


class ReferenceList(ListPage):
    """Base: who edits reference data adds it."""

    door: Any = None

    def queryset(self) -> QuerySet[Any]:
        """Return the rows with how many of the items this user may see use them."""
        rows: QuerySet[Any] = self.door(self.user)
        is_all = scope_of(self.user).everything
        seen = None if is_all else Q(items__in=items_visible_to(self.user).values("pk"))
        counted: QuerySet[Any] = rows.annotate(item_count=Count("items", filter=seen))
        return counted

    def may_create(self) -> bool:
        """Tell whether the user edits reference data."""
        return may_edit_reference(self.user)


class ProductList(ReferenceList):
    """Vendors' models and their life cycle."""

    door = staticmethod(products_visible_to)
    title = _("Products")
    list_name = "assets:product-list"
    filterset_class = ProductFilterSet
    default_order = "vendor"
    columns = (
        linked(
            "model",
            _("Model"),
            lambda row: reverse("assets:product-edit", args=[row["pk"]]),
            order="model",
        ),
        plain("vendor", _("Vendor"), field="vendor__name", order="vendor__name"),
        plain("name", _("Name")),
        plain("item_class", _("Class"), field="item_class__name"),
        plain("part_number", _("Part number"), is_default=False),
        plain("recommended_firmware", _("Recommended firmware")),
        Column(
            "end_of_support_date",
            _("Support ends"),
            lambda row: html.day(row["end_of_support_date"]),
            ("end_of_support_date",),
            order="end_of_support_date",
        ),
        USED,
    )
    create_url_name = "assets:product-create"
    create_title = _("Add product")
    export_kind = import_kind = "products"
    empty = EmptyState(
        _("No products yet"), _("What vendors sell: models, firmware, end of support."), "package"
    )


class ItemClassList(ReferenceList):
    """What items can be."""

    door = staticmethod(item_classes_visible_to)
    title = _("Item classes")
    list_name = "assets:itemclass-list"
    filterset_class = ItemClassFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: reverse("assets:itemclass-edit", args=[row["pk"]]),
            order="name",
        ),
        Column("slug", _("Slug"), lambda row: html.code(row["slug"]), ("slug",), order="slug"),
        chosen("kind", _("Kind"), ItemKind.choices, order="kind"),
        Column(
            "attributes",
            _("Attributes"),
            lambda row: html.tags((row["attribute_schema"] or {}).get("properties")),
            ("attribute_schema",),
        ),
        USED,
    )
    facets = ("kind",)
    create_url_name = "assets:itemclass-create"
    create_title = _("Add class")
    export_kind = import_kind = "item_classes"
    empty = EmptyState(
        _("No classes yet"), _("PLC, switch, MES: each with its own attributes."), "box-model"
    )


class TagList(ReferenceList):
    """Free labels."""

    door = staticmethod(tags_visible_to)
    title = _("Tags")
    list_name = "assets:tag-list"
    filterset_class = TagFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: reverse("assets:tag-edit", args=[row["pk"]]),
            order="name",
        ),
        Column("slug", _("Slug"), lambda row: html.code(row["slug"]), ("slug",), order="slug"),
        USED,
    )
    create_url_name = "assets:tag-create"
    create_title = _("Add tag")
    empty = EmptyState(
        _("No tags yet"), _("Labels of your own, to filter and to select by."), "tags"
    )


class ReferenceForm(RecordForm):
    """Base of the three forms."""

    model: Any = Product
    list_page: type[ReferenceList] = ProductList

    def record(self, pk: int) -> Any:  # noqa: ANN401 - one of three models
        """Return the row, with the right to edit it."""
        require_reference(self.user)
        return get_object_or_404(self.list_page.door(self.user), pk=pk)

    def may_add(self) -> None:
        """Refuse others."""
        require_reference(self.user)

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(self.list_page.title, reverse(self.list_page.list_name)),)

    def actions(self) -> Sequence[Action]:
        """Offer to delete what is edited."""
        if "pk" not in self.kwargs:
            return ()
        name = self.list_page.list_name.replace("-list", "-delete")
        address = reverse(name, args=[self.kwargs["pk"]])
        return (Action(_("Delete"), address, "trash", is_danger=True),)

    def create(self, values: Mapping[str, Any], comment: str) -> Any:  # noqa: ANN401
        """Create it."""
        return create_reference(
            actor=self.actor, model=self.model, values=values, now=self.now, comment=comment
        )

    def change(
        self,
        record: Any,  # noqa: ANN401
        values: Mapping[str, Any],
        version: int | None,
        comment: str,
    ) -> Any:  # noqa: ANN401
        """Change it."""
        return change_reference(
            actor=self.actor,
            instance=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go to the list."""
        return reverse(self.list_page.list_name)


class ProductFormPage(ReferenceForm):
    """Add or edit a product."""

    form_class = ProductForm
    model = Product
    list_page = ProductList
    create_title = _("Add product")


class ItemClassFormPage(ReferenceForm):
    """Add or edit a class."""

    form_class = ItemClassForm
    model = ItemClass
    list_page = ItemClassList
    create_title = _("Add class")


class TagFormPage(ReferenceForm):
    """Add or edit a tag."""

    form_class = TagForm
    model = Tag
    list_page = TagList
    create_title = _("Add tag")


class DeleteReference(DeletePage):
    """Delete a product, class or tag nothing uses."""

    form_page: type[ReferenceForm] = ProductFormPage

    @property
    def record(self) -> Any:  # noqa: ANN401 - one of three models
        """What goes."""
        page = self.form_page(request=self.request, kwargs=self.kwargs)
        return page.record(self.kwargs["pk"])

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Name it."""
        return _("Delete %s") % self.record

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        page = self.form_page.list_page
        return (Crumb(page.title, reverse(page.list_name)),)

    def save(self, form: Any) -> None:  # noqa: ANN401 - an empty form
        """Delete it."""
        delete_reference(actor=self.actor, instance=self.record, now=self.now)

    def success_url(self, result: Any) -> str:  # noqa: ANN401
        """Go to the list."""
        return reverse(self.form_page.list_page.list_name)
