"""One's own profile: who one is, API tokens (the secret is shown once)."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import tokens_of
from accounts.forms import TokenForm
from accounts.services.tokens import create_token, revoke_token
from common.pages import Page


class Profile(Page):
    """Who one is and one's tokens."""

    title = _("Profile")
    template_name = "accounts/profile.html"

    def content(self) -> dict[str, Any]:
        """Return the tokens and the form for a new one."""
        return {"tokens": tokens_of(self.user), "form": TokenForm(), "now": self.now}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a token and show its secret this once."""
        form = TokenForm(request.POST)
        if not form.is_valid():
            return self._answer(form=form, status=422)
        until = form.cleaned_data["expires_at"]
        ends = timezone.make_aware(datetime.combine(until, time.max)) if until else None
        _token, secret = create_token(
            actor=self.actor,
            user=self.user,
            name=form.cleaned_data["name"],
            is_read_only=form.cleaned_data["is_read_only"],
            expires_at=ends,
            now=self.now,
        )
        return self._answer(secret=secret)

    def _answer(self, *, status: int = 200, **extra: Any) -> HttpResponse:  # noqa: ANN401
        context = {**self.get_context_data(), **extra}
        response: HttpResponse = self.render_to_response(context, status=status)
        response["Cache-Control"] = "no-store"
        return response


class RevokeToken(Page):
    """End one of one's tokens."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revoke it."""
        token = get_object_or_404(tokens_of(self.user), pk=pk)
        revoke_token(actor=self.actor, token=token, now=self.now)
        messages.success(request, _("The token no longer works."))
        return HttpResponseRedirect(reverse("accounts:profile"))
