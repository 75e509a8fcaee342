"""Targets and lines in short form: what becomes of them, and what a person reads where they are wrong."""

from __future__ import annotations

import pytest

from vg1core.errors import DataError, UnknownPlugin
from vg1core.short_form import choices_from, options_from, sample_from, sizes_from, target_from
from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    NumberTarget,
    TextTarget,
)

PETS = ("a cat", "a dog", "a bird")


@pytest.mark.parametrize(
    ("verifier", "value", "choices", "target"),
    [
        ("choice", "B", (), ChoiceTarget(letters="B")),
        ("choice", "b", PETS, ChoiceTarget(letters="B")),
        ("choice", "CA", PETS, ChoiceTarget(letters="AC")),
        ("choice", "c, a", PETS, ChoiceTarget(letters="AC")),
        ("choice", " a dog ", PETS, ChoiceTarget(letters="B")),
        ("exact", "B", PETS, TextTarget(text="B")),
        ("exact", ["Paris", "Lutetia"], (), TextTarget(text="Paris", aliases=("Lutetia",))),
        ("exact", '["Paris", "Lutetia"]', (), TextTarget(text="Paris", aliases=("Lutetia",))),
        ("exact", '{"text": "Paris", "aliases": null}', (), TextTarget(text="Paris")),
        ("exact", '{"half of an object', (), TextTarget(text='{"half of an object')),
        ("set", ["red", "blue"], (), ItemsTarget(items=("red", "blue"))),
        ("numeric", "1,200", (), NumberTarget(value="1,200", tolerance=0.05)),
        ("numeric", 1200, (), NumberTarget(value="1200", tolerance=0.05)),
        ("numeric", {"value": "1200"}, (), NumberTarget(value="1200")),
        ("numeric", {"value": "3", "tolerance": 0.05}, (), NumberTarget(value="3", tolerance=0.05)),
        ("math", r"\frac12", (), MathTarget(latex=r"\frac12")),
        ("math", 1e-7, (), MathTarget(latex="0.0000001")),
        ("math", "[1, 2]", (), MathTarget(latex="[1, 2]")),
        ("click", {"box": [1, 2, 3, 4], "point": None, "space": "pixel"}, (),
         ClickTarget(box=(1.0, 2.0, 3.0, 4.0), space="pixel")),
        ("iou", {"boxes": [[1, 2, 3, 4]], "space": "unit"}, (),
         BoxesTarget(boxes=((1.0, 2.0, 3.0, 4.0),), space="unit")),
        ("iou", {"kind": "boxes", "boxes": [[1, 2, 3, 4]], "space": "unit"}, (),
         BoxesTarget(boxes=((1.0, 2.0, 3.0, 4.0),), space="unit")),
        ("format", "B", PETS, ChoiceTarget(letters="B")),
        ("format", "B", (), TextTarget(text="B")),
        ("format", 3, PETS, NumberTarget(value="3", tolerance=0.05)),
        ("format", {"latex": "x"}, (), MathTarget(latex="x")),
        ("choice", ChoiceTarget(letters="A"), (), ChoiceTarget(letters="A")),
    ],
)  # fmt: skip
def test_target(verifier, value, choices, target):
    assert target_from(verifier, value, choices=choices) == target


@pytest.mark.parametrize(
    ("verifier", "value", "message"),
    [
        ("choice", "a fish", "verifier 'choice' takes targets of kind choice, and this is none of them in short form"),
        ("choice", "D", "(value: 'D'). An object with its \"kind\" and fields always says what is meant"),
        ("choice", 2, "(value: 2)"),
        ("exact", True, "(value: True)"),
        ("exact", None, "takes targets of kind text"),
        ("exact", "  ", "(value: '  ')"),
        ("exact", float("nan"), "(value: nan)"),
        ("exact", [], "(value: [])"),
        ("exact", ["a", 1], "(value: ['a', 1])"),
        ("iou", {"box": [1, 2, 3, 4], "space": "pixel"}, "has these fields (value: {'box': [1, 2, 3, 4], 'space': "),
        ("iou", {"box": [1, 2, 3, 4], "space": "pixel"}, "The fields are: boxes: boxes, space"),
        ("iou", {}, "no kind of target that verifier 'iou' takes has these fields"),
        ("click", {"box": [1, 2, 3, 4], "space": "pixl"}, "space: Input should be 'pixel', 'unit'"),
        ("math", {"kind": "maths"}, "unknown kind of target 'maths'; known: "),
        ("math", "[" * 5000, None),
        ("exact", '{"' + '[{"' * 5000, None),
    ],
)
def test_target_that_is_none(verifier, value, message):
    if message is None:  # a text, whatever it looks like
        assert value in vars_of(target_from(verifier, value))
        return
    with pytest.raises(DataError) as caught:
        target_from(verifier, value, choices=PETS)
    assert str(caught.value).startswith("field 'target': ")
    assert message in str(caught.value)


def vars_of(target):
    return [getattr(target, name) for name in type(target).__slots__ if name != "kind"]


def test_an_unknown_verifier_is_told():
    with pytest.raises(UnknownPlugin, match="no verifier named 'maths'; did you mean 'math'"):
        target_from("maths", "1")


LINE = {"id": "1", "verifier": "choice", "target": "B", "response": "b"}


def test_a_whole_line():
    line = {
        **LINE, "choices": {"B": "a dog", "A": "a cat", "C": None}, "question": "Which?", "sent_sizes": [[3, 4]],
        "image_sizes": [[5, 6]], "options": {"partial": None}, "token_ids": [1, 2], "note": "not ours",
    }  # fmt: skip
    sample, response, options = sample_from(line)
    assert (sample.id, sample.verifier, sample.question, sample.choices) == (
        "1",
        "choice",
        "Which?",
        ("a cat", "a dog"),
    )
    assert sample.target == ChoiceTarget(letters="B")
    assert (response.text, response.sent_sizes, response.image_sizes) == ("b", ((3, 4),), ((5, 6),))
    assert (response.token_ids, options) == ((1, 2), {})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": ...}, "field 'id': it is missing. A line holds id, verifier, target, response at least"),
        ({"verifier": ...}, "field 'verifier': it is missing"),
        ({"target": ...}, "field 'target': it is missing. What counts as right"),
        ({"response": None}, "field 'response': a text is expected"),
        ({"response": 3}, "field 'response': a text is expected (value: 3)"),
        ({"id": 3}, "field 'id': a text is expected (value: 3)"),
        ({"question": ["?"]}, "field 'question': a text is expected"),
        ({"choises": []}, "field 'choises': unknown field; did you mean 'choices'?"),
        ({"choices": "AB"}, "field 'choices': a list of option texts is expected, or letter → text (value: 'AB')"),
        ({"choices": [1, 2]}, "field 'choices': a list of option texts"),
        ({"choices": {"A": "a", "C": "c"}}, "field 'choices': letters from A without a gap are expected"),
        ({"sent_sizes": [3, 4]}, "field 'sent_sizes': sizes are written [[width, height], …] in whole pixels"),
        ({"image_sizes": [[3.5, 4]]}, "field 'image_sizes': sizes"),
        ({"image_sizes": [[0, 4]]}, "field 'image_sizes': sizes"),
        ({"options": ["x"]}, "field 'options': an object is expected, such as"),
        ({"token_ids": "12"}, "field 'token_ids': a list of whole numbers is expected"),
    ],
)
def test_a_line_that_is_wrong(changes, message):
    line = {key: value for key, value in {**LINE, **changes}.items() if value is not ...}
    with pytest.raises(DataError) as caught:
        sample_from(line)
    assert str(caught.value).startswith(message)


def test_what_is_not_given_is_empty():
    assert (choices_from(None), sizes_from(None, "sent_sizes"), options_from(None)) == ((), (), {})
    assert options_from('{"coordinate_space": "unit", "other": null}') == {"coordinate_space": "unit"}
