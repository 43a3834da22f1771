"""Whatever is done to a pack or to the ledger, the verifier answers, says no, and names what was done."""

from io import BytesIO

import orjson
import pikepdf
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from evidence.queries.chain_reading import link_batches
from evidence.queries.checkpoints import ledger_head, signed_checkpoints
from evidence.rules.canonical import canonical_bytes
from evidence.rules.chain import Link
from evidence.services.checkpoints import make_checkpoint
from evidence.verification.ledger import LedgerCheck
from evidence.verification.pack import verify_pack
from tests.evidence.conftest import NOW, kinds
from tests.evidence.test_verify_evidence import forged, rebound, verdicts

pytestmark = pytest.mark.django_db
FILES = ("content.json", "ledger.json", "checkpoints.json")
COVERED = {"ledger.json": "entries", "checkpoints.json": "checkpoints"}
fuzz = settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
fewer = settings(fuzz, max_examples=40)
place = st.floats(0, 1, exclude_max=True)
odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(1 - 2**53, 2**53 - 1),
    st.text(max_size=8),
    st.sampled_from(["", "0" * 64, "zz", [], {}, [[]], [[1]], {"a": 1}, 10**15, -1]),
)


class Pack(bytes):
    """Bytes that a failing test does not print."""

    def __repr__(self) -> str:
        return f"<a pack of {len(self)} bytes>"


@pytest.fixture
def pack(pack_pdf):
    return Pack(pack_pdf)


# --- the file as bytes ---


@fuzz
@given(where=place, mask=st.integers(1, 255))
def test_a_changed_byte_anywhere_is_the_signatures_to_tell(pack, where, mask):
    damaged = bytearray(pack)
    damaged[int(where * len(pack))] ^= mask
    assert verdicts(bytes(damaged))["signature"]


@fuzz
@given(where=place, digit=st.sampled_from("0123456789abcdefABCDEF"))
def test_inside_the_signature_there_is_no_room_either(pack, where, digit):
    """Neither its padding, nor the case of its digits, nor the words around it can be written otherwise."""
    start = pack.index(b"/Contents <") + len(b"/Contents <")
    end = pack.index(b">", start)
    position = start + int(where * (end - start))
    damaged = bytearray(pack)
    assume(damaged[position] != ord(digit))
    damaged[position] = ord(digit)
    assert verdicts(bytes(damaged))["signature"]


@fewer
@given(tail=st.binary(min_size=1, max_size=60))
def test_appended_bytes_are_called_appended(pack, tail):
    assert "appended" in verdicts(pack + tail)["signature"]


@fewer
@given(where=place)
def test_a_cut_tail_is_the_signatures_to_tell(pack, where):
    assert verdicts(pack[: int(where * len(pack))])["signature"]


@fewer
@given(content=st.binary(max_size=300))
def test_any_bytes_get_an_answer(content):
    report = verify_pack(b"%PDF-1.7\n" + content)
    assert not any(one.holds for one in report.verdicts[:3])


# --- the embedded files ---


def opened(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        return {
            name: document.attachments[name].get_file().read_bytes()
            for name in document.attachments
        }


def unsigned(pdf, changes):
    """Return the pack with some embedded files replaced; its signature is gone."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for name, content in changes.items():
            document.attachments[name] = content
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def places_in(value, path=()):
    """Return the path to every value inside a JSON value, itself included."""
    found = [path]
    if isinstance(value, dict):
        return found + [one for key, item in value.items() for one in places_in(item, (*path, key))]
    if isinstance(value, list):
        return found + [
            one for index, item in enumerate(value) for one in places_in(item, (*path, index))
        ]
    return found


def changed_at(data, path, value):
    """Return the JSON value with one place set; None when that changes nothing."""
    if not path:
        return value
    copied = orjson.loads(orjson.dumps(data))
    inner = copied
    for step in path[:-1]:
        inner = inner[step]
    if inner[path[-1]] == value and type(inner[path[-1]]) is type(value):
        return data
    inner[path[-1]] = value
    return copied


@fuzz
@given(name=st.sampled_from(FILES), data=st.data(), value=odd_values)
def test_a_changed_value_is_not_what_the_manifest_names(pack, name, data, value):
    original = orjson.loads(opened(pack)[name])
    path = data.draw(st.sampled_from(places_in(original)))
    altered = changed_at(original, path, value)
    assume(altered != original)
    assert "swapped" in verdicts(unsigned(pack, {name: canonical_bytes(altered)}))["content"]


@fuzz
@given(name=st.sampled_from(sorted(COVERED)), data=st.data(), value=odd_values)
def test_bound_anew_it_is_not_what_the_ledger_signed(pack, name, data, value):
    files = opened(pack)
    original = orjson.loads(files[name])
    inside = [one for one in places_in(original) if one[:1] == (COVERED[name],)]
    altered = changed_at(original, data.draw(st.sampled_from(inside)), value)
    assume(altered != original)
    changes = {name: canonical_bytes(altered)}
    changes["manifest.json"] = rebound({**files, **changes})
    found = verdicts(unsigned(pack, changes))
    assert found["chain"] | found["sequence"]


@fuzz
@given(data=st.data(), value=odd_values)
def test_a_manifest_of_any_shape_gets_an_answer(pack, data, value):
    original = orjson.loads(opened(pack)["manifest.json"])
    altered = changed_at(original, data.draw(st.sampled_from(places_in(original))), value)
    report = verify_pack(unsigned(pack, {"manifest.json": canonical_bytes(altered)}))
    assert not report.holds
    assert orjson.dumps(report.as_dict())


@settings(fuzz, max_examples=8)
@given(data=st.data(), value=odd_values)
def test_signed_by_another_key_it_never_holds_where_the_sites_is_pinned(pack, data, value):
    files = opened(pack)
    original = orjson.loads(files["manifest.json"])
    altered = changed_at(original, data.draw(st.sampled_from(places_in(original))), value)
    again = forged(pack, lambda _files: {"manifest.json": canonical_bytes(altered)})
    trusted = frozenset({original["certificate"]})
    assert "untrusted" in verdicts(again, trusted=trusted)["signature"]


@fewer
@given(order=st.permutations(range(3)), kept=st.integers(1, 3))
def test_entries_removed_or_reordered_are_named(pack, order, kept):
    assume((order, kept) != ([0, 1, 2], 3))
    files = opened(pack)
    extract = orjson.loads(files["ledger.json"])
    extract["entries"] = [extract["entries"][index] for index in order[:kept]]
    changes = {"ledger.json": canonical_bytes(extract)}
    changes["manifest.json"] = rebound({**files, **changes})
    found = verdicts(unsigned(pack, changes))
    if kept < 3:
        assert found["sequence"] & {"missing", "removed-tail"}
        assert "not-in-ledger" in found["chain"] or order[:kept] != sorted(order[:kept])
    else:
        assert "reordered" in found["chain"]


def test_a_range_nobody_could_count_is_refused_at_once(pack):
    manifest = orjson.loads(opened(pack)["manifest.json"])
    manifest["entries"] = {"count": 10**15, "ranges": [[1, 10**15]]}
    found = verdicts(unsigned(pack, {"manifest.json": canonical_bytes(manifest)}))
    assert "count" in found["sequence"]


# --- the ledger's rows ---


@pytest.fixture
def rows(ledger, key):
    ledger(24)
    make_checkpoint(now=NOW)
    ledger(6)
    return [row for batch in link_batches() for row in batch]


def checked(rows):
    check = LedgerCheck(signed_checkpoints())
    check.feed(rows)
    sequence, digest = ledger_head()
    check.finish(head_sequence=sequence, head_hash=digest)
    return check


def test_untouched_rows_hold(rows):
    assert kinds(checked(rows)) == set()


@fuzz
@given(index=st.integers(0, 29), column=st.sampled_from(Link._fields), value=st.text(min_size=1))
def test_a_changed_column_is_named(rows, index, column, value):
    place = Link._fields.index(column)
    given_value = 10**9 + len(value) if isinstance(rows[index][place], int) else value
    if column in {"before", "after"}:
        given_value = canonical_bytes({"forged": value}).decode()
    assume(given_value != rows[index][place])
    forged_row = (*rows[index][:place], given_value, *rows[index][place + 1 :])
    found = kinds(checked([*rows[:index], forged_row, *rows[index + 1 :]]))
    assert found & {"altered", "missing", "duplicate", "reordered"}


@fuzz
@given(start=st.integers(0, 29), length=st.integers(1, 30))
def test_removed_rows_are_named(rows, start, length):
    found = kinds(checked(rows[:start] + rows[start + length :]))
    assert found & ({"removed-tail"} if start + length >= 30 else {"missing"})


@fuzz
@given(one=st.integers(0, 29), other=st.integers(0, 29))
def test_rows_that_changed_places_are_named(rows, one, other):
    assume(one != other)
    moved = list(rows)
    moved[one], moved[other] = moved[other], moved[one]
    renumbered = [(number, *row[1:]) for number, row in enumerate(moved, start=1)]
    assert kinds(checked(moved)) & {"missing", "duplicate"}
    assert "reordered" in kinds(checked(renumbered))
