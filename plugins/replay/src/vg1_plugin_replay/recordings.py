"""Files of recorded responses: each line checked once, found again by sample id and repeat, read when asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from vg1core.errors import BackendError, DataError
from vg1core.io import adapter
from vg1core.types import Response, Size, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A line made for replaying: `{"id": "…", "response": "…"}`, or with a list of responses, one per repeat."""

    id: str
    response: str | list[str]
    repeat: int | None = None
    """Which of several responses this is; 0 where it is not said. Not together with a list."""
    finish_reason: Literal["stop", "length", "error"] = "stop"
    sent_sizes: tuple[Size, ...] = ()
    image_sizes: tuple[Size, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTurn:
    """What is read of a turn of a run's record."""

    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOptions:
    """What is read of a record's options."""

    coordinate_space: Space | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What is read of a line of a run's `records/*.jsonl` (`vg1core.types.Record`)."""

    id: str
    suite: str
    repeat: int = 0
    turns: tuple[RecordedTurn, ...] = ()
    """Empty where the sample failed: it has no response then."""
    options: RecordedOptions = RecordedOptions()


class Recordings:
    """An index from sample id and repeat to a place in a file. The responses themselves stay on disk."""

    def __init__(self, path: Path) -> None:
        """Read and check every line.

        :param path: a JSONL file, or the folder of a run.
        :raises DataError: naming file, line, field and value of a line that is no recorded response.
        """
        self.files = recorded_files(path)
        self.sha256 = ""
        """Hash of the files' contents."""
        self.spaces: set[Space] = set()
        """Coordinate spaces that a run's records name."""
        self._places: dict[bytes, int] = {}
        self._open: dict[int, BinaryIO] = {}
        content = hashlib.sha256()
        for number in range(len(self.files)):
            self._index(number, content)
        self.sha256 = content.hexdigest()

    def __len__(self) -> int:
        return len(self._places)

    def _index(self, number: int, content: hashlib._Hash) -> None:
        path, offset = self.files[number], 0
        with path.open("rb") as file:
            for row, line in enumerate(file, 1):
                content.update(line)
                where = f"{path}, line {row}"
                if line.strip() and (found := self._checked(line, path, where)):
                    for key in keys(found):
                        if key in self._places:
                            hint = "Give each its own 'repeat', or a list as 'response'"
                            problem = f"a second response for the same repeat of '{found.id}'"
                            raise DataError(problem, file=where, hint=hint)
                        self._places[key] = offset * len(self.files) + number
                    if isinstance(found, RunRecord) and found.turns and found.options.coordinate_space:
                        self.spaces.add(found.options.coordinate_space)
                offset += len(line)

    def _checked(self, line: bytes, path: Path, where: str) -> Recorded | RunRecord | None:
        try:
            return parse(line, where)
        except DataError as error:
            if line.endswith(b"\n") or "not JSON" not in error.problem:
                raise
            if path.parent.name == "records":  # a run that was killed while it wrote
                return None
            hint = "The file was cut off; remove the line or fetch the file again"
            raise DataError("the last line is torn", file=where, hint=hint) from error

    def find(self, sample: str, repeat: int) -> Response | None:
        """The response recorded for a sample, None where there is none.

        :raises BackendError: the file was changed since it was indexed.
        """
        place = self._places.get(key_of(sample, repeat))
        if place is None:
            return None
        offset, number = divmod(place, len(self.files))
        path = self.files[number]
        if number not in self._open:
            self._open[number] = path.open("rb")
        file = self._open[number]
        file.seek(offset)
        try:
            found = parse(file.readline(), f"byte {offset}")
        except DataError as error:
            raise BackendError(f"{path} was changed while it was replayed: {error}") from error
        if found.id != sample:
            raise BackendError(f"{path} was changed while it was replayed: '{sample}' is no longer at byte {offset}")
        return response_of(found, repeat)

    def close(self) -> None:
        """Close the files."""
        for file in self._open.values():
            file.close()
        self._open.clear()


def recorded_files(path: Path) -> list[Path]:
    """The files behind a path: itself, or the records of a run.

    :raises DataError: there is nothing of that name, or a folder without records.
    """
    if path.is_dir():
        folder = path if path.name == "records" else path / "records"
        if files := sorted(folder.glob("*.jsonl")):
            return files
        raise DataError("the folder is no run: it has no records/*.jsonl", file=str(path))
    if not path.is_file():
        hint = "--model names a JSONL file of responses or the folder of a run"
        raise DataError("there is no such file", file=str(path), hint=hint)
    return [path]


def parse(line: bytes, where: str) -> Recorded | RunRecord:
    """One line as a recorded response or as a record of a run. `where` is the place that errors name.

    :raises DataError: it is neither.
    """
    from pydantic import ValidationError

    try:
        plain = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"not JSON: {error}", file=where) from error
    if not isinstance(plain, dict):
        raise DataError("an object is expected", file=where, value=plain)
    cls: type[Recorded] | type[RunRecord] = RunRecord if "suite" in plain and "response" not in plain else Recorded
    try:
        found: Recorded | RunRecord = adapter(cls).validate_python(plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        value = None if first["type"] == "missing" else first.get("input")
        raise DataError(first["msg"], file=where, field=field, value=value) from error
    if isinstance(found, Recorded) and isinstance(found.response, list) and found.repeat is not None:
        raise DataError("a list of responses has no repeat of its own", file=where, field="repeat")
    return found


def keys(found: Recorded | RunRecord) -> Iterator[bytes]:
    """Keys of all repeats that a line answers."""
    if isinstance(found, RunRecord):
        if found.turns:
            yield key_of(found.id, found.repeat)
    elif isinstance(found.response, list):
        yield from (key_of(found.id, repeat) for repeat in range(len(found.response)))
    else:
        yield key_of(found.id, found.repeat or 0)


def key_of(sample: str, repeat: int) -> bytes:
    """A short key, so that long ids cost no memory; 16 bytes of hash do not collide."""
    return hashlib.blake2b(f"{repeat}\0{sample}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def response_of(found: Recorded | RunRecord, repeat: int) -> Response:
    """The response that a line holds for a repeat."""
    if isinstance(found, RunRecord):
        return found.turns[-1].response
    text: Any = found.response[repeat] if isinstance(found.response, list) else found.response
    return Response(
        text=text, finish_reason=found.finish_reason, sent_sizes=found.sent_sizes, image_sizes=found.image_sizes
    )
