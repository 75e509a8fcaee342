"""From sample to prompt. The prompts themselves are plugins (`plugins/prompts`); this finds and asks them.

Which prompt: `--prompt`, else the dataset's or benchmark's own (`info.prompt`), else `DEFAULT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vg1core.datasets import LETTERS
from vg1core.errors import BrokenPlugin
from vg1core.types import BoxesTarget, ClickTarget, ItemsTarget, Message, Part, Prompt, Sample, Space, Text

if TYPE_CHECKING:
    from vg1core.datasets import RowSource
    from vg1core.plugins import PluginHost

DEFAULT = "cot_boxed"

SPACE_WORDS: dict[Space, str] = {
    "pixel": "pixels of the image",
    "sent_pixel": "pixels of the image",
    "unit": "fractions of the image's width and height, from 0 to 1",
    "permille": "integers from 0 to 1000, relative to the image's width and height",
}


def style_for(source: RowSource, asked: str | None) -> str:
    """Name of the prompt to use for a source."""
    return asked or source.info.prompt or DEFAULT


def build(host: PluginHost, style: str, sample: Sample, source: RowSource, space: Space) -> Prompt:
    """Ask the prompt plugin; `host` has loaded it."""
    prompt: Prompt | None = host.hook.vg1_build_prompt(style=style, sample=sample, source=source, space=space)
    if prompt is None:
        raise BrokenPlugin(
            f"prompt '{style}' ({host.describe('prompt', style)}) built nothing for {sample.id}: "
            "its vg1_build_prompt has to return a Prompt when style is its own name"
        )
    return prompt


# Helpers for prompt plugins


def with_instruction(sample: Sample, instruction: str, *, system: str = "", space: Space | None = None) -> Prompt:
    """The sample's messages, its options as lines, and an instruction at the end of the last user message."""
    last = max(n for n, message in enumerate(sample.messages) if message.role == "user")
    tail = "\n".join(part for part in (option_lines(sample.choices), instruction) if part)
    messages = list(sample.messages)
    parts: tuple[Part, ...] = messages[last].parts
    messages[last] = Message(role="user", parts=(*parts, Text(text="\n" + tail)) if tail else parts)
    if system:
        messages.insert(0, Message(role="system", parts=(Text(text=system),)))
    return Prompt(messages=tuple(messages), coordinate_space=space)


def option_lines(choices: Sequence[str]) -> str:
    """Options one to a line: `A. first`."""
    return "\n".join(f"{LETTERS[n]}. {choice}" for n, choice in enumerate(choices))


def answer_form(sample: Sample, space: Space) -> str:
    """What an answer to this sample looks like, in words for the model, so that prompt and verifier agree."""
    if sample.choices:
        many = len(getattr(sample.target, "letters", "")) > 1
        return "the letters of all correct options" if many else "the letter of the correct option"
    match sample.target:
        case ClickTarget():
            return f"the point to click as [x, y] in {SPACE_WORDS[space]}"
        case BoxesTarget(boxes=boxes):
            one = "the bounding box as [x1, y1, x2, y2]"
            several = "the bounding boxes as [[x1, y1, x2, y2], ...]"
            return f"{one if len(boxes) == 1 else several} in {SPACE_WORDS[space]}"
        case ItemsTarget():
            return "the items, separated by commas"
    return "a single word, number, expression or short phrase"


def needs_space(sample: Sample) -> bool:
    """Whether the answer holds coordinates."""
    return isinstance(sample.target, ClickTarget | BoxesTarget)
