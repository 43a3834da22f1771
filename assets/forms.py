"""Shapes of what is typed about the plant; services write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assets.access import (
    item_classes_visible_to,
    items_visible_to,
    locations_visible_to,
    products_visible_to,
    systems_visible_to,
    tags_visible_to,
    zones_visible_to,
)
from assets.choices import Criticality, ItemStatus, RelationClass
from assets.models import (
    Conduit,
    ConfigurationItem,
    ItemClass,
    Location,
    Product,
    Tag,
    Zone,
)
from common.pages.lookups import LookupField, use_lookup

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SECTIONS = (
    (_("What it is"), ("name", "code", "item_class", "function", "status", "description")),
    (
        _("Where it stands"),
        (
            "location",
            "zone",
            "system",
            "criticality_override",
            "purdue_override",
            "stops_line",
        ),
    ),
    (_("Product"), ("product", "serial_number", "firmware_version")),
    (
        _("Network"),
        ("hostname", "network_address", "mac_address", "is_safety_system", "is_never_scanned"),
    ),
    (_("Life cycle"), ("installed_date", "end_of_life_date")),
    (_("More"), ("tags", "attributes")),
)


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """An asset or system; foreign keys are searched among what the user may see."""

    class Meta:
        model = ConfigurationItem
        fields = [name for _title, names in SECTIONS for name in names]
        widgets = {
            "installed_date": DATE,
            "end_of_life_date": DATE,
            "attributes": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            "description": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "item_class": _("Class"),
            "criticality_override": _("Criticality"),
            "purdue_override": _("Purdue level"),
            "system": _("Part of system"),
            "stops_line": _("Stops its line when down"),
            "is_safety_system": _("Safety system"),
            "is_never_scanned": _("Never scan"),
            "firmware_version": _("Firmware"),
            "hostname": _("Host name"),
            "network_address": _("Address"),
            "mac_address": _("MAC address"),
            "installed_date": _("Installed"),
            "end_of_life_date": _("End of life"),
        }
        help_texts = {
            "stops_line": "",
            "code": _("Inventory number; left empty, one is given."),
            "attributes": _("JSON; checked against the schema of the class."),
        }

    def __init__(self, *args: Any, user: User, kind: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        for name, words in (
            ("criticality_override", _("the system's")),
            ("purdue_override", _("the zone's")),
        ):
            choices = list(self.fields[name].choices)  # type: ignore[attr-defined]
            self.fields[name].choices = [("", words), *choices[1:]]  # type: ignore[attr-defined]
        classes = self.fields["item_class"]
        classes.queryset = item_classes_visible_to(user).filter(kind=kind)  # type: ignore[attr-defined]
        self.fields["tags"].queryset = tags_visible_to(user)  # type: ignore[attr-defined]
        rows = {
            "location": (locations_visible_to(user), "locations"),
            "zone": (zones_visible_to(user), "zones"),
            "system": (systems_visible_to(user), "systems"),
            "product": (products_visible_to(user), "products"),
        }
        for name, (queryset, lookup) in rows.items():
            use_lookup(self, name, queryset, f"/plant/lookup/{lookup}/")

    def sections(self) -> list[dict[str, Any]]:
        """Return the fields in groups, for the form's layout."""
        return [
            {"title": title, "fields": [self[name] for name in names if name in self.fields]}
            for title, names in SECTIONS
        ]

    def clean_network_address(self) -> str | None:
        """Return nothing for nothing: the column holds no empty text."""
        return self.cleaned_data["network_address"] or None

    def _get_validation_exclusions(self) -> set[str]:
        # The service gives the code and checks uniqueness under its lock.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "code"}


class BulkItemForm(forms.Form):
    """New values for many items; what is left empty stays as it is."""

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("leave")), *ItemStatus.choices]
    )
    criticality_override = forms.ChoiceField(
        label=_("Criticality"), required=False, choices=[("", _("leave")), *Criticality.choices]
    )
    firmware_version = forms.CharField(label=_("Firmware"), required=False, max_length=100)
    function = forms.CharField(label=_("Function"), required=False, max_length=120)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        rows = {
            "location": (_("Location"), locations_visible_to(user), "locations"),
            "zone": (_("Zone"), zones_visible_to(user), "zones"),
            "system": (_("Part of system"), systems_visible_to(user), "systems"),
            "product": (_("Product"), products_visible_to(user), "products"),
        }
        for name, (label, queryset, lookup) in rows.items():
            url = f"/plant/lookup/{lookup}/"
            self.fields[name] = LookupField(queryset, url, label=label, required=False)

    def given(self) -> dict[str, Any]:
        """Return only what was filled in."""
        values = {
            name: value for name, value in self.cleaned_data.items() if value not in ("", None)
        }
        if "criticality_override" in values:
            values["criticality_override"] = int(values["criticality_override"])
        return values


class RelationForm(forms.Form):
    """A relation seen from one item: a class, a direction, the other end (known, or by name)."""

    relation_class = forms.ChoiceField(label=_("Relation"), choices=RelationClass.choices)
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=(("out", _("this item → the other")), ("in", _("the other → this item"))),
    )
    unresolved = forms.CharField(
        label=_("or its code, when it is not in the inventory"),
        required=False,
        max_length=200,
        help_text=_("It is kept and shown as unknown until an item with that code exists."),
    )
    protocol = forms.CharField(label=_("Protocol"), required=False, max_length=60)
    data_model = forms.CharField(label=_("Data model"), required=False, max_length=100)
    middleware = forms.CharField(label=_("Middleware"), required=False, max_length=100)
    redundancy_group = forms.CharField(
        label=_("Redundancy group"),
        required=False,
        max_length=100,
        help_text=_("Providers of the same group stand in for each other."),
    )
    required_count = forms.IntegerField(
        label=_("Needed of the group"),
        required=False,
        min_value=1,
        help_text=_("k of n; left empty, the need is unknown and an impact says so."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=250)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        others = items_visible_to(user)
        url = "/plant/lookup/items/"
        self.fields["other"] = LookupField(others, url, label=_("The other item"), required=False)
        self.order_fields(["relation_class", "direction", "other", "unresolved"])

    def clean(self) -> dict[str, Any]:
        """Ask for one of item and code."""
        values: dict[str, Any] = super().clean() or {}
        if bool(values.get("other")) == bool(values.get("unresolved")):
            self.add_error("other", _("Choose an item, or give the code of an unknown one."))
        return values


class LocationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A node of the location tree."""

    class Meta:
        model = Location
        fields = ["name", "code", "level", "parent", "time_zone", "address"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        use_lookup(self, "parent", locations_visible_to(user), "/plant/lookup/locations/")


class ZoneForm(forms.ModelForm):  # type: ignore[type-arg]
    """A zone with its security level vectors."""

    class Meta:
        model = Zone
        fields = [
            "name",
            "code",
            "site",
            "purdue_level",
            "is_safety",
            "sl_target",
            "sl_capable",
            "sl_achieved",
            "description",
        ]
        help_texts = dict.fromkeys(
            ("sl_target", "sl_capable", "sl_achieved"), _("IAC,UC,SI,DC,RDF,TRE,RA: 2,2,2,1,2,1,2")
        )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        use_lookup(self, "site", locations_visible_to(user), "/plant/lookup/locations/")


class ConduitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A declared path between two zones."""

    protocols = forms.CharField(
        label=_("Protocols"), required=False, help_text=_("Separated by commas: OPC UA, MQTT")
    )

    class Meta:
        model = Conduit
        fields = ["name", "code", "from_zone", "to_zone", "protocols"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["protocols"] = ", ".join(self.instance.protocols)
        for name in ("from_zone", "to_zone"):
            use_lookup(self, name, zones_visible_to(user), "/plant/lookup/zones/")

    def clean_protocols(self) -> list[str]:
        """Split at commas."""
        parts = self.cleaned_data["protocols"].split(",")
        return [part.strip() for part in parts if part.strip()]


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """A vendor's model with its life cycle."""

    class Meta:
        model = Product
        fields = [
            "vendor",
            "model",
            "name",
            "item_class",
            "part_number",
            "recommended_firmware",
            "end_of_sale_date",
            "end_of_support_date",
        ]
        widgets = {"end_of_sale_date": DATE, "end_of_support_date": DATE}


class ItemClassForm(forms.ModelForm):  # type: ignore[type-arg]
    """A class of items with the schema of its attributes."""

    class Meta:
        model = ItemClass
        fields = ["name", "slug", "kind", "icon", "attribute_schema"]
        help_texts = {
            "attribute_schema": _("JSON Schema (2020-12) that custom attributes must satisfy."),
            "icon": _("Name of an icon of the sprite, such as cpu or router."),
        }


class TagForm(forms.ModelForm):  # type: ignore[type-arg]
    """A free label."""

    class Meta:
        model = Tag
        fields = ["name", "slug"]


class GrantForm(forms.Form):
    """Rights of a user on a part of the plant."""

    permissions = forms.MultipleChoiceField(
        label=_("Rights"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, rights: Any, users: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = rights  # type: ignore[attr-defined]
        self.fields["user"] = LookupField(users, "/people/lookup/users/", label=_("User"))
        for name, label in (
            ("location", _("Location")),
            ("zone", _("Zone")),
            ("system", _("System")),
        ):
            rows = _NODES[name]._default_manager.all()
            url = f"/plant/lookup/{name}s/"
            self.fields[name] = LookupField(rows, url, label=label, required=False)
        self.order_fields(["user", "location", "zone", "system", "permissions"])

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one place."""
        values: dict[str, Any] = super().clean() or {}
        if sum(bool(values.get(name)) for name in _NODES) != 1:
            self.add_error(None, _("Choose one place: a location, a zone or a system."))
        return values


_NODES: dict[str, Any] = {"location": Location, "zone": Zone, "system": ConfigurationItem}
