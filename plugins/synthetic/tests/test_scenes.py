"""Targets of screens, bodies, everyday scenes and science diagrams, found again from the pixels or the scene."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from vg1_plugin_synthetic.canvas import COLOURS, GRID


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


def test_clicks_go_to_the_button_with_the_word(eye):
    for _, sample in eye.drawn("gui-button", size=336):
        word = re.fullmatch(r"Click the (\w+) button\.", sample.question)[1]
        image = eye.picture(sample.images[0])
        boxes = sorted(sample.scene["boxes"].values(), key=lambda box: likeness(image, box, word))
        assert sample.target.box == tuple(map(float, boxes[0]))


def test_click_targets_are_of_one_colour_at_their_edges(eye):
    for _, sample in eye.drawn("gui-button", size=336):
        image = eye.picture(sample.images[0])
        x1, y1, x2, y2 = (int(value) for value in sample.target.box)
        middle = (y1 + y2) // 2
        assert image.getpixel((x1, middle)) == image.getpixel((x2 - 1, middle)) != image.getpixel((x1 - 2, middle))
        assert image.getpixel((x1 + 12, y1)) == image.getpixel((x1 + 12, y2 - 1)) != image.getpixel((x1 + 12, y2 + 1))


def test_icons_do_not_overlap_and_differ(eye):
    for _, sample in eye.drawn("gui-icon"):
        boxes = list(sample.scene["boxes"].values())
        for n, (a1, b1, a2, b2) in enumerate(boxes):
            assert all(a2 <= c1 or c2 <= a1 or b2 <= d1 or d2 <= b1 for c1, d1, c2, d2 in boxes[n + 1 :])
        image = eye.picture(sample.images[0])
        assert len({image.crop(box).tobytes() for box in boxes}) == len(boxes)
        assert sample.scene["boxes"][sample.question.split()[2]] == list(map(int, sample.target.box))


def test_checked_boxes_hold_a_tick(eye):
    for _, sample in eye.drawn("gui-checkbox"):
        image = eye.picture(sample.images[0])
        x1, y1, x2, y2 = sample.scene["boxes"][sample.question.split()[2]]
        inner = image.crop((x1 + 2, y1 + 2, x2 - 2, y2 - 2)).getcolors()
        assert sample.target.text == ("yes" if len(inner) > 1 else "no")


def test_the_spot_is_on_its_side(eye):
    for level, sample in eye.drawn("medical-side"):
        x1, _, x2, _ = eye.bounds(max(eye.patches(eye.pixels(sample.images[0], (45, 25, 35))), key=len))
        of_the_image = "left" if (x1 + x2) / 2 < 56 else "right"
        assert (sample.target.text == of_the_image) == (level != "hard")


ORGANS = {
    "brain": (225, 150, 180), "lung": (236, 150, 160), "heart": (200, 30, 45), "liver": (140, 65, 45),
    "stomach": (240, 160, 70), "kidney": (190, 100, 150), "bladder": (240, 205, 90),
}  # fmt: skip


def organ_at(image: Image.Image, place: list[int]) -> str:
    """The organ whose colour is the commonest around a place."""
    near = [image.getpixel((place[0] + dx, place[1] + dy)) for dx in range(-8, 9) for dy in range(-8, 9)]
    return max(ORGANS, key=lambda organ: near.count(ORGANS[organ]))


def test_arrows_end_on_their_organ(eye):
    for _, sample in eye.drawn("medical-pointer", size=336):
        assert eye.option(sample) == organ_at(eye.picture(sample.images[0]), sample.scene["tip"])


def test_letters_point_to_their_organs(eye):
    for _, sample in eye.drawn("medical-label", size=336):
        letters, asked = sample.scene["letters"], sample.question.removesuffix("?").split()[-1]
        assert letters[asked] == sample.target.text
        assert len(set(letters.values())) == len(letters)
        for organ, tip in sample.scene["tips"].items():
            assert organ_at(eye.picture(sample.images[0]), tip) == organ


def test_dark_cores_are_counted(eye):
    for _, sample in eye.drawn("medical-cells"):
        assert sample.target.value == str(len(eye.patches(eye.pixels(sample.images[0], (70, 25, 95)))))


def test_the_thing_that_falls_stands_on_nothing(eye):
    for _, sample in eye.drawn("common_sense-fall"):
        image, falling = eye.picture(sample.images[0]), []
        wall = image.getpixel((1, 1))
        for name, (x1, _, x2, y2) in sample.scene["boxes"].items():
            if all(image.getpixel((x, y2 + 1)) == wall for x in range(x1, x2)):
                falling.append(name)
        assert falling == [eye.option(sample)]


def test_balls_roll_down(eye):
    for _, sample in eye.drawn("common_sense-roll"):
        colour = sample.question.split()[2]
        left, right = sample.scene["slopes"][colour]
        assert sample.target.text == ("left" if left > right else "right")
        assert abs(left - right) >= 6


@pytest.mark.parametrize("size", [112, 150])
def test_thermometers(eye, size):
    for level, sample in eye.drawn("science-thermometer", size=size):
        low, high = {"easy": (0, 50), "medium": (0, 40), "hard": (-10, 20)}[level]
        _, top, _, _ = eye.bounds(eye.pixels(sample.images[0], COLOURS["red"]))
        share = (88 - top * GRID / size) / 78  # the scale goes from 88 units up to 10
        step = {"easy": 10, "medium": 5, "hard": 2}[level]
        assert abs(low + share * (high - low) - int(sample.target.value)) < 0.3 * step


def test_balances_are_level(eye):
    for _, sample in eye.drawn("science-balance", count=40):
        left, right = ([sample.target.value if w == "x" else w for w in side] for side in sample.scene["sides"])
        assert sum(map(int, left)) == sum(map(int, right))
        assert int(sample.target.value) > 0


def test_lamps_are_on_where_all_their_switches_are_closed(eye):
    for _, sample in eye.drawn("science-circuit", count=20):
        closed = sample.scene["closed"]
        lamp = re.search(r"lamp ([AB])", sample.question)
        way = [closed["main"], closed[lamp[1]]] if lamp else list(closed.values())
        assert sample.target.text == ("yes" if all(way) else "no")


def test_food_chains(eye):
    for _, sample in eye.drawn("science-food"):
        pairs = [pair for chain in sample.scene["chains"] for pair in pairwise(chain)]
        if found := re.search(r"What does the (\w+) eat\?", sample.question):
            assert [food for food, eater in pairs if eater == found[1]] == [eye.option(sample)]
        else:
            food = re.search(r"What eats the (\w+)\?", sample.question)[1]
            assert [eater for one, eater in pairs if one == food] == [eye.option(sample)]


def test_the_odd_thing_is_of_another_sort(eye):
    sorts = [{"cup", "fork", "pot", "bottle"}, {"hat", "shirt", "shoe", "sock"}, {"car", "bus", "boat", "bike"},
             {"tree", "flower", "leaf", "cactus"}]  # fmt: skip
    for _, sample in eye.drawn("common_sense-odd"):
        shown = set(sample.scene["boxes"])
        (odd,) = [name for name in shown if any(name in sort and len(sort & shown) == 1 for sort in sorts)]
        assert eye.option(sample) == odd


def test_what_to_take_follows_from_the_sky(eye):
    skies = {
        (150, 165, 185): "umbrella",
        (165, 215, 250): "sunglasses",
        (190, 205, 225): "gloves",
        (25, 30, 70): "lamp",
    }
    for level, sample in eye.drawn("common_sense-take"):
        x = 106 if level == "hard" and "right" in sample.question else 5
        assert eye.option(sample) == skies[eye.picture(sample.images[0]).getpixel((x, 80))]
