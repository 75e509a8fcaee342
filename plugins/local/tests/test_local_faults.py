"""Rows that do not fit their mapping are left out, with a reason, and the others stay."""

import json
import textwrap

import pytest

from vg1_plugin_local.local import Local
from vg1core.types import Skipped
from vg1core.types import TextTarget as Text

TOP = """
name = "mine"
rows = "rows.jsonl"
dimension = "infographic"
question = "q"
images = "image?"
"""


def dataset(folder, mapping, rows):
    (folder / "mapping.toml").write_text(TOP + textwrap.dedent(mapping))
    text = rows if isinstance(rows, str) else "".join(json.dumps({"q": "Q?", **row}) + "\n" for row in rows)
    (folder / "rows.jsonl").write_text(text)
    return Local(str(folder))


def read(folder, mapping, *rows):
    return list(dataset(folder, mapping, rows).samples())


@pytest.mark.parametrize(
    ("target", "row", "reason", "detail"),
    [
        ('kind = "text", answer = "a"', {}, "missing field 'a'", "line 2: field 'a' is missing; the row has 'q'"),
        ('kind = "text", answer = "a"', {"a": None}, "row not understood",
         "line 2: DataError: field 'a': the field is empty. Write 'a?' if rows may lack it"),
        ('kind = "number", answer = "a"', {"a": [1]}, "row not understood",
         "line 2: DataError: field 'a': a text or a number is expected (value: [1])"),
        ('kind = "choice", answer = "a"', {"a": "E"}, "row not understood",
         "line 2: DataError: field 'answer': no such option; there are 4: A to D (value: 'E')"),
        ('kind = "choice", answer = "a"', {"a": "the second"}, "row not understood", "no such option"),
        ('kind = "choice", answer = "a"', {"a": "2"}, "row not understood",
         "line 2: DataError: field 'a': a letter or letters are expected (value: '2'). "
         'Say answer_is = "text" or "index" where it is no letter'),
        ('kind = "choice", answer = "a", answer_is = "index"', {"a": 4}, "row not understood",
         "field 'answer': there are 4 options, numbered from 0 (value: 4)"),
        ('kind = "choice", answer = "a", answer_is = "index"', {"a": 1.5}, "row not understood",
         "field 'a': a whole number is expected (value: 1.5)"),
        ('kind = "choice", answer = "a", answer_is = "text"', {"a": "x"}, "row not understood",
         "the right answer is not among the options ['A', 'B', 'C', 'D'] (value: 'x')"),
        ('kind = "boxes", answer = "a", space = "pixel"', {"a": [1, 2, 3]}, "row not understood",
         "field 'a': four numbers, xyxy are expected (value: [1, 2, 3])"),
        ('kind = "boxes", answer = "a", space = "pixel", format = "points"', {"a": [1, 2, 3, 4]}, "row not understood",
         "field 'a': x, y of three corners or more are expected (value: [1, 2, 3, 4])"),
        ('kind = "boxes", answer = "a", space = "pixel"', {"a": ["1", "x", "3", "4"]}, "row not understood",
         "field 'a': numbers are expected (value: ['1', 'x', '3', '4'])"),
        ('kind = "boxes", answer = "a", space = "pixel"', {"a": "1, 2, nan, 4"}, "row not understood",
         "field 'a': finite numbers are expected"),
        ('kind = "click", answer = "a", space = "pixel"', {"a": [[1, 2, 3, 4], [1, 2, 3, 4]]}, "row not understood",
         "field 'a': one box is expected, not 2"),
        ('kind = "click", answer = "a", space = "pixel", radius = 3', {"a": [1, 2, 3, 4]}, "row not understood",
         "field 'a': a point has two numbers (value: [1, 2, 3, 4])"),
        ('kind = "items", answer = "a"', {"a": "[" * 100_000}, "row not understood",
         "field 'a': a JSON list is expected: maximum recursion depth exceeded"),
        ('kind = "items", answer = "a"', {"a": []}, "row not understood", "field 'a': no items"),
        ('kind = "items", answer = "a"', {"a": {"x": 1}}, "row not understood",
         "field 'a': an object with the keys A, B, C … is expected (value: {'x': 1})"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_left_out_with_its_reason(tmp_path, target, row, reason, detail):
    good = {"a": [[0, 0, 5, 5]] if "boxes" in target else [0, 0, 5, 5] if "click" in target else ["A"]}
    good = {"a": "0"} if "index" in target else {"a": "x"} if "text" in target or "number" in target else good
    mapping = f'letters = "ABCD"\ntarget = {{ {target} }}'
    _, skipped = read(tmp_path, mapping, good, row)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fault) == (reason, True)
    assert detail in skipped.detail
    assert str(tmp_path / "rows.jsonl") in skipped.detail


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"image": "../secret.png"}, "the path leads out of its data folder (value: '../secret.png')"),
        ({"image": "/etc/passwd"}, "the path leads out of its data folder (value: '/etc/passwd')"),
        ({"image": {"path": "../x.png", "bytes": None}}, "the path leads out of its data folder (value: '../x.png')"),
        ({"image": 3}, "field 'images': a path is expected (value: 3)"),
        ({"q": "<image2>", "image": "a.png"}, "field 'question': the question marks picture 2, but the row has 1 "
         "(value: '<image2>'). Or set image_marks = false"),
        ({"q": "<image0>", "image": "a.png"}, "the question marks picture 0"),
    ],
)  # fmt: skip
def test_pictures_that_cannot_be(tmp_path, row, problem):
    _, skipped = read(tmp_path, 'target = { kind = "text", answer = "a" }', {"a": "x"}, {"a": "x", **row})
    assert problem in skipped.detail


def test_question_without_options_is_left_out(tmp_path):
    mapping = 'choices_in_question = "lines"\ntarget = { kind = "choice", answer = "a" }'
    (skipped,) = read(tmp_path, mapping, {"q": "Which?\nA. this one", "a": "A"})
    assert "the question holds no two options written as lines 'A. cat'" in skipped.detail


def test_torn_rows_are_counted(tmp_path):
    rows = json.dumps({"q": "Q?", "a": "x"}) + '\n{"q": "cut'
    good, torn = dataset(tmp_path, 'target = { kind = "text", answer = "a" }', rows).samples()
    assert good.target == Text(text="x")
    assert torn.detail.startswith(f"{tmp_path / 'rows.jsonl'}, line 2: not JSON")
    assert torn.detail.endswith("(the last line is torn: the file was cut off)")
