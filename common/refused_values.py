"""A value the database cannot hold, found by the database itself: PostgreSQL keeps no text with a NUL character, say."""

import logging

from django.db import DataError
from django.utils.translation import gettext as _

from common.errors import DomainError

logger = logging.getLogger(__name__)


class RefusedValueError(DomainError):
    """What was sent is no value of any column."""

    code = "refused_value"


def refused_value(error: BaseException | None) -> RefusedValueError | None:
    """Return what to tell whoever sent the value; None when the error is another one."""
    if not isinstance(error, DataError):
        return None
    reason = str(error).strip().partition("\n")[0]
    logger.warning("refused_value", extra={"reason": reason})
    words = _("The database cannot hold a value of this request, nothing was changed: %s.")
    return RefusedValueError(words % reason.rstrip("."))
