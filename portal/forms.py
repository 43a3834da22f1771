"""Shapes of the portal's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.imports.kinds import kinds_in_order

LONGEST_PASTE = 5_000_000


class ImportForm(forms.Form):
    """A kind and a file, or the same as pasted text."""

    kind = forms.ChoiceField(label=_("What the rows are"))
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("CSV in any usual encoding, or .xlsx.")
    )
    text = forms.CharField(
        label=_("Or paste the rows"),
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("With the column names in the first line, as a spreadsheet copies them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        choices = [(kind.name, str(kind.title)) for kind in kinds_in_order()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one of file and text."""
        data = super().clean() or {}
        if bool(data.get("file")) == bool((data.get("text") or "").strip()):
            raise forms.ValidationError(_("Choose a file or paste rows, one of the two."))
        return data


class NetBoxForm(forms.Form):
    """A dump of a NetBox, or the address of a running one with its token."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("JSON, as NetBox's own 'manage.py dumpdata' writes it; up to 200 MB."),
    )
    url = forms.CharField(
        label=_("Address"),
        required=False,
        widget=forms.URLInput(
            attrs={"placeholder": "https://netbox.example.com", "spellcheck": "false"}
        ),
        help_text=_("NetBox 3.6 to 4.x. Use https, so that nobody on the way reads the token."),
    )
    token = forms.CharField(
        label=_("API token"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("One that may only read is enough. It is deleted as soon as NetBox was read."),
    )

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the two ways, one below the other."""
        return [
            {"title": _("A file"), "fields": [self["file"]]},
            {"title": _("Or a running NetBox"), "fields": [self["url"], self["token"]]},
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for one of file and address."""
        data = super().clean() or {}
        if bool(data.get("file")) == bool(data.get("url")):
            raise forms.ValidationError(_("Choose a file or give an address, one of the two."))
        if data.get("token") and not data.get("url"):
            self.add_error("token", _("A token belongs to an address."))
        return data
