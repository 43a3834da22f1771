"""Shapes of imports over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from common.imports import ImportKind
from common.models import Job


class ImportRequest(serializers.Serializer[Any]):
    """A kind with its rows: as a list of objects, as CSV text, or as a file (multipart)."""

    kind = serializers.CharField()
    rows = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)),
        required=False,
        help_text="Objects of column name and text.",
    )
    text = serializers.CharField(required=False, trim_whitespace=False, help_text="CSV.")
    file = serializers.FileField(required=False, help_text="CSV or .xlsx, as multipart.")
    encoding = serializers.CharField(required=False, default="", allow_blank=True)
    apply = serializers.BooleanField(
        required=False, default=False, help_text="Write at once when there is no error."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one source of rows."""
        if sum(name in attrs for name in ("rows", "text", "file")) != 1:
            raise serializers.ValidationError("Give one of 'rows', 'text' and 'file'.")
        return attrs


class ImportAnswer(serializers.Serializer[Any]):
    """A preview or import and, once finished, its report."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    is_preview = serializers.BooleanField()
    state = serializers.CharField()
    percent = serializers.IntegerField()
    error = serializers.CharField()
    report = serializers.DictField(
        help_text="counts, rows with their changes, errors and warnings with row, column, value."
    )
    url = serializers.CharField()


class KindAnswer(serializers.Serializer[Any]):
    """An importable kind and its columns."""

    name = serializers.CharField()
    title = serializers.CharField()
    columns = serializers.ListField(child=serializers.DictField())


def import_answer(job: Job) -> dict[str, Any]:
    """Return a job as the API shows an import."""
    return {
        "id": job.pk,
        "kind": job.arguments.get("kind", ""),
        "is_preview": bool(job.arguments.get("is_dry_run")),
        "state": job.state,
        "percent": job.percent,
        "error": job.error,
        "report": job.result,
        "url": reverse("portal-import-detail", args=[job.pk]),
    }


def kind_answer(kind: ImportKind) -> dict[str, Any]:
    """Return a kind as the API shows it."""
    return {
        "name": kind.name,
        "title": str(kind.title),
        "columns": [
            {
                "name": column.name,
                "allowed": column.allowed,
                "help": str(column.help),
                "is_key": column.is_key,
                "is_required": column.is_required,
            }
            for column in kind.columns
        ],
    }
