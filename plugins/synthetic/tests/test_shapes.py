"""Spatial and cross-image targets, found again from the pixels."""

from __future__ import annotations

import math
import re

import pytest
from PIL import ImageChops


@pytest.mark.parametrize("size", [112, 150])
def test_a_box_is_exactly_around_the_named_shape(eye, size):
    for _, sample in eye.drawn("spatial-box", size=size):
        name = re.fullmatch(r"Find the box around the (\w+ \w+)\.", sample.question)[1]
        assert sample.target.boxes == (eye.named(sample.images[0], name),)


def test_relations_hold_between_middles_and_boxes(eye):
    for _, sample in eye.drawn("spatial-relation"):
        one, phrase, other = re.fullmatch(
            r"Is the (\w+ \w+) (left of|right of|above|below) the (\w+ \w+)\?", sample.question
        ).groups()
        a, b = eye.named(sample.images[0], one), eye.named(sample.images[0], other)
        before = {"left of": a[2] <= b[0], "right of": b[2] <= a[0], "above": a[3] <= b[1], "below": b[3] <= a[1]}
        after = {"left of": b[2] <= a[0], "right of": a[2] <= b[0], "above": b[3] <= a[1], "below": a[3] <= b[1]}
        assert before[phrase] != after[phrase]
        assert sample.target.text == ("yes" if before[phrase] else "no")


def test_counts_are_those_of_the_picture(eye):
    for level, sample in eye.drawn("spatial-count"):
        _, _, colour, what, *_ = sample.question.split()
        found = [name for name, _ in eye.shapes(sample.images[0])]
        wanted = f"{colour} {'cross' if what == 'crosses' else what.removesuffix('s')}" if level == "hard" else colour
        hits = [name for name in found if name == wanted or name.split()[0] == wanted]
        assert sample.target.value == str(len(hits))


def test_the_nearest_shape_is_the_nearest(eye):
    for _, sample in eye.drawn("spatial-nearest"):
        start = re.fullmatch(r"Which shape is nearest to the (\w+ \w+)\?", sample.question)[1]
        places = {name: ((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for name, b in eye.shapes(sample.images[0])}
        away = sorted((math.dist(places[start], place), name) for name, place in places.items() if name != start)
        assert eye.option(sample) == away[0][1]
        assert away[1][0] > 1.2 * away[0][0]


def test_the_changed_shape_is_where_the_pictures_differ(eye):
    for _, sample in eye.drawn("cross_image-changed"):
        first, second = (eye.picture(png) for png in sample.images)
        box = ImageChops.difference(first, second).getbbox()
        (name,) = [name for name, found in eye.shapes(sample.images[0]) if found[0] <= box[0] and found[3] >= box[3]
                   and found[1] <= box[1] and found[2] >= box[2]]  # fmt: skip
        assert eye.option(sample) == name


@pytest.mark.parametrize("size", [112, 150])
def test_the_extra_shape_is_in_the_second_picture_only(eye, size):
    for _, sample in eye.drawn("cross_image-extra", size=size):
        first, second = (dict(eye.shapes(png)) for png in sample.images)
        (name,) = set(second) - set(first)
        assert set(first) < set(second)
        assert sample.target.boxes == (second[name],)


def test_the_picture_with_more_has_more(eye):
    for _, sample in eye.drawn("cross_image-more"):
        what = re.fullmatch(r"Which image has more (\w+): 1 or 2\?", sample.question)[1]
        kind = "cross" if what == "crosses" else what.removesuffix("s")
        one, two = (sum(name.endswith(f" {kind}") for name, _ in eye.shapes(png)) for png in sample.images)
        assert sample.target.text == ("1" if one > two else "2")
        assert one != two
