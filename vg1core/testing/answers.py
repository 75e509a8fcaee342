r"""Right and wrong responses to a sample, made from its target: what tests of verifiers, datasets and benchmarks share.

verifier.verify(Response(text=right_answer(sample)), sample).status == "correct"
verifier.verify(Response(text=wrong_answer(sample)), sample).status != "correct"
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from vg1core.coordinates import convert
from vg1core.datasets import LETTERS
from vg1core.errors import TargetError
from vg1core.extraction import whole_number
from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    NumberTarget,
    Sample,
    Shape,
    Space,
    TextTarget,
)

Dress: TypeAlias = Literal["bare", "boxed", "tag", "sentence", "thinking", "bold"]
DRESSES: tuple[Dress, ...] = get_args(Dress)
"""`bare`: the answer alone; `boxed`: in `\\boxed{}` after a sentence; `tag`: in `<answer>`; `sentence`: "The answer
is …."; `thinking`: after a `<think>` block that speaks of something else; `bold`: on a last line, in Markdown bold."""


def right_answer(sample: Sample, space: Space = "pixel", *, dress: Dress = "boxed") -> str:
    """A response that is right for the sample's target.

    :param space: the space of the coordinates in it; the verifier's option `coordinate_space` has to say the same.
    :param dress: how the answer is dressed, one of `DRESSES`.
    :raises ValueError: the target is in a space that cannot be converted without a picture's size, or of a kind
        that is not known here.
    """
    return _dressed(_right(sample, space), dress)


def wrong_answer(sample: Sample, space: Space = "pixel", *, dress: Dress = "boxed") -> str:
    """A response of the right form that is wrong for the sample's target; parameters as for `right_answer`.

    :raises ValueError: as `right_answer`, or all options are right.
    """
    return _dressed(_wrong(sample, space), dress)


def _dressed(answer: str, dress: Dress) -> str:
    match dress:
        case "bare":
            return answer
        case "boxed":
            return f"Looking at the picture, it is clear. \\boxed{{{answer}}}"
        case "tag":
            return f"<answer>{answer}</answer>"
        case "sentence":
            return f"The answer is {answer}."
        case "thinking":
            return f"<think>At first sight it could be something else.\nBut no.</think>\n\n{answer}"
        case "bold":
            return f"Looking at the picture, it is clear.\n\n**{answer}**"


def _right(sample: Sample, space: Space) -> str:
    match sample.target:
        case ChoiceTarget(letters=letters):
            return ", ".join(letters)
        case TextTarget(text=text):
            return text
        case ItemsTarget(items=items):
            return ", ".join(items)
        case NumberTarget(value=value):
            return value
        case MathTarget(latex=latex):
            return latex
        case BoxesTarget(boxes=boxes, space=own):
            return _listed([_placed(box, own, space) for box in boxes])
        case ClickTarget(box=box, point=point, space=own):
            return _listed([_placed(point if box is None else _middle(box), own, space)])
    raise ValueError(f"no right answer can be made for a target of kind '{sample.target.kind}'")


def _wrong(sample: Sample, space: Space) -> str:
    match sample.target:
        case ChoiceTarget(letters=letters):
            others = [letter for letter in LETTERS[: len(sample.choices) or 4] if letter not in letters]
            if not others:
                raise ValueError(f"no wrong answer can be made: all options of {sample.id} are right")
            return others[0]
        case TextTarget(text=text, aliases=aliases):
            opposite = {"yes": "no", "no": "yes", "true": "false", "false": "true"}.get(text.lower())
            return opposite if opposite and opposite not in aliases else "none of what is asked for"
        case ItemsTarget():
            return "none of what, is asked for"
        case NumberTarget(value=value) | MathTarget(latex=value):
            number = whole_number(value.strip("$ "))
            return _decimal(2 * abs(number.value) + 7) if number else "-98765.4321"
        case BoxesTarget(boxes=boxes, space=own):
            return _listed([_placed(_beside(box), own, space) for box in boxes])
        case ClickTarget(box=box, point=point, radius=radius, space=own):
            if box is not None:
                return _listed([_placed(_middle(_beside(box)), own, space)])
            x, y = point or (0.0, 0.0)
            return _listed([_placed((x + 2 * (radius or 0) + 1, y), own, space)])
    raise ValueError(f"no wrong answer can be made for a target of kind '{sample.target.kind}'")


def _placed(shape: Shape | None, own: Space, space: Space) -> Shape:
    if shape is None:
        raise ValueError("the target has neither a box nor a point")
    try:
        return convert(shape, own, space)
    except TargetError as error:
        raise ValueError(f"the target is in '{own}'; a response in '{space}' needs the picture's size") from error


def _middle(shape: Shape) -> Shape:
    """A point inside: the middle of a box, and of a polygon that is convex."""
    xs, ys = shape[::2], shape[1::2]
    return sum(xs) / len(xs), sum(ys) / len(ys)


def _beside(shape: Shape) -> Shape:
    """The shape, moved right by twice its width."""
    shift = 2 * (max(shape[::2]) - min(shape[::2]))
    return tuple(value if n % 2 else value + shift for n, value in enumerate(shape))


def _listed(shapes: list[Shape]) -> str:
    texts = ["[" + ", ".join(_decimal(Fraction(value)) for value in shape) + "]" for shape in shapes]
    return texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"


def _decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.10f}".rstrip("0").rstrip(".")
