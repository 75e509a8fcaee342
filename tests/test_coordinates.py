"""vg1core.coordinates: conversion between stated spaces."""

import pytest

from vg1core.coordinates import convert, scale_of, to_unit
from vg1core.errors import TargetError

SIZES = {"image_size": (200, 100), "sent_size": (400, 200)}


@pytest.mark.parametrize(
    ("shape", "space"),
    [((0.5, 0.25), "unit"), ((500, 250), "permille"), ((100, 25), "pixel"), ((200, 50), "sent_pixel")],
)
def test_the_same_point_in_every_space(shape, space):
    assert to_unit(shape, space, **SIZES) == (0.5, 0.25)
    assert convert((0.5, 0.25), "unit", space, **SIZES) == shape


def test_polygons_keep_their_order():
    assert convert((0, 0, 200, 0, 200, 100), "pixel", "permille", **SIZES) == (0, 0, 1000, 0, 1000, 1000)


def test_no_size_is_needed_within_one_space():
    assert convert((1, 2), "pixel", "pixel") == (1, 2)
    assert convert((1, 2), "sent_pixel", "sent_pixel") == (1, 2)


@pytest.mark.parametrize(
    ("space", "sizes", "message"),
    [
        ("pixel", {}, "coordinates in 'pixel' cannot be placed: the response has no 'image_sizes'"),
        (
            "sent_pixel",
            {"image_size": (2, 2)},
            "coordinates in 'sent_pixel' cannot be placed: the response has no 'sent_sizes'",
        ),
        ("pixel", {"image_size": (0, 5)}, "coordinates in 'pixel' cannot be placed: 'image_sizes' says 0 x 5"),
    ],
)
def test_a_size_that_is_missing(space, sizes, message):
    with pytest.raises(TargetError) as error:
        scale_of(space, **sizes)
    assert str(error.value) == message
    with pytest.raises(TargetError):
        convert((1, 2), space, "unit", **sizes)
