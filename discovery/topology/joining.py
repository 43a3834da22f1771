"""Disjoint sets of names: who belongs together once it is known who is connected to whom."""

from collections import Counter
from collections.abc import Iterable


def check_distinct(names: Iterable[str]) -> None:
    """Raise ValueError for a name that occurs twice.

    >>> check_distinct(["sw1", "sw2", "sw1"])
    Traceback (most recent call last):
    ValueError: keys must differ; more than once: sw1
    """
    counts = Counter(names)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise ValueError(f"keys must differ; more than once: {', '.join(twice)}")


class Joined:
    """Names in sets that only grow; a set's root is its first name in order, whatever the order of joining."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}
        self._members = {name: [name] for name in self._parent}

    def root(self, name: str) -> str:
        """Return the first name of the set a name is in.

        >>> joined = Joined("abc")
        >>> joined.join("cb")
        >>> joined.root("c")
        'b'
        """
        while self._parent[name] != name:
            self._parent[name] = self._parent[self._parent[name]]
            name = self._parent[name]
        return name

    def join(self, names: Iterable[str]) -> None:
        """Make one set of the sets that these names are in."""
        roots = sorted({self.root(name) for name in names})
        for other in roots[1:]:
            self._parent[other] = roots[0]
            self._members[roots[0]] += self._members.pop(other)

    def members(self, root: str) -> list[str]:
        """Return the names of the set with this root."""
        return self._members[root]

    def groups(self) -> list[list[str]]:
        """Return all sets, each in order, in the order of their roots."""
        return [sorted(self._members[root]) for root in sorted(self._members)]
