"""From a mapping and rows to samples."""

import json
import textwrap

import pytest

from vg1_plugin_local.local import Local, interleaved
from vg1core.errors import DataError, UsageError
from vg1core.images import open_picture
from vg1core.plugins import PluginHost
from vg1core.types import BoxesTarget, ChoiceTarget, ClickTarget, ItemsTarget, MathTarget, NumberTarget, Sample, Skipped
from vg1core.types import TextTarget as Text

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd"
    "8db00000000049454e44ae426082"
)

TOP = """
name = "mine"
rows = "rows.jsonl"
dimension = "infographic"
question = "q"
images = "image?"
"""


def dataset(folder, mapping, rows, top=TOP, name="rows.jsonl"):
    (folder / "mapping.toml").write_text(top + textwrap.dedent(mapping))
    text = rows if isinstance(rows, str) else "".join(json.dumps({"q": "Q?", **row}) + "\n" for row in rows)
    (folder / name).write_text(text)
    return Local(str(folder))


def read(folder, mapping, *rows, **more):
    return list(dataset(folder, mapping, rows, **more).samples())


def only(found):
    (one,) = found
    assert isinstance(one, Sample), one
    return one


def test_a_ten_line_mapping(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(PNG)
    found = read(
        tmp_path,
        """
        id = "id"
        metadata = ["category", "question"]
        target = { kind = "number", answer = "label", tolerance = 0.05 }
        """,
        {"id": 7, "image": "pictures/a.png", "label": "1,200", "category": "bar", "question": "a field of this name"},
    )
    sample = only(found)
    assert sample.id == "dataset:local/mine/rows/7"
    assert Local(str(tmp_path)).label == "local/mine"
    assert sample.dimension == "infographic"
    assert sample.question == "Q?"
    assert sample.target == NumberTarget(value="1,200", tolerance=0.05)
    assert sample.verifier == "numeric"
    assert sample.metadata == {"category": "bar", "question": "a field of this name"}
    assert open_picture(sample.images[0]).size == (1, 1)


@pytest.mark.parametrize(
    ("target", "row", "expected", "verifier"),
    [
        ('kind = "text", answer = "a"', {"a": "[1, 2]"}, Text(text="[1, 2]"), "exact"),
        ('kind = "text", answer = "a"', {"a": ["cat", "kitten"]}, Text(text="cat", aliases=("kitten",)), "exact"),
        ('kind = "text", answer = "a", aliases = "b", separator = "|"', {"a": 3, "b": "three|III"},
         Text(text="3", aliases=("three", "III")), "exact"),
        ('kind = "text", answer = { constant = "yes" }', {}, Text(text="yes"), "exact"),
        ('kind = "text", answer = "{m.first} {m.last}"', {"m": {"first": "Ada", "last": "L"}},
         Text(text="Ada L"), "exact"),
        ('kind = "items", answer = "a"', {"a": ["x", 2]}, ItemsTarget(items=("x", "2")), "set"),
        ('kind = "items", answer = "a.*.t"', {"a": [{"t": "x"}, {"t": "y"}]}, ItemsTarget(items=("x", "y")), "set"),
        ('kind = "items", answer = "a", separator = ";"', {"a": "x; y"}, ItemsTarget(items=("x", "y")), "set"),
        ('kind = "number", answer = "a", unit = "u", decimals = 2', {"a": 1.5, "u": "m"},
         NumberTarget(value="1.5", unit="m", decimals=2), "numeric"),
        ('kind = "number", answer = "a", unit = "u?"', {"a": "3"}, NumberTarget(value="3"), "numeric"),
        ('kind = "math", answer = "a"', {"a": " \\frac{1}{2} "}, MathTarget(latex="\\frac{1}{2}"), "math"),
        ('kind = "boxes", answer = "a", space = "pixel"', {"a": [1, 2, 3, 4]},
         BoxesTarget(boxes=((1, 2, 3, 4),), space="pixel"), "iou"),
        ('kind = "boxes", answer = "a", space = "unit", format = "xywh"', {"a": [[0.1, 0.25, 0.5, 0.5]]},
         BoxesTarget(boxes=((0.1, 0.25, 0.6, 0.75),), space="unit"), "iou"),
        ('kind = "boxes", answer = "a", space = "pixel", format = "points"', {"a": [[0, 0], [4, 0], [0, 4]]},
         BoxesTarget(boxes=((0, 0, 4, 0, 0, 4),), space="pixel"), "iou"),
        ('kind = "boxes", answer = "a", space = "pixel", format = "points"',
         {"a": [[[0, 0], [4, 0], [0, 4]], [1, 1, 2, 1, 2, 2]]},
         BoxesTarget(boxes=((0, 0, 4, 0, 0, 4), (1, 1, 2, 1, 2, 2)), space="pixel"), "iou"),
        ('kind = "boxes", answer = ["x", "y", "w", "h"], space = "pixel", format = "xywh"',
         {"x": 1, "y": 2, "w": 3, "h": "4"}, BoxesTarget(boxes=((1, 2, 4, 6),), space="pixel"), "iou"),
        ('kind = "click", answer = "a", space = "permille"', {"a": "10, 20, 30, 40"},
         ClickTarget(space="permille", box=(10, 20, 30, 40)), "click"),
        ('kind = "click", answer = ["p.0.x", "p.0.y"], space = "pixel", radius = 5', {"p": [{"x": 9, "y": 8}]},
         ClickTarget(space="pixel", point=(9, 8), radius=5), "click"),
    ],
)  # fmt: skip
def test_targets(tmp_path, target, row, expected, verifier):
    sample = only(read(tmp_path, f"target = {{ {target} }}", row))
    assert (sample.target, sample.verifier) == (expected, verifier)


@pytest.mark.parametrize(
    ("how", "row", "choices", "letters"),
    [
        ('choices = "c"', {"c": ["x", "y"], "a": "B"}, ("x", "y"), "B"),
        ('choices = "c"', {"c": ["x", "y", "z"], "a": "c, a"}, ("x", "y", "z"), "AC"),
        ('choices = "c"', {"c": ["x", "y", "z"], "a": ["A", "C"]}, ("x", "y", "z"), "AC"),
        ('choices = "c"', {"c": {"A": "x", "B": "y"}, "a": "(B)"}, ("x", "y"), "B"),
        ('choices = "c"', {"c": '["x", 2]', "a": "b"}, ("x", "2"), "B"),
        ('choices = "c"', {"c": ["", ""], "a": "b"}, ("", ""), "B"),
        ('choices = ["A", "B", "C?"]', {"A": "x", "B": "y", "a": "B"}, ("x", "y"), "B"),
        ('letters = "abcd"', {"a": "BD"}, ("A", "B", "C", "D"), "BD"),
        ('answer_is index: choices = "c"', {"c": ["x", "y"], "a": 1}, ("x", "y"), "B"),
        ('answer_is index: choices = "c"', {"c": ["x", "y", "z"], "a": ["2", "0"]}, ("x", "y", "z"), "AC"),
        ('answer_is text: choices = "c"', {"c": ["x", "y"], "a": " y "}, ("x", "y"), "B"),
        ('answer_is text: choices = "c"', {"c": ["True", "False"], "a": True}, ("True", "False"), "A"),
    ],
)
def test_choices(tmp_path, how, row, choices, letters):
    way, _, options = how.rpartition(": ")
    answer_is = way.removeprefix("answer_is ") or "letter"
    mapping = f'{options}\ntarget = {{ kind = "choice", answer = "a", answer_is = "{answer_is}" }}'
    sample = only(read(tmp_path, mapping, row))
    assert (sample.choices, sample.target) == (choices, ChoiceTarget(letters=letters))


@pytest.mark.parametrize(
    ("marks", "question", "rest", "choices"),
    [
        ("brackets", "How far? (a) 1 m (b) 2 m ", "How far?", ("1 m", "2 m")),
        ("brackets", "Is f(x) right? (A) yes (B) no", "Is f(x) right?", ("yes", "no")),
        ("lines", "Which?\nA. a cat\n  with a hat\nB) a dog", "Which?", ("a cat\n  with a hat", "a dog")),
        ("lines", "哪个？\nA、猫\nB．狗\nc. 鸟", "哪个？", ("猫", "狗", "鸟")),
    ],
)
def test_options_inside_the_question(tmp_path, marks, question, rest, choices):
    mapping = f'choices_in_question = "{marks}"\ntarget = {{ kind = "choice", answer = "a" }}'
    sample = only(read(tmp_path, mapping, {"q": question, "a": "b"}))
    assert (sample.question, sample.choices) == (rest, choices)


@pytest.mark.parametrize(
    ("question", "first", "parts"),
    [
        ("Q?", ["p1", "p2"], ["Q?"]),
        ("Q <image1>", ["p2"], ["Q ", "p1"]),
        ("<image> and <image>: same?", [], ["p1", " and ", "p2", ": same?"]),
        ("<image 2>, then <image_1>?", [], ["p2", ", then ", "p1", "?"]),
        ("See <image2>. Again <image2>", ["p1"], ["See ", "p2", ". Again <image2>"]),
        ("\n<image1>\n<image2>\n", [], ["p1", "p2"]),
    ],
)
def test_pictures_stand_where_the_question_marks_them(question, first, parts):
    assert interleaved(question, ["p1", "p2"]) == (first, parts)


def test_marks_can_be_left_alone(tmp_path):
    (tmp_path / "a.png").write_bytes(PNG)
    mapping = 'image_marks = false\ntarget = { kind = "text", answer = "a" }'
    sample = only(read(tmp_path, mapping, {"q": "What is <image1>?", "image": "a.png", "a": "x"}))
    assert sample.question == "What is <image1>?"
    assert len(sample.images) == 1


def test_pictures_as_lists_templates_and_embedded(tmp_path):
    from vg1core.testing.hub import parquet

    mapping = 'target = { kind = "text", answer = "a" }\n'
    rows = [{"q": "Q?", "pages": [{"bytes": PNG, "path": "x"}], "image": {"bytes": PNG, "path": None}, "a": "x"}]
    columns = {"q": "string", "pages": "list[image]", "image": "image", "a": "string"}
    top = TOP.replace("rows.jsonl", "*.parquet").replace('"image?"', '["pages", "image"]')
    (tmp_path / "mapping.toml").write_text(top + mapping)
    (tmp_path / "a.parquet").write_bytes(parquet(rows, columns))
    sample = only(Local(str(tmp_path)).samples())
    assert [picture.data for picture in sample.images] == [PNG, PNG]

    top = TOP.replace('"image?"', '["{n}.png", "more"]')
    sample = only(read(tmp_path, mapping, {"n": 3, "more": ["4.png", "z.zip!5.png"], "a": "x"}, top=top))
    assert [picture.ref for picture in sample.images] == [
        str(tmp_path / name) for name in ("3.png", "4.png", "z.zip!5.png")
    ]


def test_csv_rows(tmp_path):
    top = TOP.replace("rows.jsonl", "rows.csv")
    mapping = 'choices = ["A", "B", "C"]\ntarget = { kind = "choice", answer = "answer" }'
    text = "q,A,B,C,answer\nWhich?,cat,dog,,B\nWhich?,cat,dog,cow\n"
    good, bad = dataset(tmp_path, mapping, text, top=top, name="rows.csv").samples()
    assert (good.choices, good.target) == (("cat", "dog"), ChoiceTarget(letters="B"))
    assert bad.detail == f"{tmp_path / 'rows.csv'}, line 3: 4 cells, but the header has 5"


def test_rows_are_read_by_the_first_when_that_holds(tmp_path):
    mapping = """
    target = { kind = "math", answer = "a" }
    verifier = "exact"
    options = { x = 1 }
    [[when]]
    field = "c?"
    empty = false
    choices = "c"
    verifier = "choice"
    target = { kind = "choice", answer = "a" }
    [[when]]
    field = "type"
    one_of = ["where", "place"]
    question = "Where? {q}"
    dimension = "gui"
    target = { kind = "click", answer = "box", space = "pixel" }
    [[skip]]
    field = "type"
    equals = "essay"
    reason = "open answers are not verified"
    """
    found = read(
        tmp_path, mapping, {"a": "x", "type": "", "c": []}, {"a": "A", "c": ["x", "y"], "type": "where"},
        {"type": "place", "box": [1, 2, 3, 4]}, {"type": "essay"},
    )  # fmt: skip
    assert [type(one.target).__name__ for one in found[:3]] == ["MathTarget", "ChoiceTarget", "ClickTarget"]
    assert [(one.verifier, one.dimension, one.question) for one in found[:3]] == [
        ("exact", "infographic", "Q?"), ("choice", "infographic", "Q?"), ("exact", "gui", "Where? Q?"),
    ]  # fmt: skip
    assert [dict(one.options) for one in found[:3]] == [{"x": 1}] * 3
    assert found[3] == Skipped(id="dataset:local/mine/rows/3", reason="open answers are not verified")


def test_a_row_that_no_when_fits_is_left_out(tmp_path):
    mapping = '[[when]]\nfield = "t"\nequals = 1\ntarget = { kind = "text", answer = "a" }\n'
    found = read(tmp_path, mapping, {"t": 1, "a": "x"}, {"t": 2, "a": "x"})
    assert found[1].reason == "no [[when]] of the mapping fits, and it has no [target] of its own"


def test_root_and_environment(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("MY_DATA", str(tmp_path))
    top = TOP + 'root = "${MY_DATA}/data"\n'
    mapping = 'target = { kind = "text", answer = "a" }'
    sample = only(read(tmp_path, mapping, {"image": "p.png", "a": "x"}, top=top))
    assert sample.images[0].ref == str(tmp_path / "data" / "p.png")
    revision = Local(str(tmp_path)).revision()
    assert revision.startswith("sha256:")
    assert Local(str(tmp_path / "mapping.toml")).revision() == revision
    (tmp_path / "rows.jsonl").write_text('{"q": "other"}\n')
    assert Local(str(tmp_path)).revision() != revision
    monkeypatch.delenv("MY_DATA")
    with pytest.raises(DataError) as caught:
        Local(str(tmp_path))
    assert str(caught.value) == (
        f"{tmp_path / 'mapping.toml'}, field 'root': the environment variable MY_DATA is not set "
        "(value: '${MY_DATA}/data'). Set it, or write the path out: export MY_DATA=/path/to/data"
    )
    assert Local().revision() == "unknown"


def test_without_a_mapping():
    with pytest.raises(
        UsageError, match=r"'local' needs the path of a mapping file: --datasets local:my/mapping\.toml"
    ):
        list(Local().samples())


def test_fixture_rows():
    found = list(Local().samples("fixtures"))
    assert [one.id.rpartition("/")[2] for one in found] == ["bars-1", "bars-2", "shapes-1", "screen-1", "text-1"]
    assert Local().revision("fixtures").startswith("sha256:")


@pytest.mark.parametrize("check", ["check_info", "check_fixtures", "check_samples", "check_answers", "check_import"])
def test_conformance(check):
    from vg1core.testing import conformance  # its check of columns is for sources that have a schema of their own

    getattr(conformance, check)(PluginHost().get("dataset", "local"))
