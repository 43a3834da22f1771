"""The demonstration: its plant, its matrices in force, its board and its people with logins."""

from config.demonstration.changes import tell_stories
from config.demonstration.logins import DemoLogin, make_logins
from config.demonstration.networks import add_networks, set_by_hand
from config.demonstration.plant import load_plant, put_in_force

__all__ = [
    "DemoLogin",
    "add_networks",
    "load_plant",
    "make_logins",
    "put_in_force",
    "set_by_hand",
    "tell_stories",
]
