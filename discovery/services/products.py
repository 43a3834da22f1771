"""Makers and products a device tells of: found whatever the spelling, else added to the catalogue."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.choices import OrganisationKind
from accounts.models import Organisation
from assets.models import Product
from common.actor import Actor
from discovery.topology.keys import vendor_word
from evidence.services import create_many


class Products:
    """The products of a batch, by maker and model; when it `is_dry` new ones get a number below 0 and are not stored."""

    def __init__(self, *, actor: Actor, now: datetime, is_dry: bool = False) -> None:
        self.actor, self.now, self.is_dry = actor, now, is_dry
        self._found: dict[tuple[str, str], Product] = {}

    def prepare(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Find or add what a batch speaks of, in four queries at most."""
        wanted = {(vendor, model) for vendor, model in pairs if _is_maker(vendor) and model}
        if not wanted:
            return
        makers = self._makers({vendor for vendor, _model in wanted})
        rows = Product.objects.filter(vendor__in=makers.values()).select_related("vendor")
        held = {(row.vendor_id, row.model.casefold()): row for row in rows}
        new: dict[tuple[int, str], Product] = {}
        for vendor, model in sorted(wanted):
            maker = makers[vendor_word(vendor)]
            key = (maker.pk, model.casefold())
            if key not in held and key not in new:
                new[key] = Product(vendor=maker, model=model[:120])
        self._store(list(new.values()))
        held |= new
        for vendor, model in wanted:
            self._found[vendor, model] = held[makers[vendor_word(vendor)].pk, model.casefold()]

    def get(self, vendor: str, model: str) -> Product | None:
        """Return a prepared product, None when maker or model is unknown."""
        return self._found.get((vendor, model))

    def _makers(self, names: Iterable[str]) -> dict[str, Organisation]:
        kinds = [OrganisationKind.VENDOR, OrganisationKind.MANUFACTURER]
        rows = Organisation.objects.filter(kind__in=kinds).order_by("pk")
        found: dict[str, Organisation] = {}
        for row in rows:
            found.setdefault(vendor_word(row.name), row)
        taken = set(Organisation.objects.values_list("slug", flat=True))
        new: dict[str, Organisation] = {}
        for name in sorted(names):
            word = vendor_word(name)
            if word not in found and word not in new:
                slug = _free(slugify(name)[:50] or "maker", taken)
                new[word] = Organisation(slug=slug, name=name[:150], kind=kinds[-1])
        self._store(list(new.values()))
        return found | new

    def _store(self, rows: Sequence[Product] | Sequence[Organisation]) -> None:
        if self.is_dry:
            for number, row in enumerate(rows, 1):
                row.pk = -number
            return
        create_many(
            actor=self.actor,
            instances=rows,
            now=self.now,
            comment=_("Told by a discovered device"),
        )


def _is_maker(vendor: str) -> bool:
    """Tell whether a maker's name is one; an enterprise number is none."""
    return bool(vendor_word(vendor)) and not vendor.startswith("enterprise ")


def _free(slug: str, taken: set[str]) -> str:
    found, number = slug, 2
    while found in taken:
        found, number = f"{slug}-{number}", number + 1
    taken.add(found)
    return found
