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
