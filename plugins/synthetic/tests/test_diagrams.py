"""Targets of charts and of mathematical figures, found again from the pixels or the scene."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from vg1_plugin_synthetic.canvas import COLOURS, GRID


def bar_heights(eye, sample) -> dict[str, float]:
    """Heights of the bars from left to right, as parts of the axis."""
    image = sample.images[0]
    found = {}
    for name in ("red", "blue", "green", "purple", "orange"):
        for group in eye.patches(eye.pixels(image, COLOURS[name]), 30):
            x1, y1, _, y2 = eye.bounds(group)
            found[x1] = y2 - y1
    axis = 88 * eye.picture(image).width / GRID  # the plot is 88 units high
    return dict(zip("ABCDE", (height / axis for _, height in sorted(found.items())), strict=False))


def test_bars_have_their_values(eye):
    for level, sample in eye.drawn("infographic-bar-value"):
        top = {"easy": 5, "medium": 10, "hard": 50}[level]
        height = bar_heights(eye, sample)[sample.question.removesuffix("?")[-1]]
        assert abs(height * top - int(sample.target.value)) < 0.25 * (5 if level == "hard" else 1)


def test_differences_of_bars(eye):
    for level, sample in eye.drawn("infographic-bar-difference"):
        top = {"easy": 5, "medium": 10, "hard": 50}[level]
        high, low = re.fullmatch(r"How much higher is bar (\w) than bar (\w)\?", sample.question).groups()
        heights = bar_heights(eye, sample)
        assert abs((heights[high] - heights[low]) * top - int(sample.target.value)) < 0.3 * (
            5 if level == "hard" else 1
        )
        assert int(sample.target.value) > 0


def test_tables_are_read_correctly(eye):
    for _, sample in eye.drawn("infographic-table"):
        column = sample.question.removesuffix("?").split()[-1]
        values = dict(zip(sample.scene["rows"], sample.scene["cells"][column], strict=True))
        number = re.search(r"the number (\d+)", sample.question)
        pick = int(number[1]) if number else (max if "largest" in sample.question else min)(values.values())
        assert [day for day, value in values.items() if value == pick] == [sample.target.text]


def test_lines_peak_where_the_pixels_do(eye):
    for _, sample in eye.drawn("infographic-line", size=250):
        colour, most = re.search(r"is the (\w+) line (highest|lowest)", sample.question).groups()
        points = eye.pixels(sample.images[0], COLOURS[colour])
        rank = min if most == "highest" else max
        x, _ = rank(points, key=lambda point: point[1])
        months = ("Jan", "Feb", "Mar", "Apr", "May")[: len(sample.scene["months"])]
        left, right = 6 * 250 / GRID, 108 * 250 / GRID  # the months share this width
        assert months[int((x - left) / (right - left) * len(months))] == sample.target.text


def degrees(at: list[int], a: list[int], b: list[int]) -> float:
    turn = math.atan2(a[1] - at[1], a[0] - at[0]) - math.atan2(b[1] - at[1], b[0] - at[0])
    return abs((math.degrees(turn) + 180) % 360 - 180)


def value_of(latex: str) -> float:
    if found := re.fullmatch(r"\\frac\{(\d+)\}\{(\d+)\}", latex):
        return float(Fraction(int(found[1]), int(found[2])))
    found = re.fullmatch(r"(\d*)(?:\\sqrt\{(\d+)\})?", latex)
    return int(found[1] or 1) * math.sqrt(int(found[2] or 1))


def test_triangles_have_the_angles_that_are_written(eye):
    for _, sample in eye.drawn("math-angle", size=336):
        points, labels = sample.scene["points"], sample.scene["labels"]
        x = value_of(sample.target.latex)
        for n, label in enumerate(labels):
            measured = degrees(points[n], points[n - 1], points[n - 2])
            written = {"x°": x, "2x°": 2 * x}.get(label) or float(label.removesuffix("°"))
            assert abs(measured - written) < 1.5
        assert "x°" in labels


def test_lengths_and_areas(eye):
    for level, sample in eye.drawn("math-length", count=30):
        a, b = sample.scene["sides"]
        expected = {"easy": a * b, "medium": a * b / 2, "hard": math.hypot(a, b)}[level]
        assert math.isclose(value_of(sample.target.latex), expected)
        xs, ys = ([point[axis] for point in sample.scene["points"]] for axis in (0, 1))
        assert abs((max(xs) - min(xs)) / (max(ys) - min(ys)) - a / b) < 0.2 * a / b


def test_dark_fractions_are_shares_of_the_area(eye):
    for _, sample in eye.drawn("math-fraction"):
        dark = len(eye.pixels(sample.images[0], tuple(sample.scene["colour"])))
        white = eye.patches(eye.pixels(sample.images[0], (255, 255, 255)), steps=eye.straight)
        parts = [group for group in white if eye.bounds(group)[0] > 0]
        assert abs(dark / (dark + sum(map(len, parts))) - value_of(sample.target.latex)) < 0.03


def test_sums(eye):
    for _, sample in eye.drawn("math-sum"):
        assert sample.target.value == str(sum(sample.scene["numbers"]))
