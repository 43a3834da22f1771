"""Who acts: passed into every service, written into every ledger entry.

Services never see the request; a view, task or command builds the actor.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or machine behind a write.

    `user_id` and `person_id` are ids of accounts.User and accounts.Person (None for a machine).
    `acting_for` names the person a deputy stands in for. `channel` is web, api, cli, task or system.
    """

    label: str
    user_id: int | None = None
    person_id: int | None = None
    acting_for: str = ""
    channel: str = "system"
    request_id: str = ""

    @classmethod
    def system(cls, label: str, *, request_id: str = "") -> "Actor":
        """Return the actor for work nobody asked for by hand.

        >>> Actor.system("reaper").label
        'system: reaper'
        """
        return cls(label=f"system: {label}", request_id=request_id)

    def on_behalf_of(self, label: str) -> "Actor":
        """Return the same actor, acting for somebody else."""
        return replace(self, acting_for=label)
