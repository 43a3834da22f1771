"""A question as somebody asks it in a form or over the API, before any change exists."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _

from accounts.models import User
from assets.models import ConfigurationItem
from common.errors import DomainError
from governance.choices import ChangeModel, ChangeType
from governance.queries.answers import Question


class QuestionError(DomainError):
    """The question cannot be asked like this."""


def question_from(
    user: User,
    values: Mapping[str, str],
    targets: Sequence[ConfigurationItem],
    *,
    now: datetime,
) -> Question:
    """Return the question about items the user may see; QuestionError names what is missing or wrong."""
    if not targets:
        raise QuestionError(_("Pick what is to be changed, and its impact shows here."))
    starts = moment_of(values.get("window_start_at", "")) or now
    minutes = _whole(values.get("duration_minutes", ""), default=60)
    ends = moment_of(values.get("window_end_at", "")) or starts + timedelta(minutes=minutes)
    if ends <= starts:
        raise QuestionError(_("The window must end after it starts."))
    return Question(
        target_ids=tuple(sorted(item.pk for item in targets)),
        change_type=_one_of(values.get("change_type", ""), ChangeType.values, ChangeType.FIRMWARE),
        change_model=_one_of(
            values.get("change_model", ""), ChangeModel.values, ChangeModel.NORMAL
        ),
        starts_at=starts,
        ends_at=ends,
        duration_minutes=minutes,
        is_back_out_tested=values.get("is_back_out_tested", "") in {"on", "true", "1"},
        requester_id=user.person_id,
        implementer_id=_whole(values.get("implementer", ""), default=0) or user.person_id,
        change_id=_whole(values.get("change", ""), default=0) or None,
    )


def _one_of(given: str, allowed: Sequence[str], default: str) -> str:
    if not given:
        return default
    if given not in allowed:
        raise QuestionError(
            _("'%(given)s' is not one of %(allowed)s.")
            % {"given": given, "allowed": ", ".join(allowed)}
        )
    return given


def _whole(text: str, *, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else default


def moment_of(text: str) -> datetime | None:
    """Read an ISO time; one without a zone is the plant's; None when it is none."""
    try:
        parsed = parse_datetime(text)
    except ValueError:
        parsed = None
    if parsed is not None and is_naive(parsed):
        return make_aware(parsed, get_current_timezone())
    return parsed
