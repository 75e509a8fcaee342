"""`replay`: answers with recorded responses, from a file made for it or from an earlier run."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from vg1_plugin_replay.recordings import Recordings
from vg1core import Register, hookimpl
from vg1core.backends import Backend, Request, Result
from vg1core.errors import UsageError
from vg1core.images import PixelBudget
from vg1core.types import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """Options of the `replay` backend."""

    coordinate_space: Space | None = None
    """The space of the recorded coordinates; None: as the records of a run name it, else `pixel`."""

    def __post_init__(self) -> None:
        if self.coordinate_space is not None and self.coordinate_space not in get_args(Space):
            allowed = ", ".join(get_args(Space))
            raise UsageError(f"backend option coordinate_space must be one of {allowed}, not '{self.coordinate_space}'")


class ReplayBackend(Backend):
    """Recorded responses, found by the sample's id and the repeat.

    `--model` names a JSONL file with lines such as `{"id": "benchmark:chartqa/default/test/0", "response": "42"}`
    (`response` may be a list, one per repeat; `repeat`, `finish_reason`, `sent_sizes` and `image_sizes` may be given),
    a run's `records/*.jsonl`, or the folder of a run.
    """

    name = "replay"
    cacheable = False
    Options = ReplayOptions

    def __init__(
        self, model: str, *, options: Mapping[str, object] | None = None, pixels: PixelBudget | None = None
    ) -> None:
        super().__init__(model, options=options, pixels=pixels)
        self._recordings: Recordings | None = None
        self._cancelled = threading.Event()

    @property
    def recordings(self) -> Recordings:
        """The index of the file, made at the first use.

        :raises DataError: a line is no recorded response.
        """
        if self._recordings is None:
            self._recordings = Recordings(Path(self.model).expanduser())
        return self._recordings

    @property
    def coordinate_space(self) -> Space:
        """As the options say, else as the records of a run name it, else `pixel`.

        :raises UsageError: the records name several.
        """
        if self.options.coordinate_space is not None:
            return self.options.coordinate_space  # type: ignore[no-any-return]  # options are Any in the base
        spaces = self.recordings.spaces
        if len(spaces) > 1:
            raise UsageError(
                f"the records in {self.model} name several coordinate spaces ({', '.join(sorted(spaces))}); say which "
                "one is meant with --set backend_options.coordinate_space=…"
            )
        return next(iter(spaces), "pixel")

    def identity(self) -> Mapping[str, str]:
        """The hash of what is replayed."""
        return {"model": self.model, "revision": f"sha256:{self.recordings.sha256}", "engine": "replay"}

    def generate(self, requests: Iterable[Request]) -> Iterator[Result]:
        """Answer each request at once."""
        recordings = self.recordings
        for request in requests:
            if self._cancelled.is_set():
                return
            response = recordings.find(request.id, request.repeat)
            if response is not None:
                yield Result(request=request, response=response, seconds=0.0)
            else:
                which = f" (repeat {request.repeat})" if request.repeat else ""
                yield Result(request=request, error=f"no recorded response for '{request.id}'{which} in {self.model}")

    def cancel(self) -> None:
        """Stop before the next request."""
        self._cancelled.set()

    def close(self) -> None:
        """Close the files; the index is kept."""
        if self._recordings is not None:
            self._recordings.close()


@hookimpl
def vg1_register_backends(register: Register) -> None:
    register(ReplayBackend)
