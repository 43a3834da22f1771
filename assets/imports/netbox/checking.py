"""Refuses objects that no NetBox writes, all at once, before anything is made of them. Pure."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from assets.imports.netbox.records import Fields, Records
from common.errors import DomainError

MOST_NAMED = 20
# What the mapping takes for granted; everything else may be missing.
TEXTS = {
    "dcim.manufacturer": ("slug", "name"),
    "circuits.provider": ("slug", "name"),
    "tenancy.tenant": ("name",),
    "tenancy.contact": ("name",),
    "dcim.devicetype": ("model",),
    "virtualization.cluster": ("name",),
    "virtualization.virtualmachine": ("name",),
    "dcim.virtualchassis": ("name",),
    "circuits.circuit": ("cid",),
    "circuits.circuittermination": ("term_side",),
    "dcim.powerpanel": ("name",),
    "dcim.powerfeed": ("name",),
    "dcim.region": ("name",),
    "dcim.site": ("name",),
    "dcim.location": ("name",),
    "dcim.rack": ("name",),
    "extras.tag": ("slug",),
    "dcim.cabletermination": ("cable_end",),
}
REFERENCES = {
    "dcim.devicetype": ("manufacturer",),
    "dcim.device": ("device_type",),
    "circuits.circuit": ("provider",),
    "circuits.circuittermination": ("circuit",),
    "dcim.powerfeed": ("power_panel",),
    "dcim.location": ("site",),
    "dcim.rack": ("site",),
    "dcim.frontport": ("device",),
    "dcim.rearport": ("device",),
    "dcim.devicebay": ("device",),
    "dcim.cabletermination": ("cable", "termination_id"),
}


class BrokenDumpError(DomainError):
    """The file is not a dump of a NetBox."""

    code = "broken_dump"


def require_whole(records: Records) -> None:
    """Refuse records that lack what every NetBox object has. Raises BrokenDumpError naming them."""
    wrong = list(_wrong(records))
    if not wrong:
        return
    more = len(wrong) - MOST_NAMED
    raise BrokenDumpError(
        _("%(count)s objects are not as NetBox writes them: %(names)s%(more)s.")
        % {
            "count": f"{len(wrong):,}",
            "names": "; ".join(wrong[:MOST_NAMED]),
            "more": _("; and %(count)s more") % {"count": f"{more:,}"} if more > 0 else "",
        }
    )


@contextmanager
def understanding() -> Iterator[None]:
    """Refuse what a block stumbles over because it has a shape of its own. Raises BrokenDumpError."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BrokenDumpError(
            _("The objects do not fit together as those of a NetBox do (%(error)s).")
            % {"error": f"{type(error).__name__}: {str(error)[:80]}"}
        ) from error


def _wrong(records: Records) -> Iterator[str]:
    for model in sorted({*TEXTS, *REFERENCES}):
        for pk, fields in records.by_model.get(model, {}).items():
            missing = [*_bad_texts(model, fields), *_bad_references(model, fields)]
            if not isinstance(pk, int):
                yield _("the id of %(model)s '%(id)s' is no number") % {"model": model, "id": pk}
            elif missing:
                names = ", ".join(f"'{name}'" for name in missing)
                yield _("%(model)s %(id)s without a usable %(fields)s") % {
                    "model": model,
                    "id": pk,
                    "fields": names,
                }
    yield from _homeless_types(records)


def _bad_texts(model: str, fields: Fields) -> Iterator[str]:
    for name in TEXTS.get(model, ()):
        value = fields.get(name)
        if not isinstance(value, str) or not value:
            yield name


def _bad_references(model: str, fields: Fields) -> Iterator[str]:
    for name in REFERENCES.get(model, ()):
        if not isinstance(fields.get(name), int):
            yield name


def _homeless_types(records: Records) -> Iterator[str]:
    """A product is known by its maker, so a device type cannot do without the object itself."""
    for pk, kind in records.by_model.get("dcim.devicetype", {}).items():
        maker = kind.get("manufacturer")
        if isinstance(maker, int) and not records.get("dcim.manufacturer", maker):
            yield _("dcim.devicetype %(id)s of a manufacturer %(maker)s that is not there") % {
                "id": pk,
                "maker": maker,
            }
