"""Merkle proofs: what is in leads to the root, what is not does not."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from evidence.rules.merkle import merkle_root, proof_of, root_from_proof


def hashes_of(size):
    return [hashlib.sha256(str(n).encode()).hexdigest() for n in range(size)]


@given(
    st.integers(1, 70).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), min_size=1))
    )
)
def test_any_selection_leads_to_the_root(chosen):
    size, positions = chosen
    hashes = hashes_of(size)
    leaves = {position: hashes[position] for position in positions}
    assert root_from_proof(
        size=size, leaves=leaves, nodes=proof_of(hashes, positions)
    ) == merkle_root(hashes)


@given(st.integers(2, 70), st.data())
def test_an_entry_at_another_place_does_not(size, data):
    position = data.draw(st.integers(0, size - 2))
    hashes = hashes_of(size)
    nodes = proof_of(hashes, [position])
    moved = {position + 1: hashes[position]}
    assert root_from_proof(size=size, leaves=moved, nodes=nodes) != merkle_root(hashes)


def test_a_missing_node_proves_nothing():
    hashes = hashes_of(8)
    assert root_from_proof(size=8, leaves={1: hashes[1]}, nodes={}) is None


def test_a_whole_range_needs_no_nodes():
    hashes = hashes_of(13)
    assert proof_of(hashes, range(13)) == {}
