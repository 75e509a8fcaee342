"""`soft_overlong`: DAPO's equation 13 at its corners, and a response that cannot be measured."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1_plugin_verifiers.soft_overlong import SoftOverlong, punishment
from vg1core.errors import UsageError
from vg1core.types import Response, Sample, TextTarget

SAMPLE = Sample(id="t", dimension="math", messages=(), target=TextTarget(text="a"), verifier="soft_overlong")
quick = settings(max_examples=100, derandomize=True, database=None, deadline=None)


@quick
@given(st.integers(0, 400), st.integers(1, 200), st.data())
def test_equation_13(length, longest, data):
    cache = data.draw(st.integers(0, longest))
    value = punishment(length, longest, cache)
    assert -1 <= value <= 0
    assert (value == 0) == (length <= longest - cache)
    assert value >= punishment(length + 1, longest, cache)
    if length > longest:
        assert value == -1


def test_a_response_without_token_ids_is_not_scored():
    score = SoftOverlong().verify(Response(text="a"), SAMPLE)
    assert (score.value, score.status) == (None, "crashed")
    assert score.reason == (
        "the response has no 'token_ids', which this verifier counts; use a backend that returns them"
    )


def test_reason():
    score = SoftOverlong({"max_length": 10, "cache_length": 4}).verify(Response(text="a", token_ids=(1,) * 8), SAMPLE)
    assert (score.value, score.status, score.reason) == (-0.5, "partial", "8 tokens; 10 is the maximum: -0.500")


@pytest.mark.parametrize(("longest", "cache"), [(10, 11), (10, -1), (0, 0)])
def test_lengths_that_make_no_sense(longest, cache):
    with pytest.raises(
        UsageError, match=f"cache_length has to lie from 0 to max_length.*they are {cache} and {longest}"
    ):
        SoftOverlong({"max_length": longest, "cache_length": cache})
