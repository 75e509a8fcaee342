"""`composite`: how parts are put together, and parts that cannot be."""

import pytest

from vg1_plugin_verifiers.composite import Composite
from vg1core.errors import TargetError, UnknownPlugin, UsageError
from vg1core.types import BoxesTarget, ClickTarget, Response, Sample, TextTarget
from vg1core.verifiers import tracing

DOG = TextTarget(text="dog")


def judge(text, parts, target=DOG, **options):
    sample = Sample(id="t", dimension="math", messages=(), target=target, verifier="composite")
    return Composite({"parts": parts, **options}).verify(Response(text=text), sample)


def nested(depth):
    """Parts of a composite which, itself included, is nested so deep."""
    part = {"verifier": "exact"}
    for _ in range(depth - 1):
        part = {"verifier": "composite", "options": {"parts": [part]}}
    return [part]


def test_reason_and_steps():
    parts = [{"verifier": "exact", "weight": 0.8}, {"verifier": "format", "weight": 0.2, "options": {"shape": "boxed"}}]
    with tracing() as steps:
        score = judge("dog", parts)
    assert (score.value, score.status, score.answer.value) == (0.8, "partial", "dog")
    assert score.reason == "0.800 = 0.8 x exact 1.000 (correct); 0.2 x format 0.000 (incorrect)"
    assert "part 1, 0.8 x exact 1.000 (correct): 'dog' equals the target 'dog'" in steps
    assert steps[-1] == ("part 2, 0.2 x format 0.000 (incorrect): not of the shape 'boxed': \\boxed{} is missing")


def test_a_shut_gate():
    score = judge("dog", [{"verifier": "exact"}, {"verifier": "format", "gate": True}])
    assert (score.value, score.status) == (0.0, "incorrect")
    assert score.reason.startswith("gate 'format' is shut: 0; 1 x exact 1.000 (correct); gate 1 x format 0.000")


def test_a_part_that_cannot_be_scored():
    score = judge("dog", [{"verifier": "exact"}, {"verifier": "soft_overlong"}])
    assert (score.value, score.status) == (None, "crashed")
    assert score.reason.startswith("a part could not be scored (the response has no 'token_ids'")
    assert score.answer.value == "dog"


def test_no_answer_is_kept_where_nothing_is_earned():
    assert judge("", [{"verifier": "exact"}, {"verifier": "anls"}]).status == "no_answer"


def test_three_deep_and_no_deeper():
    assert judge("dog", nested(3)).value == 1.0
    with pytest.raises(UsageError, match="verifier 'composite': composites are nested more than 3 deep"):
        Composite({"parts": nested(4)})


def test_coordinate_space_reaches_the_parts_that_take_it():
    target = BoxesTarget(boxes=((0.1, 0.2, 0.3, 0.4),), space="unit")
    parts = [{"verifier": "iou"}, {"verifier": "format", "options": {"shape": "boxed"}}]
    assert judge("\\boxed{[100, 200, 300, 400]}", parts, target, coordinate_space="permille").value == 1.0
    own = [{"verifier": "iou", "options": {"coordinate_space": "unit"}}]
    assert judge("[0.1, 0.2, 0.3, 0.4]", own, target, coordinate_space="permille").value == 1.0


def test_every_part_has_to_understand_the_target():
    with pytest.raises(TargetError, match="verifier 'exact' takes targets of kind text, not 'click'"):
        judge("dog", [{"verifier": "exact"}], ClickTarget(space="pixel", box=(0, 0, 1, 1)))


def test_a_part_that_is_not_installed():
    composite = Composite({"parts": [{"verifier": "exakt"}]})
    with pytest.raises(UnknownPlugin, match="no verifier named 'exakt'; did you mean 'exact'"):
        composite.warm_up()


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ([], "'parts' has to be a list of 1 to 20 parts, not []"),
        ("exact", "'parts' has to be a list of 1 to 20 parts, not 'exact'"),
        ({"verifier": "exact"}, "'parts' has to be a list of 1 to 20 parts, not {'verifier': 'exact'}"),
        ([{"verifier": "exact"}] * 21, "'parts' has to be a list of 1 to 20 parts"),
        (["exact"], "a part has a 'verifier' and may have ['gate', 'options', 'weight'], unlike 'exact'"),
        ([{"verifier": "exact", "wieght": 2}], "a part has a 'verifier' and may have ['gate', 'options', 'weight']"),
        ([{"verifier": "exact", "weight": -1}], "a part's weight has to be a number of at least 0, not -1"),
        ([{"verifier": "exact", "weight": float("nan")}], "a part's weight has to be a number of at least 0, not nan"),
        ([{"verifier": "exact", "weight": 0}], "no part has a weight above 0"),
        ([{"verifier": "exact", "options": "x"}], "a part's options have to be named, as in {'shape': 'boxed'}"),
        ([{"verifier": "composite"}], "'parts' has to be a list of 1 to 20 parts, not None"),
    ],
)
def test_parts_that_make_no_sense(parts, problem):
    with pytest.raises(UsageError) as error:
        Composite({"parts": parts})
    assert str(error.value).startswith(f"verifier 'composite': {problem}")
