"""The head of a change's page: what it is, where it stands, the one thing this reader can do now."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import Action, Crumb, Header, html
from governance.models import ChangeRequest
from governance.queries.page import own_steps
from governance.queries.voters import seats_waiting_for
from governance.templatetags.changes import state_chip


def change_header(request: HttpRequest, change: ChangeRequest) -> Header:
    """Return the head of a change's page."""
    chips = [state_chip(change.state)]
    if change.is_safety_relevant:
        chips.append(html.state("degraded", words=_("Touches safety")))
    kind = f"{change.get_change_model_display()} · {change.get_change_type_display()}"
    main, more = _actions(request, change)
    return Header(
        title=change.title,
        kind=kind,
        code=change.number,
        icon="git-pull-request",
        crumbs=[Crumb(_("Changes"), reverse("governance:changerequest-list"))],
        chips=chips,
        actions=main,
        more=more,
    )


def _actions(request: HttpRequest, change: ChangeRequest) -> tuple[list[Action], list[Action]]:
    at, user = now(), request.user
    steps = own_steps(user, change, at)  # type: ignore[arg-type]
    votes = seats_waiting_for(user, at=at, change=change)  # type: ignore[arg-type]
    main = [Action(_("Vote"), "#vote", "checklist", is_primary=True)] if votes else []
    for step in steps:
        if step in POSTED:
            title, icon = POSTED[step]
            url = reverse(f"governance:changerequest-{step}", args=[change.pk])
            main.append(Action(title, url, icon, is_primary=not main, method="post"))
        elif step == "complete":
            main.append(Action(_("Close"), "#close", "flag", is_primary=not main))
    more = [
        Action(title, reverse(f"governance:changerequest-{step}", args=[change.pk]), icon)
        for step, (title, icon) in LINKED.items()
        if step in steps
    ]
    return main, more


POSTED = {
    "submit": (gettext_lazy("Submit for approval"), "arrow-right"),
    "execute": (gettext_lazy("Start now"), "player-play"),
}
LINKED = {
    "edit": (gettext_lazy("Edit"), "edit"),
    "withdraw": (gettext_lazy("Withdraw"), "arrow-back-up"),
}
