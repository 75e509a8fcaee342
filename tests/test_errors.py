"""Errors: the tree in the docstring is the tree in the code, and messages say what, where, and what to do."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from vg1core import errors
from vg1core.errors import DataError, PictureError, VG1Error, did_you_mean, nearest, shorten, what_failed


def test_the_tree_in_the_docstring_is_true():
    drawn: list[tuple[str, str]] = []
    above = ["", ""]
    for marks, name in re.findall(r"^    ([│ ├└─]*)(\w+)", errors.__doc__ or "", re.MULTILINE):
        depth = len(marks) // 4
        above[depth + 1 :] = [name]
        drawn.append((name, above[depth]))
    classes = [cls for cls in vars(errors).values() if inspect.isclass(cls) and issubclass(cls, Exception)]
    real = [(cls.__name__, cls.__base__.__name__.replace("Exception", "")) for cls in classes]
    assert sorted(drawn) == sorted(real)
    assert len(drawn) > 10


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DataError("no pictures"), "no pictures"),
        (DataError("empty", file="a.jsonl"), "a.jsonl: empty"),
        (
            DataError("a number is expected", file="a.jsonl", row="line 3", field="target.value", value="x",
                      hint="Mend the line"),
            "a.jsonl, line 3, field 'target.value': a number is expected (value: 'x'). Mend the line",
        ),
        (PictureError("too large", row=7, value=0), "row 7: too large (value: 0)"),
    ],
)  # fmt: skip
def test_data_errors_say_where(error, message):
    assert str(error) == message
    assert isinstance(error, VG1Error)


def test_data_errors_cross_process_boundaries_whole():
    error = pickle.loads(pickle.dumps(PictureError("broken", file="a.png", row=3, field="image", value=b"x", hint="?")))
    assert isinstance(error, PictureError)
    assert str(error) == "a.png, row 3, field 'image': broken (value: b'x'). ?"
    assert (error.problem, error.file, error.row, error.field, error.value) == ("broken", "a.png", 3, "image", b"x")


def test_long_values_are_shortened():
    assert shorten("abc") == "'abc'"
    said = shorten("x" * 100_000)
    assert len(said) < 150
    assert said.endswith("x… (100,002 characters)")


def test_near_names():
    assert nearest("geometri3k", ["geometry3k", "clevr"]) == "geometry3k"
    assert nearest("zzz", ["geometry3k"]) is None
    assert did_you_mean("clever", ["geometry3k", "clevr"]) == "; did you mean 'clevr'?"
    assert did_you_mean("zzz", ["clevr"]) == ""


def test_what_failed_names_the_type():
    assert what_failed(KeyError("a")) == "KeyError: 'a'"
    assert what_failed(SystemExit()) == "SystemExit"
