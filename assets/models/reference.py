"""Reference data: item classes with their attribute schema, products, tags."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Organisation
from assets.choices import ItemKind
from assets.rules import schema_problem
from common.models import BaseModel


class ItemClass(BaseModel):
    """What an item is (PLC, industrial switch, MES); carries the JSON Schema of its attributes."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    icon = models.CharField(max_length=40, default="box")
    attribute_schema = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "item classes"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a schema that is none: every item of the class would be checked by it."""
        if problem := schema_problem(self.attribute_schema):
            words = _("This is not a JSON Schema: %(problem)s.")
            raise ValidationError({"attribute_schema": words % {"problem": problem}})


class Product(BaseModel):
    """A model of a vendor with its life-cycle dates."""

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="products")
    model = models.CharField(max_length=120)
    name = models.CharField(max_length=200, blank=True, default="")
    item_class = models.ForeignKey(
        ItemClass, null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    part_number = models.CharField(max_length=80, blank=True, default="")
    recommended_firmware = models.CharField(max_length=60, blank=True, default="")
    end_of_sale_date = models.DateField(null=True, blank=True)
    end_of_support_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["vendor__name", "model"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "model"], name="one_product_per_model"),
        ]

    def __str__(self) -> str:
        return self.name or self.model


class Tag(BaseModel):
    """A free label."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
