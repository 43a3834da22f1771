"""The import contracts of pyproject.toml know every app: a new one cannot stand outside the house by being forgotten."""

import tomllib

import pytest
from django.apps import apps
from django.conf import settings

LINTER = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in LINTER["contracts"]}
WITHOUT_ROOMS = {"common", "config"}  # the ground, and what only puts the others together
APPS = sorted(
    {
        config.name.partition(".")[0]
        for config in apps.get_app_configs()
        if (settings.BASE_DIR / config.name.partition(".")[0]).is_dir()
    }
)
PRIVATE = ("views", "forms", "tasks", "api")


@pytest.mark.parametrize("app", APPS)
def test_every_app_stands_on_a_floor(app: str) -> None:
    assert app in LINTER["root_packages"]
    assert app in CONTRACTS["floors"]["layers"]


@pytest.mark.parametrize("app", sorted(set(APPS) - WITHOUT_ROOMS))
def test_every_app_has_rooms_and_keeps_some_to_itself(app: str) -> None:
    folder = settings.BASE_DIR / app
    private = {
        name for name in PRIVATE if (folder / name).exists() or (folder / f"{name}.py").exists()
    }
    assert app in CONTRACTS["rooms"]["containers"]
    assert set(CONTRACTS[f"private-{app}"]["protected_modules"]) == {
        f"{app}.{name}" for name in private
    }


def test_no_contract_looks_away() -> None:
    assert CONTRACTS["rooms"]["exhaustive"]
    assert not [contract for contract in CONTRACTS.values() if contract.get("ignore_imports")]
