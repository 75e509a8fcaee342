"""Questions and answers: closed vocabulary, no hints in the question, no answer that is always right."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from vg1_plugin_synthetic.spec import LEVELS
from vg1_plugin_synthetic.synthetic import Synthetic
from vg1_plugin_synthetic.vocabulary import VOCABULARY
from vg1core.types import ChoiceTarget, MathTarget, NumberTarget, Sample, TextTarget


@cache
def samples(level: str) -> list[Sample]:
    return list(Synthetic(f"{level};size=112;count=1800;seed=11").samples())


def answer_of(sample: Sample) -> str:
    match sample.target:
        case ChoiceTarget(letters=letters):
            return sample.choices["ABCD".index(letters)]
        case TextTarget(text=text):
            return text
        case NumberTarget(value=value):
            return value
        case MathTarget(latex=latex):
            return latex
    return ""


def test_the_vocabulary_is_short_and_without_repeats():
    assert len(set(VOCABULARY)) == len(VOCABULARY) < 256


@pytest.mark.parametrize("level", LEVELS)
def test_every_word_is_in_the_vocabulary(level):
    for sample in samples(level):
        for text in (sample.question, *sample.choices, answer_of(sample)):
            assert set(re.findall("[A-Za-z]+", text)) <= set(VOCABULARY), f"{sample.id}: {text}"
            assert re.fullmatch(r"[A-Za-z0-9 .,:?\\{}-]*", text), f"{sample.id}: {text}"


def test_no_word_of_the_vocabulary_is_idle():
    used = {
        word for level in LEVELS for sample in samples(level)
        for text in (sample.question, *sample.choices, answer_of(sample)) for word in re.findall("[A-Za-z]+", text)
    }  # fmt: skip
    assert set(VOCABULARY) - used == set()


@pytest.mark.parametrize("level", LEVELS)
def test_questions_do_not_give_the_answer_away(level):
    for sample in samples(level):
        answer = answer_of(sample)
        offered = {"left", "right", "1", "2"} if re.search(r"\bor\b", sample.question) else set()
        if answer and answer not in offered:
            words = re.findall(r"[A-Za-z0-9]+", sample.question)
            assert not set(re.findall(r"[A-Za-z0-9]+", answer)) <= set(words), (
                f"{sample.id}: {sample.question} {answer}"
            )


@pytest.mark.parametrize("level", LEVELS)
def test_options_differ_and_their_order_tells_nothing(level):
    right, expected = Counter(), Counter()
    chosen = [sample for sample in samples(level) if sample.choices][:400]
    assert len(chosen) == 400
    for sample in chosen:
        assert len(set(sample.choices)) == len(sample.choices) >= 2
        right[sample.target.letters] += 1
        for letter in "ABCD"[: len(sample.choices)]:
            expected[letter] += 1 / len(sample.choices)
    for letter, number in expected.items():
        assert abs(right[letter] - number) < 4 * number**0.5, f"{letter}: {right[letter]} instead of about {number}"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "task",
    ["spatial-relation", "gui-checkbox", "science-circuit", "medical-side", "common_sense-roll", "cross_image-more"],
)
def test_no_constant_answer_wins_between_two(task, level):
    answers = Counter(answer_of(sample) for sample in Synthetic(f"{level};task={task};size=112;count=200").samples())
    assert len(answers) == 2
    assert max(answers.values()) <= 120
