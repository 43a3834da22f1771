"""Create and edit pages of one kind of record, built on a ModelForm whose values go to a service."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.pages.forms import FormPage


class RecordForm(FormPage):
    """Add (URL without pk) or edit (with pk) a record; a subclass gives `record`, `create` and `change`.

    The form carries the version it was based on, so that two people cannot overwrite each other, and a
    comment for the ledger.
    """

    create_title: Any = _("Add")
    template_name = "ui/record_form.html"

    def record(self, pk: int) -> Any:
        """Return the record to edit, through access.py, with the right to edit it checked."""
        raise NotImplementedError

    def may_add(self) -> None:
        """Refuse (raise) who may not add such a record."""

    def create(self, values: Mapping[str, Any], comment: str) -> Any:
        """Create the record by its service."""
        raise NotImplementedError

    def change(
        self, record: Any, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Any:
        """Change the record by its service."""
        raise NotImplementedError

    @property
    def edited(self) -> Any:
        """The record being edited; None when one is added."""
        if not hasattr(self, "_edited"):
            pk = self.kwargs.get("pk")
            self._edited = None if pk is None else self.record(pk)
            if pk is None:
                self.may_add()
        return self._edited

    def get_title(self) -> Any:
        """Return "Edit (name)" or the title for adding."""
        if self.edited is None:
            return self.create_title
        return _("Edit %s") % self.edited

    def form_options(self) -> dict[str, Any]:
        """Bind the form to the record."""
        return {} if self.edited is None else {"instance": self.edited}

    def content(self) -> dict[str, Any]:
        """Return the version the form is based on and the comment typed so far."""
        sent = self.request.POST
        version = sent.get("version") or getattr(self.edited, "version", "")
        return {"record_version": version, "comment": sent.get("comment", "")}

    def save(self, form: Any) -> Any:
        """Hand what was typed to the service."""
        comment = self.request.POST.get("comment", "").strip()
        values = self.values(form)
        if self.edited is None:
            return self.create(values, comment)
        given = self.request.POST.get("version", "")
        version = int(given) if given.isdecimal() else None
        return self.change(self.edited, values, version, comment)

    def values(self, form: Any) -> dict[str, Any]:
        """Return the values for the service."""
        cleaned: dict[str, Any] = dict(form.cleaned_data)
        return cleaned
