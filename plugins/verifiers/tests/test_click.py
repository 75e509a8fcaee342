"""`click`: actions with their text, graded distances, hostile texts."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1_plugin_verifiers._actions import actions, canonical
from vg1_plugin_verifiers.click import Click
from vg1core.errors import TargetError, UsageError
from vg1core.testing.answers import dresses_of, right_answer, wrong_answer
from vg1core.types import ClickTarget, Response, Sample
from vg1core.verifiers import tracing

quick = settings(max_examples=80, derandomize=True, database=None, deadline=None)
BOX = (10.0, 20.0, 30.0, 40.0)
targets = st.sampled_from([
    ClickTarget(space="pixel", box=BOX), ClickTarget(space="pixel", point=(10, 20), radius=5),
    ClickTarget(space="pixel", box=(0, 0, 10, 0, 10, 10)), ClickTarget(space="pixel", box=BOX, action="click"),
    ClickTarget(space="pixel", action="type", text='say "hi"'),
    ClickTarget(space="pixel", action="scroll", text="down"),
    ClickTarget(space="pixel", action="press_home"), ClickTarget(space="pixel", box=BOX, action="long_press"),
])  # fmt: skip


def sample(target):
    return Sample(id="t", dimension="gui", messages=(), target=target, verifier="click")


def judge(text, target, **options):
    return Click(options).verify(Response(text=text), sample(target))


@quick
@given(targets, st.data())
def test_the_target_passes_in_every_dress(target, data):
    dress = data.draw(st.sampled_from(dresses_of(target)))
    score = judge(right_answer(sample(target), dress=dress), target)
    assert (score.value, score.status) == (1.0, "correct"), score
    assert judge(wrong_answer(sample(target), dress=dress), target).value == 0.0


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("click(10, 20)", "click", ""),
        ("CLICK [10, 20]", "click", ""),
        ("CLICK <point>10, 20</point>", "click", ""),
        ("pyautogui.doubleClick(10, 20)", "double_click", ""),
        ('type("a (b) c")', "type", "a (b) c"),
        ("type(content='it\\'s')", "type", "it's"),
        ("TYPE [hello world]", "type", "hello world"),
        ("TYPE: hello world", "type", "hello world"),
        ('{"action": "type", "text": "x"}', "type", "x"),
        ('{"text": "x", "action": "type"}', "type", "x"),
        ("{'action': 'complete', 'point': [-100, -100], 'input_text': 'no input text'}", "complete", ""),
        ("Action: scroll down", "scroll", "down"),
        ("swipe(direction='top')", "scroll", "up"),
        ("press('Enter')", "enter", ""),
        ("press_key(key='home')", "press_home", ""),
        ("hotkey('ctrl', 'c')", "press", "ctrl"),
        ('open_app(app_name="Maps")', "open_app", "Maps"),
        ("press_back", "press_back", ""),
    ],
)
def test_actions(text, name, said):
    found = actions(text)[-1]
    assert (found.name, found.text) == (name, said)


@pytest.mark.parametrize("text", ["", "I would wait and see.", "my_click(1, 2)", "a typewriter (old)", "(10, 20)"])
def test_no_actions(text):
    assert actions(text) == []


def test_names():
    assert canonical(" Left-Click ") == "click"
    assert canonical("Fly To") == "fly_to"


@pytest.mark.parametrize(
    ("text", "target", "reason"),
    [
        ("(20, 30)", ClickTarget(space="pixel", box=BOX, action="click"),
         "the response names no action; 'click' is asked for"),
        ("type('a')", ClickTarget(space="pixel", box=BOX, action="tap"),
         "the response names the action 'type'; 'click' is asked for"),
        ("click()", ClickTarget(space="pixel", box=BOX, action="click"),
         "the action 'click' is the one asked for, but no point goes with it"),
        ("click(20, 30)", ClickTarget(space="pixel", box=BOX, action="click"),
         "the action 'click' is the one asked for; [20, 30] (last action) lies inside [10, 20, 30, 40]"),
        ("type('b')", ClickTarget(space="pixel", action="type", text="a"),
         "the action 'type' is the one asked for, but its text 'b' differs from 'a'"),
        ("type('A')", ClickTarget(space="pixel", action="type", text="a"),
         "the action 'type' is the one asked for, its text 'A' equals 'a'"),
    ],
)  # fmt: skip
def test_reasons(text, target, reason):
    with tracing() as steps:
        assert judge(text, target).reason == reason
    assert steps[0].startswith("the last action is '")


def test_words_alike_enough():
    target = ClickTarget(space="pixel", action="type", text="cheap red shoes")
    assert judge("type('red shoes')", target).value == 0.0
    score = judge("type('red shoes')", target, text_f1=0.5)
    assert (score.value, "is 0.80 like" in score.reason) == (1.0, True)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (ClickTarget(space="pixel"), "the target needs a box, or a point and a radius"),
        (ClickTarget(space="pixel", point=(1, 2), action="click"), "the target needs a box, or a point and a radius"),
        (ClickTarget(space="pixel", box=BOX, text="a"), "the target's text 'a' needs an action that it goes with"),
        (ClickTarget(space="pixel", action=" "), "the target's action is empty"),
        (ClickTarget(space="pixel", point=(1, float("nan")), radius=1),
         "the target's point [1, nan] or radius 1 is not usable"),
    ],
)  # fmt: skip
def test_targets_that_make_no_sense(target, message):
    with pytest.raises(TargetError) as error:
        judge("(1, 2)", target)
    assert str(error.value) == message


def test_an_unknown_distance():
    with pytest.raises(UsageError, match="option 'distance' has to be one of within, linear, square, not 'far'"):
        Click({"distance": "far"})


@pytest.mark.parametrize(
    "text",
    [
        "click(" * 8_000,
        "(20, 30) " * 5_000,
        '{"action": ' * 5_000,
        'type("' * 8_000,
        "TYPE [" * 8_000,
        "scroll " * 7_000,
    ],
)
def test_hostile_texts_take_no_time(text):
    start = time.process_time()
    judge(text, ClickTarget(space="pixel", box=(90, 90, 99, 99), action="click"))
    judge(text, ClickTarget(space="pixel", box=(90, 90, 99, 99)))
    assert time.process_time() - start < 3.0


def test_nemo_gyms_graded_distance(vg1_test_data):
    lines = (vg1_test_data / "judged" / "nemo_gym_rollouts.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [row for row in map(json.loads, filter(None, lines)) if row["answer_type"] == "click_point"]
    assert len(rows) == 3
    for row in rows:
        x, y = map(float, row["ground_truth"].split(","))
        target = ClickTarget(space="unit", point=(x, y), radius=0.15)
        score = judge(row["response"], target, distance="square", coordinate_space="permille")
        assert score.value == pytest.approx(row["official_verdict"], abs=1e-9)
