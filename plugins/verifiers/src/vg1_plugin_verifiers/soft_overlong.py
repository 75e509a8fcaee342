"""`soft_overlong`: DAPO's length shaping, a reward from 0 down to -1 for responses that grow too long.

Equation 13 of DAPO (arXiv 2503.14476), with L_max = `max_length` and L_cache = `cache_length`, lengths in tokens:

    0                                       up to L_max - L_cache
    (L_max - L_cache - length) / L_cache    up to L_max
    -1                                      beyond

It is added to the reward for the answer: make it a part of `composite`. No value is above 0, so the status says
where in the range a response lies: `correct` at 0, `partial` between, `incorrect` at -1. The length is counted in
`token_ids`; a response that comes without them is not scored (`crashed`, with the reason), because characters are
no measure of tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vg1core import Register, Response, Sample, Score, Verifier, hookimpl
from vg1core.errors import UsageError
from vg1core.types import Status, Target
from vg1core.verifiers import note


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftOverlongOptions:
    """Options of `soft_overlong`; the defaults are those of the paper's experiments."""

    max_length: int = 20_480
    """Tokens from which on the reward is -1."""
    cache_length: int = 4_096
    """Tokens before that over which the reward falls."""


class SoftOverlong(Verifier):
    """A reward from 0 to -1 that falls with the number of tokens (DAPO's soft overlong punishment)."""

    name = "soft_overlong"
    targets = (Target,)
    Options = SoftOverlongOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Take options by name; the part that falls has to lie within the maximum."""
        super().__init__(options)
        longest, cache = self.options.max_length, self.options.cache_length
        if not 0 <= cache <= longest or longest < 1:
            raise UsageError(
                f"verifier 'soft_overlong': cache_length has to lie from 0 to max_length, and max_length above 0; "
                f"they are {cache} and {longest}"
            )

    def verify(self, response: Response, sample: Sample) -> Score:
        """The punishment for this length."""
        if response.token_ids is None:
            reason = "the response has no 'token_ids', which this verifier counts; use a backend that returns them"
            return Score(value=None, status="crashed", reason=reason)
        length, longest = len(response.token_ids), self.options.max_length
        value = punishment(length, longest, self.options.cache_length)
        note(f"{length} tokens against {longest - self.options.cache_length} to {longest}: {value:.4f}")
        status: Status = "correct" if value == 0 else "incorrect" if value <= -1 else "partial"
        return Score(value=value, status=status, reason=f"{length} tokens; {longest} is the maximum: {value:.3f}")


def punishment(length: int, max_length: int, cache_length: int) -> float:
    """Equation 13: 0 for short responses, -1 beyond `max_length`, a line between."""
    if length <= max_length - cache_length:
        return 0.0
    if length > max_length:
        return -1.0
    return (max_length - cache_length - length) / cache_length


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(SoftOverlong)
