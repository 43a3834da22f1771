"""Factories for locations, zones, items and relations."""

import factory

from assets.choices import ItemKind, LocationLevel, PurdueLevel, RelationClass
from assets.models import (
    Asset,
    Conduit,
    ItemClass,
    Location,
    Product,
    RedundancyGroup,
    Relation,
    System,
    Tag,
    Zone,
)
from tests.factories.accounts import BaseFactory, OrganisationFactory


class LocationFactory(BaseFactory):
    class Meta:
        model = Location
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"LOC-{n}")
    name = factory.LazyAttribute(lambda o: f"Location {o.code}")
    level = LocationLevel.SITE

    @factory.post_generation
    def path(self, create, extracted, **kwargs):
        parent = self.parent.path if self.parent else ""
        self.path = f"{parent}{self.pk}/"
        self.save(update_fields=["path"])


class ZoneFactory(BaseFactory):
    class Meta:
        model = Zone

    code = factory.Sequence(lambda n: f"ZONE-{n}")
    name = factory.LazyAttribute(lambda o: f"Zone {o.code}")
    site = factory.SubFactory(LocationFactory)
    purdue_level = PurdueLevel.L2


class ConduitFactory(BaseFactory):
    class Meta:
        model = Conduit

    code = factory.Sequence(lambda n: f"CON-{n}")
    name = factory.LazyAttribute(lambda o: f"Conduit {o.code}")
    from_zone = factory.SubFactory(ZoneFactory)
    to_zone = factory.SubFactory(ZoneFactory)


class ItemClassFactory(BaseFactory):
    class Meta:
        model = ItemClass
        django_get_or_create = ("slug",)

    slug = "plc"
    name = factory.LazyAttribute(lambda o: o.slug.upper())
    kind = ItemKind.ASSET


class ProductFactory(BaseFactory):
    class Meta:
        model = Product

    vendor = factory.SubFactory(OrganisationFactory)
    model = factory.Sequence(lambda n: f"M-{n}")


class TagFactory(BaseFactory):
    class Meta:
        model = Tag

    slug = factory.Sequence(lambda n: f"tag-{n}")
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " ").capitalize())


class AssetFactory(BaseFactory):
    class Meta:
        model = Asset

    code = factory.Sequence(lambda n: f"A-{n:05}")
    name = factory.LazyAttribute(lambda o: f"Asset {o.code}")
    kind = ItemKind.ASSET
    item_class = factory.SubFactory(ItemClassFactory)
    location = factory.SubFactory(LocationFactory)


class SystemFactory(BaseFactory):
    class Meta:
        model = System

    code = factory.Sequence(lambda n: f"S-{n:05}")
    name = factory.LazyAttribute(lambda o: f"System {o.code}")
    kind = ItemKind.SYSTEM
    item_class = factory.SubFactory(ItemClassFactory, slug="mes", kind=ItemKind.SYSTEM)
    location = factory.SubFactory(LocationFactory)


class RedundancyGroupFactory(BaseFactory):
    class Meta:
        model = RedundancyGroup

    item = factory.SubFactory(AssetFactory)
    name = factory.Sequence(lambda n: f"group-{n}")


class RelationFactory(BaseFactory):
    class Meta:
        model = Relation

    source = factory.SubFactory(AssetFactory)
    target = factory.SubFactory(AssetFactory)
    relation_class = RelationClass.DEPENDS_ON
