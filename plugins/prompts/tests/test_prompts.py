import pytest

from vg1core import prompts
from vg1core.benchmarks import Benchmark, BenchmarkInfo
from vg1core.datasets import DatasetInfo, HubDataset
from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    Media,
    Message,
    NumberTarget,
    Sample,
    Text,
    TextTarget,
)

BOX = (1.0, 2.0, 3.0, 4.0)
STYLES = ("cot_boxed", "direct", "official", "vision_g1")
TARGETS = (
    ChoiceTarget(letters="B"),
    ChoiceTarget(letters="AB"),
    TextTarget(text="cat"),
    ItemsTarget(items=("a", "b")),
    NumberTarget(value="3.1", decimals=1),
    MathTarget(latex="x^2"),
    ClickTarget(box=BOX, space="unit"),
    BoxesTarget(boxes=(BOX,), space="unit"),
)


class Plain(HubDataset):
    info = DatasetInfo(name="plain", dimension="math", verifier="exact")

    def to_sample(self, row, index):
        return self.sample(index, question="Which?", target=TextTarget(text="cat"))


class Published(Benchmark):
    info = BenchmarkInfo(name="published", dimension="math", verifier="exact")

    def to_sample(self, row, index):
        return self.sample(index, question="Which?", target=TextTarget(text="cat"))

    def official_prompt(self, sample):
        """Published for open questions only."""
        return None if sample.choices else prompts.reworded(sample, "As published.", space="unit")


def sample(target):
    parts = (Media(ref="a.png"), Text(text="Which of "), Media(ref="b.png"), Text(text="?"))
    choices = ("cat", "dog") if isinstance(target, ChoiceTarget) else ()
    message = Message(role="user", parts=parts)
    return Sample(
        id="dataset:x/default/train/0", dimension="math", messages=(message,), target=target, verifier="exact",
        choices=choices,
    )  # fmt: skip


@pytest.fixture
def build(vg1_host):
    """Every prompt plugin is loaded, so that each has to answer to its own name alone."""
    for style in STYLES:
        vg1_host.load("prompt", style)

    def ask(style, target, source=None, space="sent_pixel"):
        return prompts.build(vg1_host, style, sample(target), source or Plain(), space)

    return ask


def said(prompt):
    """The text after the question, which has to stand in the only message, behind the untouched parts."""
    (message,) = prompt.messages
    assert message.role == "user"
    assert message.parts[:-1] == sample(TextTarget(text="")).messages[0].parts
    return message.parts[-1].text


OPTIONS = "\nA. cat\nB. dog\n"


@pytest.mark.parametrize(
    ("style", "target", "text"),
    [
        ("direct", TARGETS[0], OPTIONS + "Answer with the letter of the correct option and nothing else."),
        ("direct", TARGETS[1], OPTIONS + "Answer with the letters of all correct options and nothing else."),
        ("direct", TARGETS[2], "\nAnswer with a single word, number or short phrase and nothing else."),
        ("direct", TARGETS[3], "\nAnswer with the items separated by commas and nothing else."),
        (
            "cot_boxed",
            TARGETS[0],
            OPTIONS
            + "Think step by step. Then give the letter of the correct option as your final answer in \\boxed{}.",
        ),
        (
            "cot_boxed",
            TARGETS[5],
            "\nThink step by step. Then give an exact number or expression as your final answer in \\boxed{}.",
        ),
        (
            "vision_g1",
            TARGETS[4],
            "\nReason about the question inside <think> and </think>. "
            "After that, give a number with 1 decimal place as the final answer in \\boxed{}.",
        ),
        (
            "vision_g1",
            TARGETS[7],
            "\nReason about the question inside <think> and </think>. After that, give the bounding box as "
            "[x1, y1, x2, y2] in pixels of the image, rounded to integers, as the final answer in \\boxed{}.",
        ),
    ],
)
def test_what_the_model_is_told(build, style, target, text):
    assert said(build(style, target)) == text


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
@pytest.mark.parametrize("style", STYLES)
def test_every_prompt_serves_every_kind_of_target(build, style, target):
    prompt = build(style, target)
    assert said(prompt).count(prompts.answer_form(sample(target), "sent_pixel")) == 1
    coordinates = isinstance(target, ClickTarget | BoxesTarget)
    assert prompt.coordinate_space == ("sent_pixel" if coordinates else None)


@pytest.mark.parametrize("style", ["cot_boxed", "direct", "vision_g1"])
def test_the_models_space_is_named(build, style):
    prompt = build(style, ClickTarget(box=BOX, space="pixel"), space="unit")
    assert prompts.SPACE_WORDS["unit"] in said(prompt)
    assert "integer" not in said(prompt)
    assert prompt.coordinate_space == "unit"


def test_official_asks_the_source(build):
    prompt = build("official", TARGETS[2], Published())
    assert [part.ref if isinstance(part, Media) else part.text for part in prompt.messages[0].parts] == [
        "a.png", "b.png", "As published.",
    ]  # fmt: skip
    assert prompt.coordinate_space == "unit"


def test_official_falls_back_to_direct_where_nothing_is_published(build):
    for source, target in ((Plain(), TARGETS[2]), (Published(), TARGETS[0])):
        assert build("official", target, source) == build("direct", target, source)
