"""Targets found again from the pixels, or from what the scene says was drawn, without the code that made them."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from vg1_plugin_synthetic.canvas import COLOURS, GRID
from vg1_plugin_synthetic.drawn import Drawn
from vg1_plugin_synthetic.spec import LEVELS, parse
from vg1_plugin_synthetic.synthetic import make

SIZES = (112, 150)
Pixels = set[tuple[int, int]]


def drawn(task: str, *, size: int = 112, count: int = 8) -> list[tuple[str, Drawn]]:
    """Some samples of a task at every level."""
    specs = [parse(f"{level};task={task};size={size};seed=21") for level in LEVELS]
    return [(spec.level, make(spec, spec.item(number))) for spec in specs for number in range(count)]


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def pixels(png: bytes, colour: tuple[int, int, int]) -> Pixels:
    image = picture(png)
    data, width = image.tobytes(), image.width
    wanted = bytes(colour)
    return {(n % width, n // width) for n in range(len(data) // 3) if data[3 * n : 3 * n + 3] == wanted}


def bounds(points: Pixels) -> tuple[float, ...]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1


CROSS = ((1, 0), (-1, 0), (0, 1), (0, -1))
ROUND = (*CROSS, (1, 1), (1, -1), (-1, 1), (-1, -1))


def patches(points: Pixels, smallest: int = 4, *, steps: tuple[tuple[int, int], ...] = ROUND) -> list[Pixels]:
    """Connected groups of pixels; specks of text are left out."""
    rest, found = set(points), []
    while rest:
        group, edge = set(), {rest.pop()}
        while edge:
            group |= edge
            edge = {(x + dx, y + dy) for x, y in edge for dx, dy in steps} & rest
            rest -= edge
        found.append(group)
    return [group for group in found if len(group) >= smallest]


def form(group: Pixels) -> str:
    """Name of a shape, from the share of its box that it fills and from its first and last row."""
    x1, y1, x2, y2 = bounds(group)
    share = len(group) / ((x2 - x1) * (y2 - y1))
    top, bottom = (sum(y == row for _, y in group) / (x2 - x1) for row in (y1, y2 - 1))
    if share > 0.72:
        return "square" if share > 0.97 else "circle"
    if bottom == 1:
        return "triangle"
    if share < 0.46:
        return "star"
    return "cross" if top > 0.2 else "diamond"


def shapes(png: bytes) -> list[tuple[str, tuple[float, ...]]]:
    """Name and box of every coloured shape of a picture."""
    return [
        (f"{name} {form(group)}", bounds(group))
        for name, colour in COLOURS.items() for group in patches(pixels(png, colour), 30)
    ]  # fmt: skip


def named(png: bytes, name: str) -> tuple[float, ...]:
    (box,) = [box for found, box in shapes(png) if found == name]
    return box


def option(sample: Drawn) -> str:
    return sample.choices["ABCD".index(sample.target.letters)]


@pytest.mark.parametrize("size", SIZES)
def test_a_box_is_exactly_around_the_named_shape(size):
    for _, sample in drawn("spatial-box", size=size):
        name = re.fullmatch(r"Find the box around the (\w+ \w+)\.", sample.question)[1]
        assert sample.target.boxes == (named(sample.images[0], name),)


def test_relations_hold_between_middles_and_boxes():
    for _, sample in drawn("spatial-relation"):
        one, phrase, other = re.fullmatch(
            r"Is the (\w+ \w+) (left of|right of|above|below) the (\w+ \w+)\?", sample.question
        ).groups()
        a, b = named(sample.images[0], one), named(sample.images[0], other)
        before = {"left of": a[2] <= b[0], "right of": b[2] <= a[0], "above": a[3] <= b[1], "below": b[3] <= a[1]}
        after = {"left of": b[2] <= a[0], "right of": a[2] <= b[0], "above": b[3] <= a[1], "below": a[3] <= b[1]}
        assert before[phrase] != after[phrase]
        assert sample.target.text == ("yes" if before[phrase] else "no")


def test_counts_are_those_of_the_picture():
    for level, sample in drawn("spatial-count"):
        _, _, colour, what, *_ = sample.question.split()
        found = [name for name, _ in shapes(sample.images[0])]
        wanted = f"{colour} {'cross' if what == 'crosses' else what.removesuffix('s')}" if level == "hard" else colour
        hits = [name for name in found if name == wanted or name.split()[0] == wanted]
        assert sample.target.value == str(len(hits))


def test_the_nearest_shape_is_the_nearest():
    for _, sample in drawn("spatial-nearest"):
        start = re.fullmatch(r"Which shape is nearest to the (\w+ \w+)\?", sample.question)[1]
        places = {name: ((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for name, b in shapes(sample.images[0])}
        away = sorted((math.dist(places[start], place), name) for name, place in places.items() if name != start)
        assert option(sample) == away[0][1]
        assert away[1][0] > 1.2 * away[0][0]


def test_the_changed_shape_is_where_the_pictures_differ():
    for _, sample in drawn("cross_image-changed"):
        first, second = (picture(png) for png in sample.images)
        box = ImageChops.difference(first, second).getbbox()
        (name,) = [name for name, found in shapes(sample.images[0]) if found[0] <= box[0] and found[3] >= box[3]
                   and found[1] <= box[1] and found[2] >= box[2]]  # fmt: skip
        assert option(sample) == name


@pytest.mark.parametrize("size", SIZES)
def test_the_extra_shape_is_in_the_second_picture_only(size):
    for _, sample in drawn("cross_image-extra", size=size):
        first, second = (dict(shapes(png)) for png in sample.images)
        (name,) = set(second) - set(first)
        assert set(first) < set(second)
        assert sample.target.boxes == (second[name],)


def test_the_picture_with_more_has_more():
    for _, sample in drawn("cross_image-more"):
        what = re.fullmatch(r"Which image has more (\w+): 1 or 2\?", sample.question)[1]
        kind = "cross" if what == "crosses" else what.removesuffix("s")
        one, two = (sum(name.endswith(f" {kind}") for name, _ in shapes(png)) for png in sample.images)
        assert sample.target.text == ("1" if one > two else "2")
        assert one != two


def bar_heights(sample: Drawn) -> dict[str, float]:
    """Heights of the bars from left to right, as parts of the axis."""
    image = sample.images[0]
    found = {}
    for name in ("red", "blue", "green", "purple", "orange"):
        for group in patches(pixels(image, COLOURS[name]), 30):
            x1, y1, _, y2 = bounds(group)
            found[x1] = y2 - y1
    axis = 88 * picture(image).width / GRID  # the plot is 88 units high
    return dict(zip("ABCDE", (height / axis for _, height in sorted(found.items())), strict=False))


def test_bars_have_their_values():
    for level, sample in drawn("infographic-bar-value"):
        top = {"easy": 5, "medium": 10, "hard": 50}[level]
        height = bar_heights(sample)[sample.question.removesuffix("?")[-1]]
        assert abs(height * top - int(sample.target.value)) < 0.25 * (5 if level == "hard" else 1)


def test_differences_of_bars():
    for level, sample in drawn("infographic-bar-difference"):
        top = {"easy": 5, "medium": 10, "hard": 50}[level]
        high, low = re.fullmatch(r"How much higher is bar (\w) than bar (\w)\?", sample.question).groups()
        heights = bar_heights(sample)
        assert abs((heights[high] - heights[low]) * top - int(sample.target.value)) < 0.3 * (
            5 if level == "hard" else 1
        )
        assert int(sample.target.value) > 0


def test_tables_are_read_correctly():
    for _, sample in drawn("infographic-table"):
        column = sample.question.removesuffix("?").split()[-1]
        values = dict(zip(sample.scene["rows"], sample.scene["cells"][column], strict=True))
        number = re.search(r"the number (\d+)", sample.question)
        pick = int(number[1]) if number else (max if "largest" in sample.question else min)(values.values())
        assert [day for day, value in values.items() if value == pick] == [sample.target.text]


def test_lines_peak_where_the_pixels_do():
    for _, sample in drawn("infographic-line", size=250):
        colour, most = re.search(r"is the (\w+) line (highest|lowest)", sample.question).groups()
        points = pixels(sample.images[0], COLOURS[colour])
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


def test_triangles_have_the_angles_that_are_written():
    for _, sample in drawn("math-angle", size=336):
        points, labels = sample.scene["points"], sample.scene["labels"]
        x = value_of(sample.target.latex)
        for n, label in enumerate(labels):
            measured = degrees(points[n], points[n - 1], points[n - 2])
            written = {"x°": x, "2x°": 2 * x}.get(label) or float(label.removesuffix("°"))
            assert abs(measured - written) < 1.5
        assert "x°" in labels


def test_lengths_and_areas():
    for level, sample in drawn("math-length", count=30):
        a, b = sample.scene["sides"]
        expected = {"easy": a * b, "medium": a * b / 2, "hard": math.hypot(a, b)}[level]
        assert math.isclose(value_of(sample.target.latex), expected)
        xs, ys = ([point[axis] for point in sample.scene["points"]] for axis in (0, 1))
        assert abs((max(xs) - min(xs)) / (max(ys) - min(ys)) - a / b) < 0.2 * a / b


def test_dark_fractions_are_shares_of_the_area():
    for _, sample in drawn("math-fraction"):
        dark = len(pixels(sample.images[0], tuple(sample.scene["colour"])))
        white = patches(pixels(sample.images[0], (255, 255, 255)), steps=CROSS)
        parts = [group for group in white if bounds(group)[0] > 0]
        assert abs(dark / (dark + sum(map(len, parts))) - value_of(sample.target.latex)) < 0.03


def test_sums():
    for _, sample in drawn("math-sum"):
        assert sample.target.value == str(sum(sample.scene["numbers"]))


def likeness(image: Image.Image, box: list[int], word: str) -> int:
    """How many pixels of a button differ from the same button with this word on it."""
    crop = image.crop(box)
    fill = crop.getpixel((crop.width // 2, 3))
    own = crop.point(lambda value: value)
    drawing = ImageDraw.Draw(own)
    ink = (35, 35, 45) if sum(fill) > 500 else (255, 255, 255)
    drawing.rectangle((3, 3, crop.width - 4, crop.height - 4), fill)
    x, y = own.width / 2, 8.5 * image.width / GRID
    drawing.text((round(x), round(y)), word, ink, ImageFont.load_default(round(11 * image.width / GRID)), "mm")
    difference = ImageChops.difference(crop, own).convert("L").point(lambda value: 255 if value > 90 else 0)
    return difference.histogram()[255]


def test_clicks_go_to_the_button_with_the_word():
    for _, sample in drawn("gui-button", size=336):
        word = re.fullmatch(r"Click the (\w+) button\.", sample.question)[1]
        image = picture(sample.images[0])
        boxes = sorted(sample.scene["boxes"].values(), key=lambda box: likeness(image, box, word))
        assert sample.target.box == tuple(map(float, boxes[0]))


def test_click_targets_are_of_one_colour_at_their_edges():
    for _, sample in drawn("gui-button", size=336):
        image = picture(sample.images[0])
        x1, y1, x2, y2 = (int(value) for value in sample.target.box)
        middle = (y1 + y2) // 2
        assert image.getpixel((x1, middle)) == image.getpixel((x2 - 1, middle)) != image.getpixel((x1 - 2, middle))
        assert image.getpixel((x1 + 12, y1)) == image.getpixel((x1 + 12, y2 - 1)) != image.getpixel((x1 + 12, y2 + 1))


def test_icons_do_not_overlap_and_differ():
    for _, sample in drawn("gui-icon"):
        boxes = list(sample.scene["boxes"].values())
        for n, (a1, b1, a2, b2) in enumerate(boxes):
            assert all(a2 <= c1 or c2 <= a1 or b2 <= d1 or d2 <= b1 for c1, d1, c2, d2 in boxes[n + 1 :])
        image = picture(sample.images[0])
        assert len({image.crop(box).tobytes() for box in boxes}) == len(boxes)
        assert sample.scene["boxes"][sample.question.split()[2]] == list(map(int, sample.target.box))


def test_checked_boxes_hold_a_tick():
    for _, sample in drawn("gui-checkbox"):
        image = picture(sample.images[0])
        x1, y1, x2, y2 = sample.scene["boxes"][sample.question.split()[2]]
        inner = image.crop((x1 + 2, y1 + 2, x2 - 2, y2 - 2)).getcolors()
        assert sample.target.text == ("yes" if len(inner) > 1 else "no")


def test_the_spot_is_on_its_side():
    for level, sample in drawn("medical-side"):
        x1, _, x2, _ = bounds(max(patches(pixels(sample.images[0], (45, 25, 35))), key=len))
        of_the_image = "left" if (x1 + x2) / 2 < 56 else "right"
        assert (sample.target.text == of_the_image) == (level != "hard")


def test_arrows_end_on_their_organ():
    colours = {"brain": (225, 150, 180), "lung": (236, 150, 160), "heart": (200, 30, 45), "liver": (140, 65, 45),
               "stomach": (240, 160, 70), "kidney": (190, 100, 150), "bladder": (240, 205, 90)}  # fmt: skip
    for _, sample in drawn("medical-pointer", size=336):
        x, y = sample.scene["tip"]
        image = picture(sample.images[0])
        near = [image.getpixel((x + dx, y + dy)) for dx in range(-6, 7) for dy in range(-6, 7)]
        seen = max(colours, key=lambda organ: near.count(colours[organ]))
        assert option(sample) == seen


def test_letters_belong_to_their_organs():
    for _, sample in drawn("medical-label"):
        letters, asked = sample.scene["letters"], sample.question.removesuffix("?").split()[-1]
        assert letters[asked] == sample.target.text
        assert len(set(letters.values())) == len(letters)


def test_dark_cores_are_counted():
    for _, sample in drawn("medical-cells"):
        assert sample.target.value == str(len(patches(pixels(sample.images[0], (70, 25, 95)))))


def test_the_thing_that_falls_stands_on_nothing():
    for _, sample in drawn("common_sense-fall"):
        image, falling = picture(sample.images[0]), []
        wall = image.getpixel((1, 1))
        for name, (x1, _, x2, y2) in sample.scene["boxes"].items():
            if all(image.getpixel((x, y2 + 1)) == wall for x in range(x1, x2)):
                falling.append(name)
        assert falling == [option(sample)]


def test_balls_roll_down():
    for _, sample in drawn("common_sense-roll"):
        colour = sample.question.split()[2]
        left, right = sample.scene["slopes"][colour]
        assert sample.target.text == ("left" if left > right else "right")
        assert abs(left - right) >= 6


@pytest.mark.parametrize("size", SIZES)
def test_thermometers(size):
    for level, sample in drawn("science-thermometer", size=size):
        low, high = {"easy": (0, 50), "medium": (0, 40), "hard": (-10, 20)}[level]
        _, top, _, _ = bounds(pixels(sample.images[0], COLOURS["red"]))
        share = (88 - top * GRID / size) / 78  # the scale goes from 88 units up to 10
        step = {"easy": 10, "medium": 5, "hard": 2}[level]
        assert abs(low + share * (high - low) - int(sample.target.value)) < 0.3 * step


def test_balances_are_level():
    for _, sample in drawn("science-balance", count=40):
        left, right = ([sample.target.value if w == "x" else w for w in side] for side in sample.scene["sides"])
        assert sum(map(int, left)) == sum(map(int, right))
        assert int(sample.target.value) > 0


def test_lamps_are_on_where_all_their_switches_are_closed():
    for _, sample in drawn("science-circuit", count=20):
        closed = sample.scene["closed"]
        lamp = re.search(r"lamp ([AB])", sample.question)
        way = [closed["main"], closed[lamp[1]]] if lamp else list(closed.values())
        assert sample.target.text == ("yes" if all(way) else "no")


def test_food_chains():
    for _, sample in drawn("science-food"):
        pairs = [pair for chain in sample.scene["chains"] for pair in pairwise(chain)]
        if found := re.search(r"What does the (\w+) eat\?", sample.question):
            assert [food for food, eater in pairs if eater == found[1]] == [option(sample)]
        else:
            food = re.search(r"What eats the (\w+)\?", sample.question)[1]
            assert [eater for one, eater in pairs if one == food] == [option(sample)]


def test_the_odd_thing_is_of_another_sort():
    sorts = [{"cup", "fork", "pot", "bottle"}, {"hat", "shirt", "shoe", "sock"}, {"car", "bus", "boat", "bike"},
             {"tree", "flower", "leaf", "cactus"}]  # fmt: skip
    for _, sample in drawn("common_sense-odd"):
        shown = set(sample.scene["boxes"])
        (odd,) = [name for name in shown if any(name in sort and len(sort & shown) == 1 for sort in sorts)]
        assert option(sample) == odd


def test_what_to_take_follows_from_the_sky():
    skies = {
        (150, 165, 185): "umbrella",
        (165, 215, 250): "sunglasses",
        (190, 205, 225): "gloves",
        (25, 30, 70): "lamp",
    }
    for level, sample in drawn("common_sense-take"):
        x = 106 if level == "hard" and "right" in sample.question else 5
        assert option(sample) == skies[picture(sample.images[0]).getpixel((x, 80))]
