"""Items that the simulated network answers for have its loopback addresses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from demo_plant.book import Plant

DEVICES = Path(__file__).resolve().parents[2] / "demo" / "network" / "devices.yaml"


def write_addresses(plant: Plant) -> None:
    """Give each asset that is simulated the address at which it is."""
    for code, device in yaml.safe_load(DEVICES.read_text("utf-8"))["devices"].items():
        if code in plant.items and "address" in device:
            plant.items[code]["network_address"] = device["address"]
