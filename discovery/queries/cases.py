"""A question as a person decides it: the device beside each item it may be, what speaks for and against, the answers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from assets.access import visible_item_ids
from assets.models import ConfigurationItem
from common.errors import NotAllowedError
from discovery.access import merges_visible_to, require_answer
from discovery.choices import CaseDecision, CaseKind, CaseState
from discovery.models import Case, Merge
from discovery.queries.case_words import against_in_words, consequence, key_in_words
from discovery.queries.comparison import Compared, comparison_of, device_name, field_title
from discovery.rules.answers import ANSWERS, NEEDS_ITEM
from discovery.rules.comparing import is_safe_to_accept


@dataclass(frozen=True, slots=True)
class Candidates:
    """The items a question is about, as far as the reader may see them: (id, name) pairs, and how many more."""

    shown: tuple[tuple[int, str], ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer a reader can give: what follows, and for which items."""

    value: str
    label: str
    consequence: str
    items: Sequence[ConfigurationItem] = ()


@dataclass(frozen=True)
class CaseView:
    """A question as one reader sees it."""

    case: Case
    device: str
    candidates: Sequence[ConfigurationItem]
    hidden: int
    rows: Sequence[Compared]
    keys: Sequence[tuple[str, str]]
    against: str
    answers: Sequence[Answer] = ()
    why_not: str = ""
    merges: Sequence[Merge] = field(default_factory=tuple)
    field_title: str = ""
    is_item_shown: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether it waits for an answer."""
        return self.case.state == CaseState.OPEN

    @property
    def item_choices(self) -> list[ConfigurationItem]:
        """Return the items that an answer can name."""
        named = {one.pk: one for answer in self.answers for one in answer.items}
        return list(named.values())

    @property
    def shows_values(self) -> bool:
        """Return whether the stored value may be shown: it is that of an item the reader sees."""
        return self.case.kind == CaseKind.VALUE and not self.hidden


def case_view(user: User, case: Case) -> CaseView:
    """Return a question with what this reader may see and do."""
    rows = case.candidates.select_related(
        "item_class", "location", "zone", "system", "product__vendor"
    )
    items = {one.pk: one for one in rows.order_by("name", "pk")}
    shown = visible_item_ids(user, list(items))
    candidates = [one for pk, one in items.items() if pk in shown]
    device = device_name(case.observation)
    merges = merges_visible_to(user).filter(case=case).select_related("kept", "gone")
    answers, why_not = _answers(user, case, candidates, device)
    return CaseView(
        case=case,
        device=device,
        candidates=candidates,
        hidden=len(items) - len(candidates),
        rows=comparison_of(case.observation, candidates),
        keys=[key_in_words(case, kind, value) for kind, value in case.keys],
        against=against_in_words(case),
        answers=answers,
        why_not=why_not,
        merges=list(merges),
        field_title=field_title(case.field),
        is_item_shown=bool(visible_item_ids(user, {case.observation.item_id or 0})),
    )


def _answers(
    user: User, case: Case, candidates: Sequence[ConfigurationItem], device: str
) -> tuple[list[Answer], str]:
    """Return the answers this reader can give, and why there is none."""
    if case.state != CaseState.OPEN:
        return [], ""
    found, refused = [], ""
    standing = _not_merged_away(candidates)
    for decision in CaseDecision:
        if decision not in ANSWERS[case.kind]:
            continue
        if decision == CaseDecision.MERGE and len(standing) < 2:
            continue
        try:
            items = _possible(user, case, decision, standing)
        except NotAllowedError as error:
            refused = refused or str(error)
            continue
        words = consequence(case, decision, device=device, field=field_title(case.field))
        found.append(Answer(decision.value, str(decision.label), words, items))
    return found, "" if found else refused


def _possible(
    user: User, case: Case, decision: str, items: Sequence[ConfigurationItem]
) -> list[ConfigurationItem]:
    """Return for which items a reader can give an answer; NotAllowedError when for none."""
    if decision not in NEEDS_ITEM:
        require_answer(user, case, decision)
        return []
    found, refused = [], None
    for item in items:
        try:
            require_answer(user, case, decision, item)
        except NotAllowedError as error:
            refused = error
        else:
            found.append(item)
    if refused is not None and not found:
        raise refused
    if not found:
        require_answer(user, case, CaseDecision.IGNORE)
    return found


def _not_merged_away(items: Sequence[ConfigurationItem]) -> list[ConfigurationItem]:
    away = set(Merge.objects.filter(gone__in=items, undone_at=None).values_list("gone", flat=True))
    return [one for one in items if one.pk not in away]


def candidates_of(user: User, case_ids: Iterable[int]) -> Mapping[int, Candidates]:
    """Return the items of several questions, in two queries."""
    through = Case.candidates.through
    pairs = list(
        through.objects.filter(case__in=list(case_ids))
        .order_by("configurationitem__name", "pk")
        .values_list("case_id", "configurationitem_id", "configurationitem__name")
    )
    shown = visible_item_ids(user, {item for _case, item, _name in pairs})
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    hidden: dict[int, int] = defaultdict(int)
    for case, item, name in pairs:
        if item in shown:
            found[case].append((item, name))
        else:
            hidden[case] += 1
    return {case: Candidates(tuple(found[case]), hidden[case]) for case, _item, _name in pairs}


def safe_to_accept(user: User, cases: Collection[Case]) -> list[Case]:
    """Return the questions about values whose seen value this reader can take without looking at each."""
    return [case for case in cases if _is_safe(user, case)]


def _is_safe(user: User, case: Case) -> bool:
    if case.kind != CaseKind.VALUE or case.state != CaseState.OPEN:
        return False
    item = case.candidates.first()
    if item is None:
        return False
    held = getattr(item, case.field)
    if not is_safe_to_accept(case.field, held_now=str(held or ""), held_then=case.stored_value):
        return False
    return may_answer(user, case, CaseDecision.ACCEPT)


def may_answer(user: User, case: Case, decision: str) -> bool:
    """Tell whether a reader can give an answer that names no item."""
    try:
        require_answer(user, case, decision)
    except NotAllowedError:
        return False
    return True
