"""Who has which rights where."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from guardian.models import UserObjectPermission

from assets.models import ConfigurationItem, Location, Zone


@dataclass(frozen=True)
class GrantLine:
    """A user's rights on one node."""

    user: Any
    node: Any
    kind: str
    rights: list[str]


def all_grants() -> list[GrantLine]:
    """Return every user's rights on scope nodes, by user (four queries)."""
    models = {"location": Location, "zone": Zone, "system": ConfigurationItem}
    types = ContentType.objects.get_for_models(*models.values())
    kinds = {types[model].pk: kind for kind, model in models.items()}
    rows = UserObjectPermission.objects.filter(content_type_id__in=kinds).select_related(
        "user", "permission"
    )
    grouped: dict[tuple[Any, int, int], list[str]] = defaultdict(list)
    for row in rows:
        grouped[row.user, row.content_type_id, int(row.object_pk)].append(row.permission.codename)
    nodes = _nodes(models, kinds, grouped)
    lines = [
        GrantLine(user, nodes[kinds[type_id], pk], kinds[type_id], sorted(rights))
        for (user, type_id, pk), rights in grouped.items()
        if (kinds[type_id], pk) in nodes
    ]
    return sorted(lines, key=lambda line: (str(line.user), str(line.node)))


def _nodes(models: Any, kinds: Any, grouped: Any) -> dict[tuple[str, int], Any]:  # noqa: ANN401
    found: dict[tuple[str, int], Any] = {}
    for kind, model in models.items():
        ids = [pk for _user, type_id, pk in grouped if kinds[type_id] == kind]
        found.update({(kind, row.pk): row for row in model._default_manager.filter(pk__in=ids)})
    return found
