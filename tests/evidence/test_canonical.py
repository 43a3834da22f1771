"""Canonical JSON is RFC 8785 on the fast path as on the slow one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evidence.rules.canonical import NotRecordableError, canonical_bytes, plain

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text
values = st.recursive(
    scalars | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
)


@given(values)
def test_every_value_has_the_bytes_rfc8785_gives_it(value):
    assert canonical_bytes(value) == rfc8785.dumps(value)


def test_control_characters_and_quotes_are_escaped_as_the_standard_says():
    assert canonical_bytes({"a": '\x00\x1f"\\\n\x7f'}) == b'{"a":"\\u0000\\u001f\\"\\\\\\n\x7f"}'


def test_numbers_larger_than_json_holds_become_text():
    assert plain({"n": 2**60}) == {"n": str(2**60)}


def test_sets_have_one_order():
    assert plain({3, 1, 2}) == [1, 2, 3]


def test_times_dates_and_decimals_become_text():
    moment = datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert plain([moment, date(2026, 1, 2), Decimal("1.50")]) == [
        "2026-11-16T08:00:00+00:00",
        "2026-01-02",
        "1.50",
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(NotRecordableError, match="not a number"):
        plain({"cost": value})


def test_half_a_character_is_refused():
    with pytest.raises(NotRecordableError):
        canonical_bytes({"name": "\ud800"})
