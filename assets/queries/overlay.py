"""The effect of a change laid over a drawing: a state per item, whoever looks at it."""

from django.utils.translation import gettext as _

from assets.graph.impact import impact
from assets.queries.live_graph import current_graph


def rings_of(item_id: int, change_type: str) -> dict[int, str]:
    """Return {item: state} of everything a change to one item hits."""
    answer = impact(current_graph(), [item_id], change_type)
    return {pk: state.label for pk, state in answer.states().items()}


def change_words() -> list[tuple[str, str]]:
    """Return the change types in words, the most common question first."""
    return [
        ("power_off", _("Power off")),
        ("reboot", _("Reboot")),
        ("firmware", _("Firmware update")),
        ("configuration", _("Configuration change")),
        ("open_port", _("Open a port")),
        ("schema", _("Data schema change")),
    ]
