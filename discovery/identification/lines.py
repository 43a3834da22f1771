"""Where a field of a rule stands in its YAML: the line a mistake is shown at, and the text of one rule of a file."""

import re
from functools import lru_cache
from typing import Any

import yaml

from discovery.identification.fields import RuleError
from discovery.identification.loading import DATA, LOADER

_STEP = re.compile(r"[^.\[\]]+")


def line_of(text: str, field: str) -> int:
    """Return the line (from 1) where a field of the first rule stands, or the nearest thing around it.

    >>> line_of("rules:\\n- name: one\\n  cut:\\n    model:\\n    - description\\n", "cut.model[0]")
    5
    """
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark.line + 1 if mark else 1
    line = node.start_mark.line + 1 if node else 1
    for step in ("rules", "0", *_STEP.findall(field)):
        found = _inside(node, step)
        if found is None:
            break
        line, node = found
    return line


def line_of_error(text: str, error: RuleError) -> int:
    """Return the line where a mistake stands."""
    return line_of(text, error.field)


def _inside(node: Any, step: str) -> tuple[int, Any] | None:  # noqa: ANN401 - a node of PyYAML
    """Return (line, node) of a key of a mapping or a place of a sequence."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        inner = node.value[int(step)]
        return inner.start_mark.line + 1, inner
    return None


def shipped_text(origin: str, name: str) -> str:
    """Return the lines of a file in `identification/data` in which a rule stands, "" when none do.

    A maker's rule is one line of a table; the rule for makers' names in descriptions is made of the whole table.
    """
    if name.startswith("enterprise-"):
        number = name.removeprefix("enterprise-")
        found = re.search(rf"^{number}:.*$", (DATA / origin).read_text(), re.MULTILINE)
        return found[0] if found else ""
    return _texts_of(origin).get(name, "")


@lru_cache(maxsize=32)
def _texts_of(origin: str) -> dict[str, str]:
    """Return the lines of every rule of a file, by its name."""
    text = (DATA / origin).read_text()
    lines, found = text.splitlines(), {}
    rules = _inside(yaml.compose(text, LOADER), "rules")
    for item in rules[1].value if rules else ():
        named = _inside(item, "name")
        end = item.end_mark.line + (1 if item.end_mark.column else 0)
        if named:
            found[named[1].value] = _without_next(lines[item.start_mark.line : end])
    return found


def _without_next(lines: list[str]) -> str:
    """Leave out comments and empty lines at the end: they belong to what comes next."""
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "\n".join(lines)
