r"""`format`: 1 where the response has the shape that was asked for, whatever it answers.

The shapes are those of DeepSeek-R1's prompt, `<think>…</think> <answer>…</answer>` (arXiv 2501.12948, section 2.2),
and of EasyR1's format rewards (hiyouga/EasyR1, `examples/reward_function/r1v.py` and `math.py`). Stricter than those
patterns, so that tags cannot be had for nothing: each tag stands exactly once, thought and answer are not empty, the
box comes after the thought, and its braces are counted. End tokens behind the response are no part of it.

- `think_answer`: a thought, then an answer tag, and nothing else but white space
- `think_boxed`: a thought, then a text whose last `\boxed{}` is closed and not empty
- `boxed`: the last `\boxed{}` of the response is closed and not empty
- `answer`: one answer tag, and nothing behind it
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from vg1_plugin_verifiers._ends import without_ends
from vg1_plugin_verifiers._options import check_word
from vg1core import Answer, Register, Response, Sample, Score, Verifier, hookimpl
from vg1core.extraction import Segment, last_boxed, part
from vg1core.types import Target
from vg1core.verifiers import note

Shape: TypeAlias = Literal["think_answer", "think_boxed", "boxed", "answer"]


class Missing(Exception):
    """A part of the shape is missing; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatOptions:
    """Options of `format`."""

    shape: Shape = "think_answer"
    think_prefilled: bool = False
    """The prompt ends with `<think>` already, so that the response begins inside the thought."""


class Format(Verifier):
    """1 where the response has the asked shape: think and answer tags, or a box."""

    name = "format"
    targets = (Target,)
    Options = FormatOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Take options by name; the shape has to be one of `Shape`."""
        super().__init__(options)
        check_word(self.name, "shape", self.options.shape, Shape)

    def verify(self, response: Response, sample: Sample) -> Score:
        """Look for the parts of the shape, in order; the target is not looked at."""
        text, shape = without_ends(response.text), self.options.shape
        if not text:
            return Score(value=0.0, status="no_answer", reason="the response is empty")
        try:
            start = self._thought(text) if shape.startswith("think") else 0
            found = _tagged(text, start, alone=shape == "think_answer") if "answer" in shape else _boxed(text, start)
        except Missing as missing:
            note(f"shape '{shape}': {missing}")
            return Score(value=0.0, status="incorrect", reason=f"not of the shape '{shape}': {missing}")
        note(f"shape '{shape}': every part is there; the answer is at {found.start}")
        answer = Answer(value=found.text, rule=found.rule, span=(found.start, found.end))
        return Score(value=1.0, status="correct", answer=answer, reason=f"of the shape '{shape}'")

    def _thought(self, text: str) -> int:
        """Where the thought ends; raises `Missing`."""
        prefilled = self.options.think_prefilled
        opened = _once(text, "<think>", optional=prefilled)
        closed = _once(text, "</think>")
        start = opened + len("<think>") if opened >= 0 else 0
        if text[: max(0, opened)].strip():
            raise Missing("something stands before <think>")
        if closed < start:
            raise Missing("</think> stands before <think>")
        if not text[start:closed].strip():
            raise Missing("the thought is empty")
        return closed + len("</think>")


def _once(text: str, tag: str, *, optional: bool = False) -> int:
    """Where the tag stands, or -1 where it is optional and absent."""
    times = text.count(tag)
    if times > 1:
        raise Missing(f"{tag} stands {times} times")
    if not times and not optional:
        raise Missing(f"{tag} is missing")
    return text.find(tag)


def _tagged(text: str, start: int, *, alone: bool) -> Segment:
    """What the answer tag holds; `alone`: nothing but white space stands before it."""
    opened, closed = _once(text, "<answer>"), _once(text, "</answer>")
    if opened < start:
        raise Missing("<answer> stands inside the thought")
    if alone and text[start:opened].strip():
        raise Missing("something stands between </think> and <answer>")
    if closed < opened:
        raise Missing("</answer> stands before <answer>")
    if text[closed + len("</answer>") :].strip():
        raise Missing("something stands behind </answer>")
    inner = part(text, opened + len("<answer>"), closed, "answer tag")
    if not inner.text:
        raise Missing("the answer is empty")
    return inner


def _boxed(text: str, start: int) -> Segment:
    r"""What the last `\boxed{}` holds."""
    found = last_boxed(text, start)
    behind = max(text.rfind("\\boxed", start), text.rfind("\\fbox", start))
    if behind < 0:
        raise Missing("\\boxed{} is missing")
    if found is None or behind >= found.end:
        raise Missing("the last \\boxed{} is empty, or not closed")
    return found


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Format)
