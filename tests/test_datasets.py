"""How rows become samples: ids, parts, targets of choices, and rows that do not fit."""

from pathlib import Path

import pytest

from vg1core.datasets import Dataset, DatasetInfo, choice_target, media
from vg1core.errors import DataError, UsageError
from vg1core.types import ChoiceTarget, Media, Sample, Skipped, Text, TextTarget

TARGET = TextTarget(text="x")


class Source(Dataset):
    """Rows are given by the test; `make` turns one into samples."""

    info = DatasetInfo(name="source", dimension="math", hub_id="a/b", verifier="exact", rows=10, rows_known="exact")

    def __init__(self, rows=(), make=None, **more):
        super().__init__(**more)
        self.rows, self.make = rows, make
        self.place = "rows.jsonl"

    def load(self, data="hub"):
        yield from self.rows

    def to_sample(self, row, index):
        return self.make(self, row, index)


def plain(source, row, index):
    return source.sample(index, question=row["q"], target=TARGET)


# Samples


def test_ids_name_source_config_split_row_and_turn():
    source = Source(overrides={"config": "hard"})
    assert source.sample_id(3) == "dataset:source/hard/train/3"
    assert source.sample_id("a-7", turn=2) == "dataset:source/hard/train/a-7#2"
    assert source.skip(3, "no picture", "why", turn=0) == Skipped(
        id="dataset:source/hard/train/3#0", reason="no picture", detail="why"
    )


def test_sample_takes_its_facts_from_the_source_unless_told():
    source = Source()
    sample = source.sample(0, question="Q?", target=TARGET)
    assert (sample.dimension, sample.verifier, sample.choices, sample.options) == ("math", "exact", (), {})
    told = source.sample(
        0, question="Q?", target=TARGET, dimension="gui", verifier="choice", choices=["a", "b"], options={"x": 1},
        category="bar", empty=None,
    )  # fmt: skip
    assert (told.dimension, told.verifier, told.choices, told.options) == ("gui", "choice", ("a", "b"), {"x": 1})
    assert told.metadata == {"category": "bar"}


def test_pictures_come_first_or_stand_in_the_question():
    source = Source()
    one, two = {"bytes": b"1", "path": None}, {"bytes": b"2", "path": "two.png"}
    sample = source.sample(0, question=["Is ", two, " this?"], images=one, target=TARGET, system="Be brief.")
    system, user = sample.messages
    assert (system.role, system.text, user.role) == ("system", "Be brief.", "user")
    assert user.parts == (
        Media(ref="dataset:source/default/train/0#image[0]"), Text(text="Is "),
        Media(ref="dataset:source/default/train/0#image[2]"), Text(text=" this?"),
    )  # fmt: skip
    assert [image.data for image in sample.images] == [b"1", b"2"]
    assert sample.question == "Is  this?"


def test_a_picture_that_is_missing_is_not_left_out_in_silence():
    source = Source()
    for images in (None, [{"bytes": b"1", "path": None}, None]):
        with pytest.raises(DataError, match="a picture is expected"):
            source.sample(0, question="Q?", images=images, target=TARGET)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Media(ref="a.png"), Media(ref="a.png")),
        ("a.png", Media(ref="a.png")),
        (Path("a.png"), Media(ref="a.png")),
        ({"bytes": None, "path": "a.png"}, Media(ref="a.png")),
        ({"bytes": b"x", "path": "a.png"}, Media(ref="id#image[0]", data=b"x")),
        ({"bytes": bytearray(b"x")}, Media(ref="id#image[0]", data=b"x")),
    ],
)
def test_media(picture, expected):
    found = media(picture, "id#image[0]")
    assert (found, found.data) == (expected, expected.data)


@pytest.mark.parametrize("picture", [3, {"bytes": None, "path": None}, {"url": "http://x"}])
def test_what_is_no_picture(picture):
    with pytest.raises(DataError) as caught:
        media(picture, "id")
    assert str(caught.value) == (
        f"field 'image': a picture is expected: a path, or undecoded {{'bytes', 'path'}} (value: {picture!r})"
    )


# Targets of choices


@pytest.mark.parametrize(
    ("given", "letters"),
    [
        ({"index": 0}, "A"),
        ({"index": 2}, "C"),
        ({"letter": "b"}, "B"),
        ({"letter": "(C)"}, "C"),
        ({"letter": "c, a"}, "AC"),
        ({"letter": "BB"}, "B"),
        ({"text": " dog "}, "B"),
    ],
)
def test_choice_target(given, letters):
    assert choice_target(["cat", "dog", "cow"], **given) == ChoiceTarget(letters=letters)


def test_equal_options_are_one():
    assert choice_target(["cow", "cat", "cat"], text="cat") == ChoiceTarget(letters="B")


@pytest.mark.parametrize(
    ("choices", "given", "message"),
    [
        (["cat", "dog"], {"index": 2}, "field 'answer': there are 2 options, numbered from 0 (value: 2)"),
        (["cat", "dog"], {"index": -1}, "field 'answer': there are 2 options, numbered from 0 (value: -1)"),
        (["cat", "dog"], {"letter": "C"}, "field 'answer': no such option; there are 2: A to B (value: 'C')"),
        (["cat", "dog"], {"letter": "12"}, "field 'answer': no such option; there are 2: A to B (value: '12')"),
        (["cat", "dog"], {"text": "cow"},
         "field 'answer': the right answer is not among the options ['cat', 'dog'] (value: 'cow')"),
    ],
)  # fmt: skip
def test_answers_that_are_no_option(choices, given, message):
    with pytest.raises(DataError) as caught:
        choice_target(choices, **given)
    assert str(caught.value) == message


# Rows that do not fit


def raising(error):
    def make(source, row, index):
        raise error

    return make


@pytest.mark.parametrize(
    ("make", "reason", "detail"),
    [
        (lambda source, row, index: row["answer"], "missing field 'answer'",
         "rows.jsonl, row 0: field 'answer' is missing; the row has 'q', 'none', 'turns'"),
        (lambda source, row, index: row["turns"][0]["user"], "missing field 'user'",
         "rows.jsonl, row 0: field 'user' is missing; the row has 'q', 'none', 'turns'"),
        (lambda source, row, index: row["turns"][5], "row not understood",
         "rows.jsonl, row 0: IndexError: list index out of range"),
        (lambda source, row, index: int(row["q"]), "row not understood",
         "rows.jsonl, row 0: ValueError: invalid literal for int() with base 10: 'Q?'"),
        (lambda source, row, index: row["none"].strip(), "row not understood",
         "rows.jsonl, row 0: AttributeError: 'NoneType' object has no attribute 'strip'"),
        (lambda source, row, index: row["q"] + 1, "row not understood",
         'rows.jsonl, row 0: TypeError: can only concatenate str (not "int") to str'),
        (raising(DataError("no options", field="choices", value=[])), "row not understood",
         "rows.jsonl, row 0: DataError: field 'choices': no options (value: [])"),
    ],
)  # fmt: skip
def test_a_row_that_raises_is_left_out_and_told(make, reason, detail):
    row = {"q": "Q?", "none": None, "turns": [{}]}
    source = Source([row, row], lambda source, row, index: plain(source, row, index) if index else make(source, row, 0))
    skipped, sample = source.samples()
    assert skipped == Skipped(id="dataset:source/default/train/0", reason=reason, detail=detail, fault=True)
    assert sample.id == "dataset:source/default/train/1"


def test_a_row_may_give_several_samples_and_break_half_way():
    def make(source, row, index):
        for turn, question in enumerate(row["turns"]):
            yield source.sample(index, turn=turn, question=question["q"], target=TARGET)

    found = list(Source([{"turns": [{"q": "1"}, {"q": "2"}, {}]}], make).samples())
    assert [one.id for one in found] == [f"dataset:source/default/train/0{turn}" for turn in ("#0", "#1", "")]
    assert found[2].reason == "missing field 'q'"


def test_skipped_rows_pass_through():
    source = Source([{}], lambda source, row, index: source.skip(index, "no picture"))
    assert list(source.samples()) == [Skipped(id="dataset:source/default/train/0", reason="no picture")]


def test_a_bug_in_a_plugin_is_not_taken_for_a_bad_row():
    source = Source([{"q": "Q?"}], raising(NameError("name 'x' is not defined")))
    with pytest.raises(NameError):
        list(source.samples())


def test_rows_are_asked_for_one_at_a_time():
    asked = []

    def rows():
        for number in range(1_000_000):
            asked.append(number)
            yield {"q": str(number)}

    samples = Source(rows(), plain).samples()
    assert isinstance(next(samples), Sample)
    assert asked == [0]


# Arguments


def test_arguments_and_overrides_are_checked():
    with pytest.raises(UsageError, match=r"dataset 'source' takes no argument \(got 'x'\)"):
        Source(argument="x")
    with pytest.raises(UsageError) as caught:
        Source(overrides={"hub": "a/c"})
    assert str(caught.value) == ("dataset 'source': unknown override ['hub']; known: hub_id, config, split, revision")
    assert Source(overrides={"hub_id": "a/c"}).source.hub_id == "a/c"


def test_training_reads_no_other_split():
    with pytest.raises(UsageError, match=r"dataset 'source' is read for training from its split 'train' alone"):
        Source(overrides={"split": "test"})
    assert Source(overrides={"split": "train[:1000]"}).source.split == "train[:1000]"


@pytest.mark.parametrize(
    ("data", "limit", "expected"),
    [("hub", None, 10), ("hub", 3, 3), ("hub", 30, 10), ("fixtures", None, None), ("fixtures", 3, 3)],
)
def test_length(data, limit, expected):
    assert Source().length(data, limit) == expected
