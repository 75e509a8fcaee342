r"""`vision_g1`: the reward that Vision-G1 was trained with, as its code means it.

yuh-zha/Vision-G1, `training/verl/utils/reward_score/mmpr.py`, `compute_score_boxed` (data source `vision_g1`): 1
where math-verify finds the response equal to the truth, or the content of its last `\boxed{}`, or where that content
is the truth but for case; else 0. There is no reward for the format. Truths are texts there; here the target's kind
says what they are, and the verifier for that kind decides: `math`, `numeric`, `choice`, or `exact` for a text, and
then `math` where the text holds a digit or a formula.

Departures, each of which gives a right answer what the code withholds, or withholds what it gives to a wrong one:

1. Option letters: `\boxed{B. cat}`, `\boxed{(B)}` and "The answer is B" are B; the code compares whole strings.
2. Wrong verdicts and endless computations of math-verify are guarded against (see `math`): there it is called with
   the response in the place of the truth, and both are parsed again for every response.
3. A text is compared but for punctuation, articles and Unicode forms, too, and yes is true (`exact`).
4. Without a box, the answer tag or what "the answer is" states is the answer; there only mathematics is found.
5. Of `\boxed{\text{left} and right}` all is read, not only what stands in the first `\text{}`.
6. The answer is looked for outside of `<think>` blocks, not inside them.
7. A number is judged with the tolerance and unit of its target, where it has any.
8. Several end tokens are dropped, not `<|im_end|>` alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from vg1_plugin_verifiers._ends import without_ends
from vg1_plugin_verifiers.choice import Choice
from vg1_plugin_verifiers.exact import Exact
from vg1_plugin_verifiers.math import Math
from vg1_plugin_verifiers.numeric import Numeric
from vg1core import Register, Response, Sample, Score, Verifier, hookimpl
from vg1core.errors import TargetError
from vg1core.types import ChoiceTarget, MathTarget, NumberTarget, Target, TextTarget
from vg1core.verifiers import note

_MATHS = re.compile(r"\d|\\[a-z]|\$|\^|π")
"""What a text has to hold before it is compared as mathematics: sympy takes "red" for r·e·d, equal to "der"."""


class VisionG1(Verifier):
    """Vision-G1's reward: 1 for an answer equal as mathematics, as an option or as a text, else 0."""

    name = "vision_g1"
    targets = (MathTarget, TextTarget, ChoiceTarget, NumberTarget)
    judges: ClassVar[dict[type[Target], type[Verifier]]] = {
        MathTarget: Math, TextTarget: Exact, ChoiceTarget: Choice, NumberTarget: Numeric,
    }  # fmt: skip
    """Which verifier decides for which kind of target."""

    @classmethod
    def check_installation(cls) -> None:
        """As `math`, which decides for formulas."""
        Math.check_installation()

    def warm_up(self) -> None:
        """Load what `math` needs."""
        Math().warm_up()

    def check_target(self, sample: Sample) -> None:
        """The target has to be one that the deciding verifier understands."""
        super().check_target(sample)
        self._judge(sample).check_target(sample)

    def verify(self, response: Response, sample: Sample) -> Score:
        """Let the verifier for the target's kind decide; a text is compared as mathematics, too."""
        self.check_target(sample)
        response = replace(response, text=without_ends(response.text))
        judge = self._judge(sample)
        score = judge.verify(response, sample)
        note(f"'{judge.name}' decides for a target of kind '{sample.target.kind}': {score.status}")
        if score.status in ("correct", "no_answer") or not isinstance(sample.target, TextTarget):
            return score
        for text in (sample.target.text, *sample.target.aliases):
            if _MATHS.search(text) and (other := _as_maths(text, response, sample)).status == "correct":
                note(f"'math' finds it equal to {text!r}")
                return other
        return score

    def _judge(self, sample: Sample) -> Verifier:
        return next(judge for kind, judge in self.judges.items() if isinstance(sample.target, kind))()


def _as_maths(text: str, response: Response, sample: Sample) -> Score:
    judge, sample = Math(), replace(sample, target=MathTarget(latex=text))
    try:
        return judge.verify(response, sample)
    except TargetError:  # no expression, then; it was compared as a text
        return Score(value=0.0, status="incorrect", reason="")


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(VisionG1)
