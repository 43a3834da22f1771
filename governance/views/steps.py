"""The buttons of a change's page: submit, vote, start, close, withdraw."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import Crumb, FormPage
from governance.access import change_for, seats_for
from governance.models import ChangeRequest
from governance.services import (
    complete_change,
    execute_change,
    fail_change,
    submit_change,
    vote_on_seats,
    withdraw_change,
)
from governance.views.changes import ChangeStep


class Submit(ChangeStep):
    """Ask for approval."""

    done = gettext_lazy("Submitted. Those who decide see it in their queue.")

    def take(self) -> None:
        """Submit."""
        submit_change(actor=self.actor, change=self.instance, now=self.now)


class CastVote(ChangeStep):
    """Vote on the seats named in the form."""

    done = gettext_lazy("Your vote is recorded.")

    def take(self) -> None:
        """Vote."""
        sent = self.request.POST
        vote_on_seats(
            actor=self.actor,
            approvals=seats_for(self.user, self.instance, sent.getlist("seat")),
            choice=sent.get("choice", ""),
            content_hash=sent.get("content_hash", ""),
            reason=sent.get("reason", ""),
            now=self.now,
        )


class Execute(ChangeStep):
    """Begin, or learn that the approval no longer holds."""

    done = gettext_lazy("Begun. Close the change when it is done.")

    def take(self) -> None:
        """Begin; a lapsed approval is said, with what is different."""
        found = execute_change(actor=self.actor, change=self.instance, now=self.now)
        if not found.is_started:
            self.refusal = (
                _("Not begun: %s It went back to approval; the difference is shown below.")
                % found.reason
            )


class Close(ChangeStep):
    """Complete or fail, with the note."""

    done = gettext_lazy("Closed.")

    def take(self) -> None:
        """Close."""
        sent = self.request.POST
        close = fail_change if sent.get("outcome") == "failed" else complete_change
        close(actor=self.actor, change=self.instance, note=sent.get("note", ""), now=self.now)


class Withdraw(FormPage):
    """Ask before withdrawing."""

    template_name = "ui/confirm.html"
    submit_title = gettext_lazy("Withdraw")
    success_message = gettext_lazy("Withdrawn.")
    is_danger = True
    intro = gettext_lazy("What has been approved so far lapses. The record keeps the votes.")

    @property
    def change(self) -> ChangeRequest:
        """The change to be withdrawn."""
        return change_for(self.user, self.kwargs["pk"])

    def get_title(self) -> str:
        """Return the question."""
        return _("Withdraw %s?") % self.change

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way back."""
        return [Crumb(self.change.number, self.change.get_absolute_url())]

    def save(self, form: Any) -> ChangeRequest:  # noqa: ANN401
        """Withdraw."""
        return withdraw_change(actor=self.actor, change=self.change, now=self.now)
