"""The columns of each import kind, in the order of the files."""

from __future__ import annotations

_ITEM = "code name item_class function status location zone system criticality purdue vendor model"
_LIFE = "installed_date end_of_life_date stops_line description tags"

_TEXT = {
    "organisations": "slug name kind",
    "item_classes": "slug name kind icon schema",
    "products": "vendor model name item_class part_number end_of_sale_date end_of_support_date"
    " recommended_firmware",
    "locations": "code name level parent time_zone address",
    "zones": "code name site purdue_level is_safety sl_target sl_capable sl_achieved description",
    "conduits": "code name from_zone to_zone protocols",
    "teams": "code name kind parent email organisation",
    "people": "employee_number name email phone job_title site teams organisation is_active",
    "systems": f"{_ITEM} firmware_version hostname network_address {_LIFE}",
    "assets": f"{_ITEM} serial_number firmware_version hostname network_address mac_address {_LIFE}"
    " attr.controlled_axes attr.spindle_power_kw",
    "relations": "source relation_class target protocol redundancy_group required data_model"
    " middleware note verified_at",
    "activities": "code name parent description",
    "roles": "code name description discipline",
    "role_holders": "role holder location valid_from valid_until",
    "absences": "person starts_at ends_at deputy reason",
    "raci": "matrix activity letter role scope selector_class selector_purdue"
    " selector_criticality selector_tag effect valid_from valid_until",
    "service_levels": "scope availability_percent response_minutes restore_minutes"
    " data_availability_percent change_lead_days cost_per_hour currency valid_from",
}

COLUMNS: dict[str, tuple[str, ...]] = {kind: tuple(text.split()) for kind, text in _TEXT.items()}
