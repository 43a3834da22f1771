"""What a lower floor needs from above is announced here, in AppConfig.ready(): tabs, sections, sources.

Explicit lists, one for each kind of thing; each refuses a second entry of a name.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar


class Named(Protocol):
    """Anything a registry holds has a name."""

    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


class Registry(Generic[Entry]):
    """An ordered list of named entries.

    >>> tabs = Registry[PageTab]("tabs")
    >>> _ = tabs.add(PageTab(name="history", title="History", subject="asset", url_name="x", order=9))
    >>> [tab.name for tab in tabs]
    ['history']
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> Entry:
        """Register an entry; a second one of the same name is a programming error."""
        if entry.name in self._entries:
            raise ValueError(f"{self.title}: '{entry.name}' is registered twice")
        self._entries[entry.name] = entry
        return entry

    def get(self, name: str) -> Entry:
        """Return the entry of that name; KeyError names what exists."""
        try:
            return self._entries[name]
        except KeyError:
            known = ", ".join(sorted(self._entries))
            raise KeyError(f"{self.title}: no '{name}'; there is: {known}") from None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __contains__(self, name: str) -> bool:
        return name in self._entries


@dataclass(frozen=True)
class PageTab:
    """A tab on an object page. `subject` is asset, system, location, person...; the URL takes `pk`.

    `visible(user, instance)` leaves it out where it would be empty.
    """

    name: str
    title: Any
    subject: str
    url_name: str
    order: int = 50
    count: Callable[[Any, Any], int | None] | None = None
    visible: Callable[[Any, Any], bool] | None = None


@dataclass(frozen=True)
class SearchSource:
    """A kind of thing the global search finds: `find(user, text, limit)` yields SearchHits."""

    name: str
    title: Any
    find: Callable[[Any, str, int], "list[SearchHit]"]
    order: int = 50


@dataclass(frozen=True)
class SearchHit:
    """One line of a search answer."""

    label: str
    url: str
    detail: str = ""
    icon: str = "circle"


@dataclass(frozen=True)
class EvidenceSection:
    """A section of an evidence pack: `collect(scope)` returns canonical-JSON-able data."""

    name: str
    title: Any
    collect: Callable[[Any], dict[str, Any]]
    order: int = 50


page_tabs: Registry[PageTab] = Registry("page tabs")
search_sources: Registry[SearchSource] = Registry("search sources")
evidence_sections: Registry[EvidenceSection] = Registry("evidence sections")


@dataclass(frozen=True)
class HealthCheck:
    """One thing the site needs to do its work: `check(now)` returns a word on it, or raises.

    One that `needs_database` is not asked while that is away: each would wait for it in its turn.
    """

    name: str
    check: Callable[[datetime], str]
    needs_database: bool = False


@dataclass(frozen=True)
class Gauge:
    """A figure for Prometheus, read at the scrape: `read` yields (label values, value) pairs."""

    name: str
    help: str
    read: Callable[[], Iterable[tuple[tuple[str, ...], float]]]
    labels: tuple[str, ...] = ()


health_checks: Registry[HealthCheck] = Registry("health checks")
gauges: Registry[Gauge] = Registry("gauges")


@dataclass(frozen=True)
class LedgerScopes:
    """How far a user sees into the ledger, by the location paths that entries carry.

    `reach(user)` returns (sees everything, paths); `nodes(user)` the (path, label) pairs a pack may be about.
    """

    name: str
    reach: Callable[[Any], tuple[bool, tuple[str, ...]]]
    nodes: Callable[[Any], list[tuple[str, str]]]


ledger_scopes: Registry[LedgerScopes] = Registry("ledger scopes")


@dataclass(frozen=True)
class Sweep:
    """Removes what is kept for a while only: `remove(now=...)` returns how many files went."""

    name: str
    remove: Callable[..., int]


sweeps: Registry[Sweep] = Registry("sweeps")


@dataclass(frozen=True)
class SiteRight:
    """A right over the whole site, given on the form of a login: `opens` says what its holder can do then.

    `name` is its field in the form and in the ledger; `permission` is "app.codename" of the permission behind it.
    """

    name: str
    permission: str
    title: Any
    opens: Any
    order: int = 50


site_rights: Registry[SiteRight] = Registry("site rights")


def words_of_right(permission: str) -> str:
    """Return a permission as the form of a login calls it; one that is not given there by its code.

    >>> words_of_right("unheard.of")
    "'unheard.of'"
    """
    known = (right for right in site_rights if right.permission == permission)
    right = next(known, None)
    return f"'{right.title}' ({permission})" if right else f"'{permission}'"


#: Called with no argument after `manage.py restore` put another database in the place of this one.
after_restore: list[Callable[[], None]] = []
