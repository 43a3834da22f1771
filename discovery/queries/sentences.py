"""A network's policy in sentences: what may be sent, where, when, how fast and by whose consent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from discovery.choices import ScanMethod
from discovery.collectors.nmap_running import nmap_path
from discovery.models import Network
from discovery.models.networks import lines_of
from discovery.queries.collectors import collector_of, obstacle
from discovery.queries.neighbours import denied_elsewhere, overlaps_of
from discovery.queries.planning import methods_of, steps_for
from discovery.queries.policies import is_stopped, policy_of
from discovery.queries.standing import allowed_count
from discovery.rules.methods import left_out, needs_nmap
from discovery.rules.probes import Mode, Request
from discovery.rules.safety import HOST_FAILURES, Policy
from discovery.rules.windows import window_end

SENT = {
    Mode.PASSIVE: gettext_lazy(
        "Nothing is sent. What is known comes from switches and from files people bring."
    ),
    Mode.SNMP_ONLY: gettext_lazy("SNMP reads, and nothing else."),
    Mode.GENTLE: gettext_lazy(
        "SNMP reads and, where chosen, single read-only requests to named ports, one after the other."
    ),
    Mode.IT: gettext_lazy("SNMP reads and, where chosen, ports and the versions of services."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the policy: what it is about, what it says, and whether it keeps a scan from starting."""

    topic: str
    text: str
    is_in_the_way: bool = False


def policy_sentences(network: Network, *, at: datetime) -> list[Sentence]:
    """Return the policy as it stands at a moment."""
    policy = policy_of(network, at=at)
    found = [_sent(network, policy), _where(network), _protected(policy)]
    if is_stopped(network.pk):
        text = _("Discovery is stopped by hand until the order is lifted.")
        found.insert(0, Sentence(_("Kill switch"), text, is_in_the_way=True))
    found += _neighbours(network)
    if policy.mode is not Mode.PASSIVE:
        found += [*_when(policy, at), _consent(policy), _pace(policy), _care(policy)]
        found += [*_besides(network, policy), _key(network, policy)]
        found += _through(network, at)
    return found


def asked_sentences(network: Network, *, at: datetime) -> list[Sentence]:
    """Return what a consent is given to: the policy without what stands in the way and who consented."""
    passing = {_("By whose consent"), _("Kill switch"), _("From where")}
    return [one for one in policy_sentences(network, at=at) if one.topic not in passing]


def _sent(network: Network, policy: Policy) -> Sentence:
    if network.mode:
        why = _("Chosen for this network.")
    elif network.purdue_level:
        why = _("The default of Purdue level %s.") % network.purdue_level
    else:
        why = _("The default where no zone says the Purdue level: it counts as OT.")
    if policy.acting_mode is not policy.mode:
        why += " " + _("In OT nothing more is done, whatever was chosen.")
    return Sentence(_("What is sent"), f"{SENT[policy.acting_mode]} {why}")


def _besides(network: Network, policy: Policy) -> Iterator[Sentence]:
    """Yield what is asked besides SNMP, where something was chosen."""
    chosen = methods_of(network)
    if not chosen:
        return
    forbidden = left_out(policy.acting_mode, chosen)
    asked = [one for one in chosen if one not in forbidden]
    text = _listed(asked) or _("Nothing.")
    if forbidden:
        text += " " + _("Chosen, and not allowed by the mode: %s.") % _words(forbidden)
    if needs_nmap(asked) and nmap_path() is None and collector_of(network) is None:
        text += " " + _(
            "nmap is not installed on this machine; without it only SNMP and OPC UA are asked."
        )
    yield Sentence(_("Besides SNMP"), text)


def _listed(asked: Sequence[Request]) -> str:
    return f"{_words(asked)}." if asked else ""


def _words(requests: Sequence[Request]) -> str:
    return "; ".join(str(ScanMethod(one.value).label) for one in requests)


def _where(network: Network) -> Sentence:
    count = allowed_count(network)
    text = ngettext(
        "Only to %(count)s address in %(blocks)s.",
        "Only to %(count)s addresses in %(blocks)s.",
        min(count, 1_000_000),
    ) % {"count": _number(count), "blocks": ", ".join(lines_of(network.allowed_blocks))}
    if excluded := lines_of(network.excluded_blocks):
        text += " " + _("Never to %s.") % ", ".join(excluded)
    return Sentence(_("Where"), text, is_in_the_way=not count)


def _neighbours(network: Network) -> Iterator[Sentence]:
    """Say what is shared with other networks of the site, and what these keep out."""
    if denied := denied_elsewhere(network):
        text = _("Never to %s: another network of this site leaves it out, or allows less there.")
        yield Sentence(_("Kept out"), text % ", ".join(map(str, denied)))
    for one in overlaps_of(network):
        text = _("%(blocks)s is also in “%(other)s”: a device there may be scanned through both.")
        words = {"blocks": one.words, "other": one.other.name}
        yield Sentence(_("Shared"), text % words)


def _protected(policy: Policy) -> Sentence:
    flagged = policy.never_scan | policy.safety_systems
    count = sum(one in policy.targets for one in flagged)
    text = (
        ngettext(
            "%d item here is marked “never scan” or belongs to a safety system: it is never sent anything.",
            "%d items here are marked “never scan” or belong to a safety system: they are never sent anything.",
            count,
        )
        % count
        if count
        else _("No item here is marked “never scan” or belongs to a safety system.")
    )
    return Sentence(_("Left alone"), text)


def _when(policy: Policy, at: datetime) -> Iterator[Sentence]:
    if not policy.windows:
        text = _("No window is set, so nothing may be sent.") if policy.is_ot else _("At any time.")
        yield Sentence(_("When"), text, is_in_the_way=policy.is_ot)
        return
    listed = "; ".join(str(one) for one in policy.windows)
    end = window_end(policy.windows, policy.time_zone, at)
    if end is None:
        yield Sentence(
            _("When"), f"{listed}. {_('None of these is open now.')}", is_in_the_way=True
        )
    else:
        until = _("Open now, until %s.") % _moment(end)
        yield Sentence(_("When"), f"{listed}. {until}")


def _consent(policy: Policy) -> Sentence:
    topic = _("By whose consent")
    if not policy.is_ot:
        return Sentence(topic, _("None is needed outside of OT."))
    if policy.approval is None:
        text = _("Of who is accountable for changes in the zone. There is none in force.")
        return Sentence(topic, text, is_in_the_way=True)
    return Sentence(
        topic,
        _("%(who)s consented, until %(until)s.")
        % {"who": policy.approval.approver, "until": _moment(policy.approval.expires_at)},
    )


def _pace(policy: Policy) -> Sentence:
    text = _("At most %(subnet)s packets a second into a subnet, %(overall)s in all.") % {
        "subnet": _number(policy.subnet_rate),
        "overall": _number(policy.overall_rate),
    }
    if policy.gap:
        text += " " + _("At least %s s between two requests to one host.") % _number(policy.gap)
    if policy.is_ot:
        text += " " + _("One request at a time to a host, one device first of each model.")
    return Sentence(_("How fast"), text)


def _care(policy: Policy) -> Sentence:
    text = _("A host that does not answer %d times in a row is left alone.") % HOST_FAILURES
    if policy.is_ot:
        text += " " + _("%d known hosts gone silent stop the scan.") % policy.zone_failures
    return Sentence(_("When it goes wrong"), text)


def _key(network: Network, policy: Policy) -> Sentence:
    topic = _("As whom")
    if network.credential is None:
        if steps_for(network, policy):
            return Sentence(topic, _("No credential is chosen: nothing is read over SNMP."))
        return Sentence(topic, _("No credential is chosen."), is_in_the_way=True)
    credential = network.credential
    return Sentence(topic, f"{credential.name} ({credential.get_kind_display()})")


def _through(network: Network, at: datetime) -> Iterator[Sentence]:
    """Yield who sends it, where that is not the worker."""
    collector = collector_of(network)
    if collector is None:
        return
    problem = obstacle(collector, at=at)
    text = _("Through collector %s, from inside the site.") % collector.name
    yield Sentence(_("From where"), f"{text} {problem}".strip(), is_in_the_way=bool(problem))


def _number(value: float) -> str:
    shown = int(value) if float(value).is_integer() else value
    return str(number_format(shown, force_grouping=True))


def _moment(value: datetime) -> str:
    return str(date_format(localtime(value), "j M Y H:i"))
