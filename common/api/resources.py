"""The base of every endpoint: list, detail, create, edit, delete, each also in bulk, all or none.

A resource says which rows a user sees, which filters apply, and which service writes. Nothing else.
"""

import copy
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from common.actor import Actor
from common.api.fields import Derived, RefField, lookup, reference_key
from common.api.paging import BadRequestError, Paging, Window, link_with
from common.api.preconditions import etag, expected_version
from common.api.reading import Reader, reader_for
from common.api.schema import ResourceSchema
from common.errors import DomainError, StaleVersionError
from common.filters import FilterSet
from common.models import BaseModel

Records = list[dict[str, Any]]
BRIEF = ("id", "code", "slug", "name", "label", "url")
MAX_BULK = 10_000


class ResourceSerializer(serializers.Serializer[Any]):
    """Fields every resource has."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return copies of the fields: all, or those it takes to check objects that give `context["given"]`."""
        given = self.context.get("given")
        if given is None:
            return super().get_fields()
        return copy.deepcopy(
            {
                name: field
                for name, field in self._declared_fields.items()
                if name in given
                or field.required
                or (field.default is not serializers.empty and not field.read_only)
            }
        )


class Resource(viewsets.GenericViewSet[Any]):
    """Read and write one kind of object.

    Subclasses set the class attributes and implement `rows`; those that can be written implement
    `create_rows`, `change_row` and `remove_row` by one service call each.
    """

    filterset: ClassVar[type[FilterSet]]
    orderings: ClassVar[tuple[str, ...]] = ("id",)
    default_ordering: ClassVar[tuple[str, ...]] = ("id",)
    is_writable: ClassVar[bool] = True
    pagination_class = Paging
    lookup_value_regex = "[0-9]+"
    schema = ResourceSchema()

    def rows(self) -> QuerySet[Any]:
        """Return the rows this user may see."""
        raise NotImplementedError

    def scope(self) -> Hashable:
        """Return all that `rows` depends on, so that its SQL can be kept; None where that cannot be said."""
        return None

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows (DRF's name for it)."""
        return self.rows()

    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[BaseModel]:
        """Create one object per mapping, all or none."""
        raise self._read_only()

    def change_row(
        self,
        row: Any,
        values: Mapping[str, Any],
        expected_version: int | None,
    ) -> BaseModel:
        """Change one object."""
        raise self._read_only()

    def change_rows(self, pairs: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
        """Change several objects; called inside one transaction."""
        for row, values in pairs:
            self.change_row(row, values, None)

    def remove_row(self, row: Any) -> None:
        """Delete one object."""
        raise self._read_only()

    def _read_only(self) -> DomainError:
        return BadRequestError(_("This resource is read-only."))

    @property
    def caller(self) -> Any:
        """Return the logged-in user."""
        return self.request.user

    @property
    def actor(self) -> Actor:
        """Return who acts."""
        request = self.request
        request_id = getattr(request._request, "id", "")
        actor: Actor = self.caller.as_actor(channel="api", request_id=request_id)
        return actor

    # --- reading ---

    def list(self, request: Request) -> Response:
        """Return a page of rows, filtered, ordered, with the chosen fields."""
        rows = self.filterset(request.GET, self.rows()).qs.order_by(*self._ordering())
        reader = self.reader()
        if (cursor := request.GET.get("cursor")) is not None:
            return self._keyset_page(rows, reader, cursor)
        window = Window(request)
        results = self.read(reader, rows[window.offset : window.offset + window.limit + 1])
        return Response(window.envelope(request, rows, results))

    def _keyset_page(self, rows: QuerySet[Any], reader: Reader, cursor: str) -> Response:
        if not (cursor.isascii() and cursor.isdigit()):
            raise BadRequestError(_("cursor: '%s' is not one; start with cursor=0.") % cursor)
        limit = Window(self.request).limit
        page = rows.order_by("id").filter(id__gt=int(cursor))[: limit + 1]
        results = self.read(reader, page)
        following = None
        if len(results) > limit:
            del results[limit:]
            following = link_with(self.request, cursor=str(self._last_id(results)))
        return Response({"count": None, "next": following, "previous": None, "results": results})

    @staticmethod
    def _last_id(results: Sequence[Mapping[str, Any]]) -> int:
        if "id" not in results[-1]:
            raise BadRequestError(_("Paging by cursor needs the field 'id'."))
        return int(results[-1]["id"])

    def read(self, reader: Reader, rows: QuerySet[Any]) -> Records:
        """Return the rows as dicts, in their order."""
        if self.scope() is None:
            return self.completed(reader.read(rows, self.caller))
        return self.read_ids(reader, tuple(rows.values_list("pk", flat=True)))

    def read_ids(self, reader: Reader, ids: Sequence[int]) -> Records:
        """Return the visible rows with these ids as dicts, in the order of the ids where `scope` is known."""
        scope = self.scope()
        if scope is None:
            return self.completed(reader.read(self.rows().filter(pk__in=ids), self.caller))
        known = (type(self), scope)
        return self.completed(reader.read_ids(self.rows(), ids, self.caller, known))

    def completed(self, results: Records) -> Records:
        """Return the dicts with their addresses; a resource may add what takes a bulk computation."""
        base = self.request.path if self.detail is False else self._list_path()
        if results and "url" in results[0]:
            for one in results:
                one["url"] = f"{base}{one['url']}/"
        return results

    def _list_path(self) -> str:
        return self.request.path.rstrip("/").rsplit("/", 1)[0] + "/"

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one object with its ETag; 304 when the caller has it already."""
        found = self.one(pk)
        tag = etag(found["version"]) if "version" in found else ""
        if tag and request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(found, headers={"ETag": tag} if tag else None)

    def one(self, pk: str | int) -> dict[str, Any]:
        """Return one object as a dict; 404 when the user may not see it."""
        results = self.read_ids(self.reader(), [_number(pk)])
        if not results:
            raise Http404
        return results[0]

    def reader(self) -> Reader:
        """Return the compiled reader for the fields the caller asks for."""
        names = self._chosen_fields()
        return reader_for(self.serializer_class, names)  # type: ignore[arg-type]

    def _chosen_fields(self) -> tuple[str, ...] | None:
        query = self.request.GET
        known = list(_fields_of(self.serializer_class))  # type: ignore[arg-type]
        if query.get("brief") in {"true", "1"}:
            return tuple(name for name in known if name in BRIEF)
        wanted, unwanted = _names(query.getlist("fields")), _names(query.getlist("omit"))
        if unknown := [name for name in (*wanted, *unwanted) if name not in known]:
            raise BadRequestError(
                _("'%(name)s' is not a field; there is: %(known)s.")
                % {"name": unknown[0], "known": ", ".join(known)}
            )
        if not wanted and not unwanted:
            return None
        return tuple(n for n in known if (not wanted or n in wanted) and n not in unwanted)

    def _ordering(self) -> Sequence[str]:
        asked = _names(self.request.GET.getlist("ordering"))
        for name in asked:
            if name.lstrip("-") not in self.orderings:
                raise BadRequestError(
                    _("ordering: '%(name)s' is not possible; there is: %(known)s.")
                    % {"name": name, "known": ", ".join(self.orderings)}
                )
        chosen = asked or list(self.default_ordering)
        return chosen if "id" in {name.lstrip("-") for name in chosen} else [*chosen, "id"]

    # --- writing ---

    def create(self, request: Request) -> Response:
        """Create one object, or a list of them all or none."""
        body = request.data
        if isinstance(body, list):
            rows = self.create_rows(self._checked(body, many=True))
            return Response(self._created(rows), status=201)
        row = self.create_rows(self._checked([body], many=False))[0]
        found = self._created([row])[0]
        return Response(
            found, status=201, headers={"ETag": etag(row.version), "Location": found["url"]}
        )

    def _created(self, rows: Sequence[BaseModel]) -> Records:
        by_id: dict[int, dict[str, Any]] = {}
        ids = [row.pk for row in rows]
        for start in range(0, len(ids), 1000):
            reader = reader_for(self.serializer_class)  # type: ignore[arg-type]
            found = self.read_ids(reader, ids[start : start + 1000])
            by_id.update({one["id"]: one for one in found})
        return [by_id.get(pk, {"id": pk, "url": f"{self.request.path}{pk}/"}) for pk in ids]

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change fields of one object; `If-Match` refuses a version that is no longer current."""
        row = self._row(pk)
        values = self._checked([request.data], many=False, partial=True)[0]
        changed = self.change_row(row, values, expected_version(request, row))
        return Response(self.one(changed.pk), headers={"ETag": etag(changed.version)})

    def destroy(self, request: Request, pk: str) -> Response:
        """Delete one object."""
        row = self._row(pk)
        expected = expected_version(request, row)
        if expected is not None and expected != row.version:
            raise StaleVersionError(
                _("'%(row)s' is now version %(now)s, yours is %(yours)s.")
                % {"row": row, "now": row.version, "yours": expected}
            )
        self.remove_row(row)
        return Response(status=204)

    def bulk_update(self, request: Request) -> Response:
        """Change several objects, each given with its id, all or none."""
        body = _list_body(request.data)
        rows = self._rows_by_id(body)
        values = self._checked(body, many=True, partial=True)
        ids = [int(one["id"]) for one in body]
        with transaction.atomic():
            self.change_rows([(rows[pk], one) for pk, one in zip(ids, values, strict=True)])
        return Response(self._created([rows[pk] for pk in ids]))

    def bulk_destroy(self, request: Request) -> Response:
        """Delete several objects, each given as {"id": N}, all or none."""
        rows = self._rows_by_id(_list_body(request.data))
        with transaction.atomic():
            self.remove_rows(list(rows.values()))
        return Response(status=204)

    def remove_rows(self, rows: Sequence[Any]) -> None:
        """Delete several objects; called inside one transaction."""
        for row in rows:
            self.remove_row(row)

    def _row(self, pk: str) -> Any:
        return get_object_or_404(self.rows(), pk=_number(pk))

    def _rows_by_id(self, body: Sequence[Mapping[str, Any]]) -> dict[int, Any]:
        try:
            ids = [int(one["id"]) for one in body]
        except (KeyError, TypeError, ValueError):
            raise BadRequestError(_("Each object of a bulk request needs its 'id'.")) from None
        rows = {row.pk: row for row in self.rows().filter(pk__in=ids)}
        if missing := [pk for pk in ids if pk not in rows]:
            raise BadRequestError(
                _("There is no object %s here; nothing was changed.")
                % ", ".join(map(str, missing[:10]))
            )
        return rows

    def _checked(self, body: Sequence[Any], *, many: bool, partial: bool = False) -> Records:
        if len(body) > MAX_BULK:
            raise BadRequestError(_("At most %s objects in one request.") % MAX_BULK)
        known = _fields_of(self.serializer_class)  # type: ignore[arg-type]
        for one in body:
            _refuse_unknown(one, known)
        context = {
            "request": self.request,
            "references": self._references(body, known),
            "given": {name for one in body for name in one},
        }
        data = body if many else body[0]
        serializer = self.serializer_class(data=data, many=many, partial=partial, context=context)  # type: ignore[misc]
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data if many else [serializer.validated_data]

    def _references(
        self, body: Sequence[Mapping[str, Any]], known: Mapping[str, Any]
    ) -> dict[str, dict[int | str, Any]]:
        found = {}
        for name, field in known.items():
            if not isinstance(field, RefField) or field.read_only:
                continue
            keys = set()
            for one in body:
                given = one.get(name)
                for value in given if isinstance(given, list) else [given]:
                    if isinstance(value, (int, str, dict)):
                        keys.add(reference_key(value))
            if keys:
                found[name] = lookup(field, list(keys), self.request.user)
        return found


def _fields_of(
    serializer: type[serializers.Serializer[Any]],
) -> Mapping[str, serializers.Field[Any, Any, Any, Any]]:
    return serializer._declared_fields


def _refuse_unknown(one: object, known: Mapping[str, Any]) -> None:
    if not isinstance(one, Mapping):
        raise BadRequestError(_("Expected an object, got '%s'.") % (one,))
    if unknown := [name for name in one if name not in known]:
        writable = ", ".join(name for name, field in known.items() if not field.read_only)
        raise BadRequestError(
            _("'%(name)s' is not a field; there is: %(known)s.")
            % {"name": unknown[0], "known": writable},
            fields={unknown[0]: [_("Unknown field.")]},
        )


def _list_body(body: object) -> list[Any]:
    if not isinstance(body, list) or not body:
        raise BadRequestError(_("A bulk request takes a list of objects, each with its 'id'."))
    return body


def _number(pk: str | int) -> int:
    text = str(pk)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _names(values: Sequence[str]) -> list[str]:
    return [name for value in values for name in value.split(",") if name]
