"""Values of a row, as mappings name them."""

import datetime

import pytest

from vg1_plugin_local.fields import Constant, get, names, plain, text

ROW = {"a": 1, "b": {"c": [{"t": "x"}, {"t": "y"}], "d.e": 2}, "n": None, "x.y": "whole name", "braces": "{a}"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", 1),
        ("x.y", "whole name"),
        ("b.c.1.t", "y"),
        ("b.c.*.t", ["x", "y"]),
        ("n?", None),
        ("gone?", None),
        ("b.gone?", None),
        ("{a}/{b.c.0.t}.png", "1/x.png"),
        ("{{{a}}}", "{1}"),
        ("{gone?}{n?}.", "."),
        ("{braces}", "{a}"),
        (["a", "x.y"], [1, "whole name"]),
        (Constant(constant=[1, 2]), [1, 2]),
    ],
)
def test_get(value, expected):
    assert get(ROW, value) == expected


@pytest.mark.parametrize(
    "value", ["gone", "b.gone", "b.c.2.t", "b.c.-1", "b.c.*.gone", "a.b", "{gone}", "{a.b}", "b.c.9999999"]
)
def test_missing_fields(value):
    with pytest.raises(KeyError):
        text(ROW, value)


def test_fields_of_a_value():
    assert list(names(["a", "{b} {c?}"])) == ["a", "b", "c?"]
    assert list(names(Constant(constant="a"))) == list(names(None)) == []


def test_plain_values():
    day = datetime.date(2020, 1, 2)
    assert plain({"a": (1, day), "b": float("nan"), 3: None}) == {"a": [1, "2020-01-02"], "b": "nan", "3": None}
