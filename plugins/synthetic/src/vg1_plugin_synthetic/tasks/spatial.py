"""Spatial tasks: which side, which box, how many, which is nearest. All about coloured shapes."""

from __future__ import annotations

from itertools import permutations
from math import dist
from random import Random

from vg1_plugin_synthetic.canvas import COLOURS, PAPERS, SHAPES, centre
from vg1_plugin_synthetic.drawn import Drawn, Task, choose, number, yes_no
from vg1_plugin_synthetic.things import kinds, paint, plural, scene_of, side_for, spread
from vg1core.types import BoxesTarget

PHRASES = (("left of", "right of"), ("above", "below"))


def relation(rng: Random, level: int, size: int) -> Drawn:
    """Is one shape left of, right of, above or below another?"""
    side, sizes = ((2, (24, 38)), (3, (18, 28)), (4, (14, 21)))[level]
    things = spread(rng, kinds(rng, rng.randint(*((2, 2), (3, 5), (6, 10))[level])), side, sizes)
    # Two shapes that share neither column nor row are apart on both axes; those that share one, on the other.
    apart: dict[int, list[tuple[int, int]]] = {0: [], 1: []}
    for a, b in permutations(range(len(things)), 2):
        for axis in apart:
            if things[a].box[axis + 2] < things[b].box[axis]:
                apart[axis].append((a, b))
    axis = rng.choice([axis for axis, pairs in apart.items() if pairs])
    first, second = rng.choice(apart[axis])
    truth, swapped = rng.random() < 0.5, rng.random() < 0.5
    phrase = PHRASES[axis][swapped == truth]
    one, other = (second, first) if swapped else (first, second)
    canvas = paint(things, size, rng.choice(PAPERS))
    question = f"Is the {things[one].name} {phrase} the {things[other].name}?"
    return yes_no(question, canvas.png(), truth, things=scene_of(canvas, things))


def box(rng: Random, level: int, size: int) -> Drawn:
    """The bounding box of a named shape; from the medium level on, others share its colour or its form."""
    count = rng.randint(*((1, 2), (3, 4), (6, 9))[level])
    wanted = kinds(rng, 1)[0]
    like = [(wanted[0], shape) for shape in SHAPES if shape != wanted[1]]
    like += [(colour, wanted[1]) for colour in COLOURS if colour != wanted[0]]
    unlike = [(colour, shape) for colour in COLOURS for shape in SHAPES if colour != wanted[0] and shape != wanted[1]]
    things = spread(rng, [wanted, *rng.sample(like if level else unlike, count - 1)], *side_for(count))
    canvas = paint(things, size, rng.choice(PAPERS))
    target = BoxesTarget(boxes=(canvas.shape_of(things[0].box),), space="pixel")
    question = f"Find the box around the {things[0].name}."
    scene = {"things": scene_of(canvas, things)}
    return Drawn(question=question, images=(canvas.png(),), target=target, verifier="iou", scene=scene)


def count(rng: Random, level: int, size: int) -> Drawn:
    """How many shapes have a colour, and at the hard level a form as well?"""
    wanted, form = kinds(rng, 1)[0]
    right = rng.randint(*((1, 4), (1, 6), (2, 8))[level])
    wrong = rng.randint(*((0, 2), (2, 3), (4, 8))[level])
    others = [colour for colour in COLOURS if colour != wanted]
    forms = [shape for shape in SHAPES if shape != form]
    if level < 2:
        pairs = [(wanted, rng.choice(SHAPES)) for _ in range(right)]
        pairs += [(rng.choice(others), rng.choice(SHAPES)) for _ in range(wrong)]
        question = f"How many {wanted} shapes are there?"
    else:
        pairs = [(wanted, form)] * right
        pairs += [rng.choice(((wanted, rng.choice(forms)), (rng.choice(others), form))) for _ in range(wrong)]
        question = f"How many {wanted} {plural(form)} are there?"
    things = spread(rng, pairs, *side_for(max(len(pairs), 5)))
    canvas = paint(things, size, rng.choice(PAPERS))
    return number(question, canvas.png(), right, things=scene_of(canvas, things))


def nearest(rng: Random, level: int, size: int) -> Drawn:
    """Which shape is nearest to a named one? The nearest is clearly nearer than the next."""
    total, side, width, ratio = ((3, 2, 26, 1.4), (4, 3, 20, 1.35), (6, 4, 16, 1.25))[level]
    pairs = kinds(rng, total)
    while True:
        things = spread(rng, pairs, side, (width, width))
        start, *others = things
        others.sort(key=lambda thing: dist(centre(thing.box), centre(start.box)))
        near, next_near = (dist(centre(thing.box), centre(start.box)) for thing in others[:2])
        if next_near >= ratio * near:
            break
    canvas = paint(things, size, rng.choice(PAPERS))
    question = f"Which shape is nearest to the {start.name}?"
    wrong = [thing.name for thing in others[1:4]]
    return choose(rng, question, canvas.png(), others[0].name, wrong, things=scene_of(canvas, things))


TASKS: dict[str, Task] = {"relation": relation, "box": box, "count": count, "nearest": nearest}
