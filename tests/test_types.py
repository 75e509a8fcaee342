"""The records: frozen, slotted, keyword-only, picklable, and described field by field."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import pickle
import typing
from pathlib import Path

import pytest

from vg1core import types
from vg1core.types import (
    DIMENSIONS,
    STATUSES,
    TARGET_KINDS,
    UNSCORED,
    Answer,
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    Failure,
    ItemsTarget,
    MathTarget,
    Media,
    Message,
    NumberTarget,
    Prompt,
    Record,
    Response,
    Rollout,
    Sample,
    Score,
    Skipped,
    Target,
    Text,
    TextTarget,
    Turn,
)

RECORDS = [cls for cls in vars(types).values() if dataclasses.is_dataclass(cls) and cls.__module__ == types.__name__]

MESSAGES = (
    Message(role="system", parts=(Text(text="Be brief."),)),
    Message(role="user", parts=(Media(ref="a.png", data=b"\x89PNG"), Text(text="Which "), Text(text="one?"))),
    Message(role="assistant", parts=(Text(text="This?"),)),
)
SAMPLE = Sample(
    id="dataset:a/default/train/0",
    dimension="math",
    messages=MESSAGES,
    target=ChoiceTarget(letters="B"),
    verifier="choice",
    choices=("one", "two"),
    metadata={"level": 3},
)
RESPONSE = Response(text="B", token_ids=(1, 2), logprobs=(-0.5, -1.0), sent_sizes=((28, 56),))
EVERY = [
    SAMPLE,
    RESPONSE,
    Text(text="a"),
    Media(ref="a.png", data=b"\xff"),
    MESSAGES[0],
    ChoiceTarget(letters="AC"),
    TextTarget(text="a", aliases=("b",)),
    ItemsTarget(items=("a", "b")),
    NumberTarget(value="1,200", tolerance=0.05, unit="km", decimals=1),
    MathTarget(latex=r"\frac{1}{2}"),
    BoxesTarget(boxes=((0, 0, 1, 1),), space="unit"),
    ClickTarget(space="pixel", point=(3, 4), radius=2),
    Skipped(id="a", reason="no picture"),
    Prompt(messages=MESSAGES),
    Answer(value="B", rule="boxed", span=(0, 1)),
    Score(value=None, status="crashed"),
    Turn(messages=MESSAGES, response=RESPONSE),
    Failure(stage="picture", message="truncated"),
    Record(id="a", suite="dataset:a", dimension="math", target=MathTarget(latex="1"), verifier="math"),
    Rollout(sample_id="a", prompt=Prompt(messages=MESSAGES), responses=(RESPONSE,), rewards=(None,), policy="m@0"),
]


def test_every_record_is_tried_here():
    assert {type(one) for one in EVERY} == set(RECORDS)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: type(one).__name__)
def test_records_are_frozen_slotted_and_picklable(one):
    name = dataclasses.fields(one)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(one, name, None)
    assert not hasattr(one, "__dict__")
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert dataclasses.asdict(again) == dataclasses.asdict(one)  # also fields that are not compared


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_records_take_keywords_only(cls):
    kinds = {parameter.kind for parameter in inspect.signature(cls).parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}
    assert types.field_names(cls) == tuple(inspect.signature(cls).parameters)


def test_a_field_whose_meaning_its_name_does_not_tell_is_described():
    tree = ast.parse(Path(types.__file__).read_text(encoding="utf-8"))
    described = {}
    for cls in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        assert ast.get_docstring(cls), cls.name
        pairs = zip(cls.body, cls.body[1:], strict=False)
        described[cls.name] = {
            field.target.id for field, doc in pairs
            if isinstance(field, ast.AnnAssign) and isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant)
        }  # fmt: skip
    assert {"id", "messages", "choices", "options", "metadata"} <= described["Sample"]
    assert {"value", "reason"} <= described["Score"]


def test_questions_and_pictures_are_found():
    assert (SAMPLE.question, [image.ref for image in SAMPLE.images]) == ("Which one?", ["a.png"])
    assert MESSAGES[1].text == "Which one?"
    assert dataclasses.replace(SAMPLE, messages=()).question == ""


def test_picture_bytes_neither_count_for_equality_nor_are_shown():
    assert Media(ref="a", data=b"1") == Media(ref="a", data=b"2")
    assert "secret" not in repr(Media(ref="a", data=b"secret"))


def test_kinds_of_targets_are_known_by_their_names():
    classes = {cls for cls in RECORDS if issubclass(cls, Target)}
    assert set(TARGET_KINDS.values()) == classes
    assert all(cls.kind == kind for kind, cls in TARGET_KINDS.items())
    assert "kind" not in types.field_names(ChoiceTarget)


def test_words_stay_as_they_are():
    """These words stand in files people keep."""
    assert len(set(DIMENSIONS)) == 8
    assert typing.get_args(types.Status) == STATUSES
    assert {"target_unparseable", "crashed", "judge_failed"} == UNSCORED < set(STATUSES)
    assert typing.get_args(types.Space) == ("pixel", "unit", "permille", "sent_pixel")
