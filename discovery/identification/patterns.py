"""Regular expressions that a hostile text cannot slow down: what would allow it is refused when rules are loaded."""

import re
import string
import time
from functools import lru_cache

from discovery.identification.values import MOST_TEXT

MOST_PATTERN = 300
_ESCAPED = re.compile(r"\\.")
_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{\d*,\}|\{(?:\d+,)?(?:\d{2,}|[7-9])\})")
_WIDE_REPEAT = re.compile(r"\.(?:[*+]|\{\d*,\})")
_OPEN_REPEAT = re.compile(r"[*+]|\{\d*,\}")
_WIDE_BOUNDED = re.compile(r"\.\{\d*,(\d+)\}")
_MOST_OPEN, _MOST_WIDE = 6, 120
_ATOM = re.compile(r"\\.|\[\^?\]?[^\]]*\]|[^\\\[\](){}*+?|^$.]")
_PRINTABLE = string.printable[:95]


class PatternError(ValueError):
    """A regular expression that is malformed or could be slow; the message says why."""


def safe_pattern(text: str) -> re.Pattern[str]:
    r"""Return a compiled expression. Raises PatternError.

    >>> safe_pattern(r"Version (\S+)").search("Version 7.2").group(1)
    '7.2'
    >>> safe_pattern("(a+)+b")
    Traceback (most recent call last):
    discovery.identification.patterns.PatternError: a group may be repeated six times at most, {0,6}: (a+)+b
    """
    if len(text) > MOST_PATTERN:
        raise PatternError(f"at most {MOST_PATTERN} characters")
    bare = _CLASS.sub("c", _ESCAPED.sub("e", text))
    for found, why in (
        (_REPEATED_GROUP.search(bare), "a group may be repeated six times at most, {0,6}"),
        (_WIDE_REPEAT.search(bare), "write .{0,60} instead of .* and .+"),
        (re.search(r"\\[1-9]|\(\?P=", text), "no back references"),
    ):
        if found:
            raise PatternError(f"{why}: {text}")
    if len(_OPEN_REPEAT.findall(bare.replace("(?", ""))) > _MOST_OPEN:
        raise PatternError(f"at most {_MOST_OPEN} of *, + and {{n,}}: {text}")
    if sum(int(most) for most in _WIDE_BOUNDED.findall(bare)) > _MOST_WIDE:
        raise PatternError(f"wildcards may span at most {_MOST_WIDE} characters together: {text}")
    try:
        return re.compile(text)
    except re.error as error:
        raise PatternError(f"{error}: {text}") from None


def slowest_search(pattern: re.Pattern[str], limit: float = 0.05) -> float:
    """Return the seconds of the slowest search through texts made to be slow for this expression.

    The texts grow, and the first search that takes longer than `limit` ends it: what explodes never gets far.
    """
    slowest = 0.0
    size = 8
    while size <= MOST_TEXT:
        for text in hostile_texts(pattern, size):
            slowest = max(slowest, _seconds(pattern, text))
            if slowest > limit:
                return slowest
        size += max(2, size // 4) if size < MOST_TEXT // 2 else MOST_TEXT // 2
    return slowest


def hostile_texts(pattern: re.Pattern[str], size: int) -> list[str]:
    """Return texts of a length that nearly match again and again."""
    literals = re.findall(r"[A-Za-z0-9 ]{2,}", _CLASS.sub("", pattern.pattern)) or ["a"]
    units = ["a", "A", "1", " ", "a ", "1.", "a1-", ", ", *literals, " 1.".join(literals)]
    units += [sign for sign in common_signs(pattern.pattern) if sign not in units]
    texts = [(unit * size)[:size] for unit in units]
    return [*texts, *(text[:-1] + "\u00ff" for text in texts)]


@lru_cache(maxsize=512)
def common_signs(pattern: str) -> tuple[str, ...]:
    """Return the characters that most parts of an expression take: a text of them gives it most to try.

    >>> common_signs("[q-z]+[x-z]+z+!")[0]
    'z'
    """
    parts = []
    for part in _ATOM.findall(pattern):
        try:
            parts.append(re.compile(part))
        except re.error:
            continue
    counts = {sign: sum(one.fullmatch(sign) is not None for one in parts) for sign in _PRINTABLE}
    ranked = sorted((one for one in counts if counts[one] > 1), key=lambda one: -counts[one])
    return tuple(ranked[:4])


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    before = time.perf_counter()
    pattern.search(text)
    return time.perf_counter() - before
