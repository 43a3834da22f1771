"""The resolver's answer: who, acting for whom, and how that was found."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from raci.choices import FindingKind, Letter, ScopeKind


@dataclass(frozen=True, slots=True)
class PartyRef:
    """A role, person or team, as shown. `kind` is role, person or team."""

    kind: str
    id: int
    code: str
    name: str

    @property
    def key(self) -> str:
        """Return the stable key a colour hangs on."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer was found: the rule, where it was inherited from, which holder, why a deputy.

    `is_direct` tells that the rule names the item itself. `by` is holder, deputy, parent_team or
    escalation; `problem` a FindingKind or ""; `path` everyone tried, in order.
    """

    assignment_id: int
    matrix_id: int
    matrix: str
    activity_code: str
    activity: str
    is_activity_inherited: bool
    effect: str
    scope_kind: str
    scope_id: int
    scope: str
    is_direct: bool
    selector: str
    valid_from: date
    holding_id: int | None = None
    holding_location: str = ""
    holding_from: date | None = None
    by: str = "holder"
    problem: str = ""
    path: tuple[PartyRef, ...] = ()
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One party with a letter: what the matrix names, who holds it here, who acts at that moment."""

    letter: str
    assigned: PartyRef
    holder: PartyRef | None
    acting: PartyRef | None
    trace: Trace

    @property
    def owner(self) -> PartyRef:
        """Return the party to show as owner: the declared holder, else the role nobody holds."""
        return self.holder or self.assigned

    @property
    def label(self) -> str:
        """Return the name to show first: who acts, else what was assigned."""
        return self.acting.name if self.acting else self.assigned.name

    @property
    def steps(self) -> list[str]:
        """Return the trace as sentences, in the order it was found."""
        return [
            self._rule_step(),
            self._scope_step(),
            *self._holder_steps(),
        ]

    def _rule_step(self) -> str:
        trace = self.trace
        sentence = _("%(matrix)s: %(letter)s for %(party)s on “%(activity)s”, since %(day)s.") % {
            "matrix": trace.matrix,
            "letter": Letter(self.letter).label,
            "party": self.assigned.name,
            "activity": trace.activity,
            "day": _day(trace.valid_from),
        }
        if trace.is_activity_inherited:
            sentence += " " + _("Inherited from the activity above.")
        return sentence

    def _scope_step(self) -> str:
        trace = self.trace
        if trace.is_direct:
            text = _("Set on this item.")
        elif trace.scope_kind == ScopeKind.ENTERPRISE:
            text = _("Inherited from the whole enterprise.")
        else:
            kind = ScopeKind(trace.scope_kind).label.lower()
            text = _("Inherited from %(kind)s %(scope)s.") % {"kind": kind, "scope": trace.scope}
        return f"{text} {_('Only for %s.') % trace.selector}" if trace.selector else text

    def _holder_steps(self) -> list[str]:
        trace, steps = self.trace, []
        if self.assigned.kind == "role" and self.holder:
            steps.append(
                _("%(role)s at %(place)s is %(holder)s since %(day)s.")
                % {
                    "role": self.assigned.name,
                    "place": trace.holding_location or _("every location"),
                    "holder": self.holder.name,
                    "day": _day(trace.holding_from) if trace.holding_from else "?",
                }
            )
        if trace.problem:
            steps.append(f"{FindingKind(trace.problem).label}.")
        if trace.by != "holder":
            steps.append(self._stand_in_step())
        return steps

    def _stand_in_step(self) -> str:
        tried = " → ".join(party.name for party in self.trace.path)
        if self.acting is None:
            return _("Nobody is left to act: %s.") % tried
        reasons = {
            "deputy": _("%(acting)s acts as deputy %(until)s: %(tried)s."),
            "parent_team": _("%(acting)s acts as the team above: %(tried)s."),
            "escalation": _("%(acting)s acts by escalation: %(tried)s."),
        }
        return reasons[self.trace.by] % {
            "acting": self.acting.name,
            "until": self._until(),
            "tried": tried,
        }

    def _until(self) -> str:
        # Why somebody is away is their own business; until when is everybody's.
        away_until = self.trace.away_until
        return _("until %s") % _day(away_until) if away_until else _("until further notice")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an answer, about the parties in `parties`."""

    kind: FindingKind
    letter: str
    parties: tuple[PartyRef, ...] = ()

    @property
    def sentence(self) -> str:
        """Return the finding as a person says it."""
        names = ", ".join(party.name for party in self.parties)
        return f"{self.kind.label}: {names}" if names else str(self.kind.label)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who answers for an item (0: a location) in one activity at one moment.

    `accountable` is None when nobody is, and when several are: then they are the `contenders`.
    """

    item_id: int
    activity_code: str
    at: datetime
    accountable: Answer | None = None
    contenders: tuple[Answer, ...] = ()
    responsible: tuple[Answer, ...] = ()
    consulted: tuple[Answer, ...] = ()
    informed: tuple[Answer, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_unowned(self) -> bool:
        """Whether no rule makes anybody accountable."""
        return self.accountable is None and not self.contenders

    @property
    def is_tied(self) -> bool:
        """Whether several parties are accountable with equal right."""
        return bool(self.contenders)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return every answer, A first; contenders of a tie included."""
        accountable = (self.accountable,) if self.accountable else self.contenders
        return (*accountable, *self.responsible, *self.consulted, *self.informed)


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
