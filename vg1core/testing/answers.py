r"""Right and wrong responses to a sample, made from its target: what tests of verifiers, datasets and benchmarks share.

verifier.verify(Response(text=right_answer(sample)), sample).status == "correct"
verifier.verify(Response(text=wrong_answer(sample)), sample).status != "correct"
"""

from __future__ import annotations

import json
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
    Target,
    TextTarget,
)

Dress: TypeAlias = Literal[
    "bare", "boxed", "tag", "sentence", "thinking", "bold", "padded", "fbox", "boxed_math", "displayed",
    "boxed_sentence", "boxed_in_tag", "final_tag", "box_tokens", "spaced_tag", "unclosed_tag", "thinking_boxed",
    "thinking_tag", "label", "bold_label",
    "last_line", "heading", "changed_mind", "end_token", "long", "chinese", "chinese_boxed", "json",
]  # fmt: skip
"""How a response may dress its answer; `DRESSED` shows each."""

_ELSE = "At first sight it could be something else.\nBut no."
DRESSED: dict[Dress, str] = {
    "bare": "@",
    "boxed": "Looking at the picture, it is clear. \\boxed{@}",
    "tag": "<answer>@</answer>",
    "sentence": "The answer is @.",
    "thinking": f"<think>{_ELSE}</think>\n\n@",
    "bold": "Looking at the picture, it is clear.\n\n**@**",
    "padded": "\n\n  @ \n",
    "fbox": "Looking at the picture, it is clear. \\fbox{@}",
    "boxed_math": "Looking at the picture, it is clear. $\\boxed{@}$",
    "displayed": "Looking at the picture, it is clear.\n\\[\n\\boxed{@}\n\\]",
    "boxed_sentence": "Therefore, the answer is $\\boxed{@}$.",
    "boxed_in_tag": "<answer>\\boxed{@}</answer>",
    "final_tag": "Looking at the picture, it is clear. <final_answer>@</final_answer>",
    "box_tokens": "Looking at the picture, it is clear. <|begin_of_box|>@<|end_of_box|>",
    "spaced_tag": "<answer>\n  @\n</answer>",
    "unclosed_tag": "Looking at the picture, it is clear. <answer>@",
    "thinking_boxed": f"<think>{_ELSE} \\boxed{{nothing}}</think>\n\\boxed{{@}}",
    "thinking_tag": f"<think>{_ELSE}</think><answer>@</answer>",
    "label": "Looking at the picture, it is clear.\nFinal answer: @",
    "bold_label": "Looking at the picture, it is clear.\n\n**Answer:** @",
    "last_line": "Looking at the picture, it is clear.\n\n@",
    "heading": "### Reasoning\n\nLooking at the picture, it is clear.\n\n### Answer\n\n@",
    "changed_mind": "It could be \\boxed{nothing of this}. No, wait, it is \\boxed{@}",
    "end_token": "Looking at the picture, it is clear. \\boxed{@}<|im_end|>",
    "long": "I look at the picture once more, from left to right.\n" * 200 + "So it is \\boxed{@}.",
    "chinese": "看图可知，答案是@。",
    "chinese_boxed": "看图可知，答案是 \\boxed{@}。",
    "json": '{"reasoning": "Looking at the picture, it is clear.", "answer": "@"}',
}
"""The response for each dress, with `@` in the place of the answer."""
DRESSES: tuple[Dress, ...] = tuple(dress for dress in get_args(Dress) if dress != "json")
"""Those that fit every kind of target. In JSON, backslashes and quotes are escaped: see `dresses_of`."""


def dresses_of(target: Target) -> tuple[Dress, ...]:
    """The dresses that fit a target: all but JSON where its answer holds what JSON has to escape."""
    escaped = isinstance(target, MathTarget) or (isinstance(target, ClickTarget) and target.action is not None)
    return DRESSES if escaped else (*DRESSES, "json")


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
    escaped = json.dumps(answer, ensure_ascii=False)[1:-1] if dress == "json" else answer
    return DRESSED[dress].replace("@", escaped)


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
        case ClickTarget(box=box, point=point, space=own, action=action, text=words):
            place = point if box is None else _middle(box)
            where = _listed([_placed(place, own, space)]) if place or action is None else ""
            return where if action is None else _acted(action, words, where)
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
        case ClickTarget(action=action) if action is not None:
            return _acted("wait" if action != "wait" else "click", None, "")
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


def _acted(action: str, text: str | None, where: str) -> str:
    """An action as a JSON object."""
    parts = [f'"action": {json.dumps(action)}']
    parts += [f'"point": {where}'] if where else []
    parts += [f'"text": {json.dumps(text, ensure_ascii=False)}'] if text else []
    return "{" + ", ".join(parts) + "}"


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
