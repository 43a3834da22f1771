"""Import kinds of reference data: item classes with their attribute schema, and products."""

from django.utils.translation import gettext_lazy as _

from accounts.imports import organisations_lookup
from assets.imports.lookups import classes_lookup
from assets.models import ItemClass, Product
from assets.rules import schema_problem
from common.imports import (
    ImportContext,
    ImportKind,
    Lookup,
    PlannedRow,
    Session,
    column_for,
)
from evidence import services as ledger


class ItemClasses(ImportKind):
    """Classes by slug; `schema` is the JSON Schema of their attributes."""

    name, title, order = "item_classes", _("Item classes"), 15
    model, writer, permission = ItemClass, ledger, "assets.change_itemclass"
    columns = (
        column_for(ItemClass, "slug", is_key=True, is_required=True),
        column_for(ItemClass, "name", is_required=True),
        column_for(ItemClass, "kind", is_required=True),
        column_for(ItemClass, "icon"),
        column_for(ItemClass, "attribute_schema", name="schema", empty={}),
    )

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Refuse a schema that is none."""
        for row in rows:
            if problem := schema_problem(row.changes.get("schema", {})):
                words = {"error": problem}
                session.fail(row, _("is not a JSON Schema: %(error)s") % words, column="schema")


class Products(ImportKind):
    """Models of vendors."""

    name, title, order = "products", _("Products"), 35
    model, writer, permission = Product, ledger, "assets.change_itemclass"
    columns = (
        column_for(
            Product,
            "vendor",
            refers_to="organisations",
            is_key=True,
            is_required=True,
            help=_("Slug of the company."),
        ),
        column_for(Product, "model", is_key=True, is_required=True),
        column_for(Product, "name"),
        column_for(Product, "item_class", refers_to="classes", help=_("Slug of the class.")),
        column_for(Product, "part_number"),
        column_for(Product, "end_of_sale_date"),
        column_for(Product, "end_of_support_date"),
        column_for(Product, "recommended_firmware"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Products refer to vendors and classes."""
        return {"organisations": organisations_lookup(), "classes": classes_lookup()}
