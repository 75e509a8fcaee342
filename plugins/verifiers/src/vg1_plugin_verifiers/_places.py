"""What `iou` and `click` share: coordinates are read in the model's space and compared in the target's."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vg1core.coordinates import convert
from vg1core.errors import TargetError
from vg1core.extraction import Found, Segment, stated
from vg1core.types import Answer, Response, Sample, Score, Shape, Size, Space
from vg1core.verifiers import AnswerVerifier, Comparison, status_of


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of the picture that coordinates count in."""

    image: Size | None = None
    sent: Size | None = None

    @classmethod
    def of(cls, response: Response) -> Sizes:
        """Those of the response's last picture: where several are shown, the question is about the last."""
        return cls(
            response.image_sizes[-1] if response.image_sizes else None,
            response.sent_sizes[-1] if response.sent_sizes else None,
        )

    def convert(self, shape: Shape, space: Space, into: Space) -> Shape:
        """A shape in another space; raises `TargetError` where that takes a size that is not known."""
        return convert(shape, space, into, image_size=self.image, sent_size=self.sent)


UNKNOWN = Sizes()


class PlaceVerifier(AnswerVerifier):
    """An `AnswerVerifier` whose comparison needs the sizes that come with the response."""

    @abstractmethod
    def compare(self, answer: Answer, sample: Sample, sizes: Sizes = UNKNOWN) -> Comparison:
        """How right the answer is; its coordinates are those of the option `coordinate_space`.

        :raises TargetError: they and the target are in different spaces, and a size is not known.
        """

    def verify(self, response: Response, sample: Sample) -> Score:
        """Extract, then compare with the sizes at hand."""
        self.check_target(sample)
        answer = self.extract(response, sample)
        if answer is None:
            return Score(value=0.0, status="no_answer", reason=self.no_answer_reason(response))
        verdict = self.compare(answer, sample, Sizes.of(response))
        return Score(value=verdict.value, status=status_of(verdict.value), answer=answer, reason=verdict.reason)


def read(reader: Callable[[str], list[Found[Shape]]], segment: Segment) -> list[Found[Shape]]:
    """Points or boxes of a part of a response; bare numbers, too, that "the answer is" states."""
    found = reader(segment.text)
    if not found and (inner := stated(segment.text)):
        return [replace(one, start=one.start + inner.start, end=one.end + inner.start) for one in reader(inner.text)]
    return found


def usable(shape: Sequence[float | None]) -> bool:
    """Whether all coordinates are numbers that something can be computed with (no nan, inf or 1e300)."""
    return all(value is not None and -1e9 < value < 1e9 for value in shape)


def upright(box: Shape) -> Shape:
    """Four numbers as x1 ≤ x2, y1 ≤ y2."""
    x1, y1, x2, y2 = box
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def check_shape(shape: Shape, what: str) -> None:
    """Raise `TargetError` unless the shape is a box or polygon with an area."""
    if len(shape) < 4 or len(shape) % 2 or not usable(shape):
        raise TargetError(f"{what} {list(shape)} is neither a box (4 numbers) nor a polygon (6 or more, in pairs)")
    if max(shape[::2]) <= min(shape[::2]) or max(shape[1::2]) <= min(shape[1::2]):
        raise TargetError(f"{what} {list(shape)} has no area")


def show(shape: Sequence[float | None]) -> str:
    """A shape for a reason: `[10, 20, 30.5, 40]`; a coordinate that is no number is `?`."""
    return "[" + ", ".join("?" if value is None else f"{value:.10g}" for value in shape) + "]"
