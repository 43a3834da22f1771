"""Identification rules of this site: read by who discovers anywhere, written by who holds the right."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import NotAllowedError
from common.jobs import jobs_visible_to
from common.models import Job
from common.registries import words_of_right
from discovery.access.places import may_discover_somewhere
from discovery.models import SiteRule

EDIT_RULES = "discovery.edit_identification_rules"


def may_read_rules(user: User) -> bool:
    """Tell whether the user may read how devices are identified: who discovers anywhere, or edits the rules."""
    return user.is_active and (may_discover_somewhere(user) or may_edit_rules(user))


def may_edit_rules(user: User) -> bool:
    """Tell whether the user may add and change rules, which count at every place."""
    return user.has_perm(EDIT_RULES)


def require_rule_reading(user: User) -> None:
    """Refuse who may not read how devices are identified."""
    if not may_read_rules(user):
        raise NotAllowedError(
            _("It takes the right 'run_discovery' on a location to read identification rules.")
        )


def require_rule_editing(user: User) -> None:
    """Refuse who may not add and change rules."""
    if not may_edit_rules(user):
        raise NotAllowedError(
            _("It takes the right %s to write identification rules. An administrator can grant it.")
            % words_of_right(EDIT_RULES)
        )


def site_rules_visible_to(user: User) -> QuerySet[SiteRule]:
    """Return the rules of this site, for who may read rules."""
    return SiteRule.objects.all() if may_read_rules(user) else SiteRule.objects.none()


def site_rule_for(user: User, pk: int) -> SiteRule:
    """Return a rule of this site; 404 for who may not read rules."""
    return get_object_or_404(site_rules_visible_to(user).select_related("author"), pk=pk)


def identification_job_for(user: User, pk: int) -> Job:
    """Return a job that identifies devices again, of who started it; 404 otherwise."""
    return get_object_or_404(jobs_visible_to(user), name="discovery.identify_again", pk=pk)
