"""The changes a newcomer finds: drafted, waiting, decided and carried out through the ordinary services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from assets.models import ConfigurationItem
from common.actor import Actor
from governance.choices import VoteChoice
from governance.models import ChangeRequest
from governance.queries.voters import seats_waiting_for
from governance.services import (
    complete_change,
    draft_change,
    execute_change,
    fail_change,
    submit_change,
    vote_on_seats,
)


@dataclass(frozen=True)
class Story:
    """One change of the demonstration and what became of it.

    `starts` is when its window opens, in hours from now. `votes` are (username, choice, reason).
    """

    title: str
    target: str
    change_type: str
    starts: float
    reason: str
    plan: str
    back_out: str
    is_tested: bool = True
    minutes: int = 30
    is_submitted: bool = True
    votes: Sequence[tuple[str, str, str]] = ()
    completed: str = ""
    failed: str = ""


YES = VoteChoice.APPROVE
STORIES = (
    Story(
        "Drive firmware of the PET 2 line panel",
        "NF-FIL-L2-HMI01",
        "firmware",
        -1,
        "The panel loses its trend pages after a week.",
        "Load the image from the engineering station, restart, check the alarms page.",
        "Restore the panel's backup from the memory card.",
        votes=(("kenji", YES, ""),),
        completed="Done in 20 minutes between two batches; the trends hold.",
    ),
    Story(
        "Restart of the second PI data archive",
        "NF-HIS-VM02",
        "reboot",
        -1,
        "Its memory grows since the last update.",
        "Stop the archive subsystem, reboot, wait for the buffer to drain.",
        "Fail over to archive 1 and leave archive 2 off.",
        votes=(("helena", YES, ""),),
        failed="The archive did not come back on its own: started by hand after 50 minutes, no data lost.",
    ),
    Story(
        "New recipe parameters in the PET 1 line controller",
        "NF-FIL-L1-PLC01",
        "configuration",
        120,
        "The 0.33 l bottle starts in two weeks.",
        "Download the parameter block at the end of the late shift, run ten bottles.",
        "Download the previous block; it is in the project archive.",
        votes=(("kenji", YES, "Late shift is informed."),),
    ),
    Story(
        "Table change in the historian for the energy project",
        "S-NF-HIST",
        "schema",
        72,
        "The energy project wants its meters in the same tables.",
        "Add the columns, restart the interface nodes one by one.",
        "Drop the columns.",
        votes=(("helena", VoteChoice.REJECT, "Not before the reports were tried on the copy."),),
    ),
    Story(
        "Firmware of the can line controller",
        "NF-FIL-L3-PLC01",
        "firmware",
        96,
        "Closes a published vulnerability of its web server.",
        "Load the image after the early shift, restart, run a hundred cans.",
        "Load the previous image; nobody has tried that on this controller.",
        is_tested=False,
        minutes=45,
    ),
    Story(
        "Update of MES application server 1",
        "NF-MES-APP01",
        "reboot",
        48,
        "Monthly security update.",
        "Drain it from the load balancer, install, reboot, put it back.",
        "Restore the snapshot taken before.",
    ),
    Story(
        "Open the port for the new vision system",
        "NF-FIL-ASW03",
        "open_port",
        168,
        "The vision system of the can line sends pictures to the quality server.",
        "Add the rule, test from the camera.",
        "Remove the rule.",
        is_submitted=False,
    ),
)


def tell_stories(*, now: datetime) -> list[str]:
    """Write the stories down as the engineer's changes, once; return what was done.

    Needs the logins: without them nobody can ask or decide.
    """
    users = {user.username: user for user in User.objects.select_related("person")}
    if "engineer" not in users or ChangeRequest.objects.exists():
        return []
    with transaction.atomic():
        for story in STORIES:
            _tell(story, users, now)
    return [f"{len(STORIES)} changes in all states"]


def _tell(story: Story, users: dict[str, User], now: datetime) -> None:
    asking = _actor(users["engineer"])
    change = _draft(story, asking, now)
    if not story.is_submitted:
        return
    change = submit_change(actor=asking, change=change, now=now)
    for username, choice, reason in story.votes:
        voter = users[username]
        seats = [w.approval for w in seats_waiting_for(voter, at=now, change=change)]
        change.refresh_from_db()
        vote_on_seats(
            actor=_actor(voter),
            approvals=seats,
            choice=choice,
            content_hash=change.content_hash,
            now=now,
            reason=reason,
        )
    if story.completed or story.failed:
        execute_change(actor=asking, change=change, now=now)
    if story.completed:
        complete_change(actor=asking, change=change, note=story.completed, now=now)
    if story.failed:
        fail_change(actor=asking, change=change, note=story.failed, now=now)


def _draft(story: Story, asking: Actor, now: datetime) -> ChangeRequest:
    hour = now.replace(minute=0, second=0, microsecond=0)
    starts = hour + timedelta(hours=story.starts)
    return draft_change(
        actor=asking,
        targets=[ConfigurationItem.objects.get(code=story.target)],
        values={
            "title": story.title,
            "change_type": story.change_type,
            "reason": story.reason,
            "window_start_at": starts,
            "window_end_at": starts + timedelta(hours=4),
            "duration_minutes": story.minutes,
            "plan": story.plan,
            "back_out_plan": story.back_out,
            "is_back_out_tested": story.is_tested,
        },
        now=now,
    )


def _actor(user: User) -> Actor:
    return user.as_actor(channel="cli", request_id="demonstration")
