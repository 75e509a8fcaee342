"""What one record shows on the page: texts cut, pictures found, answer and target side by side."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vg1_plugin_html.choose import status_of
from vg1_plugin_html.overlay import Mark, marks
from vg1_plugin_html.passages import Passage, clip, passage
from vg1core.datasets import LETTERS
from vg1core.report import Pictures
from vg1core.types import ChoiceTarget, Media, Message, Record, Size, Turn
from vg1core.verifiers import describe

_PICTURES = 12
"""Pictures shown on one card."""
_ROWS = 60
"""Options, metadata fields or messages shown on one card."""
_SHORT = 600
"""Characters shown of an answer, target, option or metadata value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture of a sample."""

    number: int
    """From 1, as the messages refer to it."""
    ref: str
    url: str
    """A data: URL of the thumbnail; empty where the run kept none."""
    size: Size
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A message: its role, and texts and numbers of pictures in order."""

    role: str
    parts: tuple[Passage | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A turn: messages, and the response to them."""

    messages: tuple[Spoken, ...]
    response: Passage
    finish_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a multiple-choice question."""

    letter: str
    text: str
    right: bool
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A record as the page shows it."""

    anchor: str
    """Made from id and repeat, so that a link to a card stays good."""
    record: Record
    status: str
    value: str
    """The score's value, or empty."""
    target: str
    answer: str | None
    """None where nothing was extracted."""
    reason: str
    exchanges: tuple[Exchange, ...]
    pictures: tuple[Shown, ...]
    more_pictures: int
    options: tuple[Option, ...]
    metadata: tuple[tuple[str, str], ...]

    @property
    def roles(self) -> set[str]:
        """`target` and `answer`, where they are drawn on a picture."""
        return {mark.role for picture in self.pictures for mark in picture.marks}

    @property
    def outside(self) -> bool:
        """Whether an answer lies outside of its picture."""
        return any(mark.outside and mark.role == "answer" for picture in self.pictures for mark in picture.marks)


def card(record: Record, pictures: Pictures) -> Card:
    """Make a record ready for the template."""
    numbers: dict[str, int] = {}
    media: list[Media] = []
    for turn in record.turns:
        for message in turn.messages:
            for image in message.images:
                if numbers.setdefault(_key(image), len(numbers) + 1) > len(media):
                    media.append(image)
    score = record.score
    answer = score.answer if score else None
    return Card(
        anchor="c" + hashlib.blake2b(f"{record.suite}\n{record.id}\n{record.repeat}".encode("utf-8", "replace"),
                                     digest_size=6).hexdigest(),
        record=record,
        status=status_of(record),
        value="" if score is None or score.value is None else f"{score.value:.3g}",
        target=clip(describe(record.target), _SHORT),
        answer=None if answer is None else clip(_plain(answer.value), _SHORT),
        reason=clip(score.reason if score else "", 4 * _SHORT),
        exchanges=tuple(_exchange(turn, record, numbers) for turn in record.turns),
        pictures=tuple(_shown(one, n, record, len(media), pictures) for n, one in enumerate(media[:_PICTURES], 1)),
        more_pictures=max(0, len(media) - _PICTURES),
        options=_options(record),
        metadata=_pairs(record.metadata),
    )  # fmt: skip


def _key(image: Media) -> str:
    return image.sha256 or image.ref


def _exchange(turn: Turn, record: Record, numbers: Mapping[str, int]) -> Exchange:
    answer = record.score.answer if record.score and turn is record.turns[-1] else None
    return Exchange(
        messages=tuple(_spoken(message, numbers) for message in turn.messages[:_ROWS]),
        response=passage(turn.response.text, answer.span if answer else None),
        finish_reason=turn.response.finish_reason,
    )


def _spoken(message: Message, numbers: Mapping[str, int]) -> Spoken:
    parts = (numbers[_key(part)] if isinstance(part, Media) else passage(part.text) for part in message.parts)
    return Spoken(role=message.role, parts=tuple(parts))


def _shown(image: Media, number: int, record: Record, count: int, pictures: Pictures) -> Shown:
    data = pictures(image.sha256) if image.sha256 else None
    size = _size(data) if data else None
    if data is None or size is None:
        return Shown(number=number, ref=clip(image.ref, _SHORT), url="", size=(0, 0))
    # With several pictures, nothing says which one the coordinates belong to.
    drawn = marks(record, size) if count == 1 else ()
    url = "data:image/jpeg;base64," + b64encode(data).decode()
    return Shown(number=number, ref=clip(image.ref, _SHORT), url=url, size=size, marks=drawn)


def _size(data: bytes) -> Size | None:
    """Width and height of a JPEG; None where it is not one."""
    from io import BytesIO

    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=["JPEG"]) as image:
            return image.size
    except (OSError, SyntaxError, ValueError):  # PIL's errors on what is no picture
        return None


def _options(record: Record) -> tuple[Option, ...]:
    right = record.target.letters if isinstance(record.target, ChoiceTarget) else ""
    value = record.score.answer.value if record.score and record.score.answer else None
    answered = value if isinstance(value, str) and len(value) <= len(LETTERS) and value.isupper() else ""
    labels = [LETTERS[n] if n < len(LETTERS) else str(n + 1) for n in range(min(_ROWS, len(record.choices)))]
    return tuple(
        Option(letter=label, text=clip(text, _SHORT), right=label in right, answered=label in answered)
        for label, text in zip(labels, record.choices, strict=False)
    )


def _pairs(metadata: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((clip(str(key), 80), clip(_plain(value), _SHORT)) for key, value in list(metadata.items())[:_ROWS])


def _plain(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
