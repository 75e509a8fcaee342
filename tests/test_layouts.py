"""The Cauldron's reader."""

import pytest

from vg1core.datasets import DatasetInfo
from vg1core.errors import DataError
from vg1core.layouts import FIRST_LINES, LAST_LINES, CauldronDataset, strip_instruction, strip_stop, yes_no
from vg1core.types import Sample, Skipped


class Pairs(CauldronDataset):
    info = DatasetInfo(name="pairs", dimension="cross_image", config="pairs", verifier="exact")
    pictures = 2

    def target(self, answer):
        return yes_no(answer)


def turn(user, assistant):
    return {"user": user, "assistant": assistant, "source": "Pairs"}


def read(row):
    """Samples of one row, as `samples` reads it."""
    source = Pairs()
    source.load = lambda data: iter([row])
    source.place = "pairs.parquet"
    return list(source.samples())


PICTURES = [{"bytes": b"left", "path": None}, {"bytes": b"right", "path": None}]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ('Is "x" true?\nAnswer yes or no.', 'Is "x" true?'),
        ("The first image is left. Is it so? Answer yes or no.", "The first image is left. Is it so?"),
        ("Question: q\nChoices:\nA. x\nB. y\nAnswer with the letter.", "Question: q\nChoices:\nA. x\nB. y"),
        ("How many bars?\nEnsure brevity in your answer. ", "How many bars?"),
        ("How many bars?\nOffer a terse response.", "How many bars?"),
        ("Keep your answers brief.\nWhat is the total?", "What is the total?"),
        ("Offer short and to-the-point responses to the questions provided.\nWhat?\nBe succinct.", "What?"),
        ("Which sign says 'Keep it brief.' here?", "Which sign says 'Keep it brief.' here?"),
        ("Round computations to 2 decimal places.", "Round computations to 2 decimal places."),
        ("  What is this?  ", "What is this?"),
    ],
)
def test_the_instruction_goes_and_the_question_stays(text, question):
    assert strip_instruction(text) == question


@pytest.mark.parametrize("line", LAST_LINES)
def test_every_last_line_is_removed(line):
    assert strip_instruction(f"What is this?\n{line}") == "What is this?"


@pytest.mark.parametrize("line", FIRST_LINES)
def test_every_first_line_is_removed(line):
    assert strip_instruction(f"{line}\nWhat is this?") == "What is this?"


@pytest.mark.parametrize(
    ("text", "answer"), [("Yes.", "Yes"), ("2.5.", "2.5"), ("etc..", "etc."), ("3", "3"), ("", "")]
)
def test_one_full_stop_goes(text, answer):
    assert strip_stop(text) == answer


@pytest.mark.parametrize(
    ("answer", "text", "alias"), [("Yes", "yes", "true"), ("no", "no", "false"), (" TRUE ", "yes", "true")]
)
def test_yes_and_no_also_as_true_and_false(answer, text, alias):
    target = yes_no(answer)
    assert (target.text, target.aliases) == (text, (alias,))


def test_any_other_answer_is_not_yes_or_no():
    with pytest.raises(DataError, match=r"field 'answer': the answer is expected to be yes or no \(value: 'maybe'\)"):
        yes_no("maybe")


def test_a_row_gives_a_sample_for_each_turn_and_they_share_their_group():
    first, second = read({"images": PICTURES, "texts": [turn("Is a?", "Yes."), turn("Is b?", "No.")]})
    assert (first.id, second.id) == ("dataset:pairs/pairs/train/0#0", "dataset:pairs/pairs/train/0#1")
    assert (first.question, first.target.text) == ("Is a?", "yes")
    assert (second.question, second.target.text) == ("Is b?", "no")
    assert first.metadata["group"] == second.metadata["group"] == "dataset:pairs/pairs/train/0"
    assert [picture.data for picture in first.images] == [b"left", b"right"]


def test_a_broken_turn_does_not_cost_the_others():
    results = read({"images": PICTURES, "texts": [turn("Is a?", "Perhaps."), turn("Is b?", "No.")]})
    broken, good = results
    assert isinstance(broken, Skipped)
    assert broken.fault
    assert (broken.id, broken.reason) == ("dataset:pairs/pairs/train/0#0", "answer not understood")
    assert "pairs.parquet, row 0, turn 0" in broken.detail
    assert "'Perhaps'" in broken.detail
    assert isinstance(good, Sample)


@pytest.mark.parametrize("images", [[], PICTURES[:1], [PICTURES[0], None], None])
def test_a_row_that_lacks_a_picture_is_a_fault(images):
    (skipped,) = read({"images": images, "texts": [turn("Is a?", "Yes.")]})
    assert skipped.fault
    assert "a row of 'pairs' has 2 picture(s), this one" in skipped.detail


def test_a_reader_without_a_target_cannot_be_made():
    class Unfinished(CauldronDataset):
        info = DatasetInfo(name="unfinished", dimension="spatial", verifier="exact")

    with pytest.raises(TypeError, match="target"):
        Unfinished()
