"""Which layer of a map each sign stands in: a network by its distance from the core, data by where it flows to."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence

#: More layers than this do not fit beside each other on a page.
DEEPEST = 4
#: A core switch has at least this part of the links of the best connected one.
CORE_SHARE, MOST_CORES = 0.6, 3
#: And all others together are at most so much farther from it than from the most central one.
NEARLY = 1.12

Pair = tuple[str, str]


def depths_from_core(
    keys: Sequence[str], pairs: Iterable[Pair], *, cores: Collection[str] = ()
) -> dict[str, int]:
    """Return how many links each key is away from the core, DEEPEST at most.

    Without `cores` they are the best connected ones of each connected part, or its middle when too many are alike.

    >>> depths_from_core(["a", "b", "c"], [("a", "b"), ("b", "c")])
    {'b': 0, 'a': 1, 'c': 1}
    """
    beside = _beside(pairs)
    found: dict[str, int] = {}
    for part in _parts(keys, beside):
        roots = [key for key in part if key in cores] or _cores(part, beside)
        waiting = deque((root, 0) for root in roots)
        while waiting:
            key, depth = waiting.popleft()
            if key in found:
                continue
            found[key] = min(depth, DEEPEST)
            waiting.extend((other, depth + 1) for other in beside[key] if other not in found)
    return found


def _beside(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    beside: dict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)
    return beside


def _parts(keys: Iterable[str], beside: Mapping[str, Sequence[str]]) -> Iterable[list[str]]:
    seen: set[str] = set()
    for first in keys:
        if first in seen:
            continue
        part, waiting = [], deque([first])
        seen.add(first)
        while waiting:
            key = waiting.popleft()
            part.append(key)
            for other in beside.get(key, ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        yield part


def _cores(part: Sequence[str], beside: Mapping[str, Sequence[str]]) -> list[str]:
    degrees = {key: len(set(beside.get(key, ()))) for key in part}
    most = max(degrees.values())
    busy = [key for key in part if degrees[key] >= max(2, CORE_SHARE * most)]
    far = {key: sum(_distances(key, beside).values()) for key in busy[: 3 * MOST_CORES]}
    alike = [key for key in far if far[key] <= NEARLY * min(far.values())]
    if alike and len(alike) <= MOST_CORES:
        return alike
    return [min(part, key=lambda key: (max(_distances(key, beside).values()), -degrees[key], key))]


def _distances(start: str, beside: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return how many links each reachable key is away."""
    found, waiting = {start: 0}, deque([start])
    while waiting:
        key = waiting.popleft()
        for other in beside.get(key, ()):
            if other not in found:
                found[other] = found[key] + 1
                waiting.append(other)
    return found


def stages(keys: Sequence[str], pairs: Iterable[Pair], *, most: int = DEEPEST) -> dict[str, int]:
    """Return the stage of each key so that most data flows from lower to higher ones, stage `most` at most.

    Loops are broken where the fewest flows run backwards (Eades, Lin and Smyth 1993); a key that only feeds others
    stands just before the first of them.

    >>> stages(["erp", "mes", "plc"], [("plc", "mes"), ("mes", "erp")])
    {'erp': 2, 'mes': 1, 'plc': 0}
    """
    flows = sorted({(one, other) for one, other in pairs if one != other})
    rank = {key: place for place, key in enumerate(_least_backwards(keys, flows))}
    feeders: dict[str, list[str]] = defaultdict(list)
    fed: dict[str, list[str]] = defaultdict(list)
    for one, other in flows:
        if rank[one] < rank[other]:
            feeders[other].append(one)
            fed[one].append(other)
    level: dict[str, int] = {}
    order = sorted(keys, key=rank.__getitem__)
    for key in order:
        level[key] = max((level[one] + 1 for one in feeders[key]), default=0)
    for key in reversed(order):
        after = [level[one] for one in fed[key]]
        if after and not feeders[key]:
            level[key] = max(level[key], min(after) - 1)
    deepest = max(level.values(), default=0)
    shrink = min(1.0, most / deepest) if deepest else 1.0
    return {key: round(level[key] * shrink) for key in keys}


def _least_backwards(keys: Sequence[str], flows: Sequence[Pair]) -> list[str]:
    """Return an order in which few flows run backwards: sinks last, sources first, else who gives most."""
    left = dict.fromkeys(sorted(keys))
    gives: dict[str, set[str]] = defaultdict(set)
    takes: dict[str, set[str]] = defaultdict(set)
    for one, other in flows:
        gives[one].add(other)
        takes[other].add(one)
    first: list[str] = []
    last: list[str] = []
    while left:
        sink = next((key for key in left if not gives[key] & left.keys()), None)
        source = next((key for key in left if not takes[key] & left.keys()), None)
        if sink is not None:
            last.append(sink)
            del left[sink]
        elif source is not None:
            first.append(source)
            del left[source]
        else:
            most = max(
                left,
                key=lambda key: len(gives[key] & left.keys()) - len(takes[key] & left.keys()),
            )
            first.append(most)
            del left[most]
    return [*first, *reversed(last)]
