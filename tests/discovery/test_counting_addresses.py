"""Counting addresses by arithmetic gives what walking them gives."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.rules.targets import TargetSet

blocks = st.builds(
    lambda start, size: f"10.0.{start >> 8 & 1}.{start & 255 & ~((1 << (32 - size)) - 1)}/{size}",
    st.integers(0, 511),
    st.sampled_from([25, 26, 28, 30, 31, 32]),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(blocks, min_size=1, max_size=4), st.lists(blocks, max_size=4))
def test_addresses_are_counted_as_they_would_be_walked(allowed, excluded):
    targets = TargetSet.of(allowed, excluded)
    assert targets.count == len(list(targets.addresses()))
