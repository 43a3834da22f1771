"""The states of a change and who moves it from one to the next."""

from collections.abc import Mapping
from types import MappingProxyType

#: action -> (states it starts from, state it leads to)
TRANSITIONS: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "submit": (frozenset({"draft"}), "submitted"),
        "approve": (frozenset({"submitted"}), "approved"),
        "reject": (frozenset({"submitted"}), "rejected"),
        "edit": (frozenset({"draft", "submitted", "approved", "rejected"}), "draft"),
        "lapse": (frozenset({"approved", "submitted"}), "submitted"),
        "withdraw": (frozenset({"draft", "submitted", "approved", "rejected"}), "withdrawn"),
        "execute": (frozenset({"approved"}), "executing"),
        "complete": (frozenset({"executing"}), "completed"),
        "fail": (frozenset({"executing"}), "failed"),
    }
)
#: An emergency is carried out while its approval is still being sought.
EMERGENCY_START = frozenset({"submitted"})
FINAL = frozenset({"completed", "failed", "withdrawn"})


def starts_from(action: str, *, is_emergency: bool = False) -> frozenset[str]:
    """Return the states an action is possible in.

    >>> sorted(starts_from("execute"))
    ['approved']
    >>> sorted(starts_from("execute", is_emergency=True))
    ['approved', 'submitted']
    """
    states = TRANSITIONS[action][0]
    return states | EMERGENCY_START if action == "execute" and is_emergency else states


def is_possible(action: str, state: str, *, is_emergency: bool = False) -> bool:
    """Tell whether an action is possible in a state; an unknown action never is.

    >>> is_possible("execute", "draft"), is_possible("approve", "submitted")
    (False, True)
    >>> is_possible("wave through", "submitted")
    False
    """
    return action in TRANSITIONS and state in starts_from(action, is_emergency=is_emergency)


def leads_to(action: str) -> str:
    """Return the state an action ends in.

    >>> leads_to("complete")
    'completed'
    """
    return TRANSITIONS[action][1]
