"""Manufacturers, providers, tenants and contacts as parties; device types as products."""

from django.utils.translation import gettext as _

from assets.imports.netbox.records import Records, clip, code
from assets.imports.netbox.rows import Rows


def map_parties(records: Records, rows: Rows) -> None:
    """Write organisations, teams and people."""
    for _pk, maker in records.all("dcim.manufacturer"):
        rows.take("dcim.manufacturer", "organisations", slug=maker["slug"][:60], name=clip(maker["name"], 150), kind="manufacturer")  # fmt: skip
    known = {row["slug"] for row in rows.by_kind.get("organisations", ())}
    for _pk, provider in records.all("circuits.provider"):
        slug = provider["slug"][:60]
        if slug in known:
            reason = _("a manufacturer has the same slug and stands for both")
            rows.leave("circuits.provider", reason)
            continue
        rows.take("circuits.provider", "organisations", slug=slug, name=clip(provider["name"], 150), kind="vendor")  # fmt: skip
    for pk, tenant in records.all("tenancy.tenant"):
        rows.take("tenancy.tenant", "teams", code=code("TEN", pk), name=clip(tenant["name"], 150), kind="team")  # fmt: skip
    for pk, contact in records.all("tenancy.contact"):
        rows.take(
            "tenancy.contact",
            "people",
            employee_number=code("CON", pk),
            name=clip(contact["name"], 150),
            email=_email(contact.get("email")),
            phone=clip(contact.get("phone"), 40),
            job_title=clip(contact.get("title"), 150),
        )


def _email(value: object) -> str:
    text = str(value or "").strip()
    return text if text.count("@") == 1 and "." in text.partition("@")[2] else ""


def map_products(records: Records, rows: Rows) -> None:
    """Write device types as products of their manufacturer."""
    for _pk, kind in records.all("dcim.devicetype"):
        maker = records.get("dcim.manufacturer", kind["manufacturer"])
        rows.take(
            "dcim.devicetype",
            "products",
            vendor=maker["slug"][:60],
            model=clip(kind["model"], 120),
            name=clip(f"{maker['name']} {kind['model']}", 200),
            part_number=clip(kind.get("part_number"), 80),
        )
