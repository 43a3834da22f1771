"""Every model has a factory, a door, an endpoint and a ledgered write, or a written reason why not."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from common.models import BaseModel

ROOT = Path(__file__).resolve().parents[2]
OURS = ("accounts", "assets", "discovery", "evidence", "governance", "raci")
EXEMPT: dict[str, dict[str, str]] = {
    "accounts.User": {"api": "logins are administered on pages by administrators only"},
    "accounts.ApiToken": {"factory": "made by its service, which alone knows the secret"},
    "accounts.SavedFilter": {
        "factory": "made through the list page",
        "api": "a convenience of the pages",
        "door": "every user has only the own and the shared ones",
    },
    "accounts.Organisation": {},
    "assets.ItemClass": {},
    "assets.Tag": {"factory": "made through its service in tests"},
    "assets.Product": {"factory": "made through the importer in tests"},
    "assets.RedundancyGroup": {
        "api": "read and written with the relations it binds",
        "door": "reached through the visible relations",
    },
    "governance.ChangeTarget": {"api": "read and written as the targets of its change"},
    "governance.ImpactSnapshot": {
        "api": "read at its change: /api/governance/changes/ID/impact/, hidden items counted",
        "door": "reached through the visible change",
    },
    "governance.Vote": {"door": "reached through the visible seat"},
}


def our_models() -> list[type]:
    return [
        model
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if issubclass(model, BaseModel) and not model._meta.proxy
    ]


def exempt(model: type, duty: str) -> bool:
    return duty in EXEMPT.get(f"{model._meta.app_label}.{model.__name__}", {})


def api_models() -> set[str]:
    found: set[str] = set()

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                view = getattr(pattern.callback, "cls", None)
                if view is not None:
                    found.update(re.findall(r"\b[A-Z]\w+\b", Path(_file(view)).read_text()))

    walk(next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/").url_patterns)
    return found


def _file(view: type) -> str:
    return __import__(view.__module__, fromlist=["x"]).__file__


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m.__name__)
def test_a_model_has_a_factory(model):
    if exempt(model, "factory"):
        return
    text = "".join(path.read_text() for path in (ROOT / "tests/factories").glob("*.py"))
    proxies = [m.__name__ for m in apps.get_models() if m._meta.concrete_model is model]
    assert any(f"model = {name}\n" in text for name in proxies), (
        f"{model.__name__} needs a factory in tests/factories/{model._meta.app_label}.py"
    )


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m.__name__)
def test_a_model_has_a_door(model):
    if exempt(model, "door"):
        return
    app = ROOT / model._meta.app_label
    text = "".join(path.read_text() for path in [*app.glob("access.py"), *app.glob("access/*.py")])
    assert re.search(rf"\b{model.__name__}\b", text), (
        f"{model.__name__} needs a *_visible_to(user) in {model._meta.app_label}/access"
    )


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m.__name__)
def test_a_model_is_served_by_the_api(model):
    if exempt(model, "api"):
        return
    proxies = {m.__name__ for m in apps.get_models() if m._meta.concrete_model is model}
    served = api_models()
    name_in_endpoint = any(any(name in word for word in served) for name in proxies)
    assert name_in_endpoint, f"{model.__name__} has no endpoint under /api/{model._meta.app_label}/"
