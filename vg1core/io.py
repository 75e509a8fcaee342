"""Reading and writing: records, samples and targets as JSON, checked where they come in.

pydantic checks here, at the boundary; inside the program the plain dataclasses of `types` are trusted.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from vg1core.errors import DataError, StoreError, shorten
from vg1core.types import TARGET_KINDS, Prompt, Record, Rollout, Sample, Target

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

_MESSAGES: Any = {"messages": {"__all__": {"parts": {"__all__": {"data"}}}}}
_PICTURE_BYTES: Mapping[type[Any], Any] = {
    Sample: _MESSAGES,
    Prompt: _MESSAGES,
    Rollout: {"prompt": _MESSAGES},
    Record: {"turns": {"__all__": _MESSAGES}},
}
"""Where pictures' bytes may stand in a value; they are never written."""

_ADAPTERS: dict[type[Any], Any] = {}


def adapter(cls: type[T]) -> TypeAdapter[T]:
    """The pydantic adapter of a type, made once."""
    from pydantic import TypeAdapter

    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    found: TypeAdapter[T] = _ADAPTERS[cls]
    return found


def encode_target(target: Target) -> dict[str, Any]:
    """A target as plain values, with its `kind`; what equals its default is left out."""
    plain: dict[str, Any] = {"kind": target.kind}
    for field in fields(target):  # type: ignore[arg-type]  # every Target subclass is a dataclass
        value = getattr(target, field.name)
        if value != field.default:
            plain[field.name] = list(value) if isinstance(value, tuple) else value
    return plain


def decode_target(value: Any) -> Target:
    """A target from plain values.

    :raises ValueError: unknown kind, or fields that do not fit (pydantic turns it into its own error).
    """
    if isinstance(value, Target):
        return value
    if not isinstance(value, Mapping) or "kind" not in value:
        raise ValueError("a target is an object with a 'kind'")
    plain = dict(value)
    kind = plain.pop("kind")
    cls = TARGET_KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise ValueError(
            f"unknown kind of target {shorten(kind)}; known: {', '.join(sorted(TARGET_KINDS))} "
            "(a kind that a verifier plugin brings is known once that verifier is loaded)"
        )
    names = {field.name for field in fields(cls)}  # type: ignore[arg-type]  # every Target subclass is a dataclass
    if unknown := sorted(set(plain) - names):
        raise ValueError(f"a {cls.kind} target has no field {unknown}; its fields are {sorted(names)}")
    return adapter(cls).validate_python(plain)


def to_json(value: Any, cls: type[Any]) -> bytes:
    """One line of JSON: what equals its default is left out, and so are the bytes of pictures.

    Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.

    :raises DataError: metadata, options or an answer hold what JSON cannot.
    """
    from pydantic_core import PydanticSerializationError
    from pydantic_core import from_json as read

    serializer, left_out = adapter(cls).serializer, _PICTURE_BYTES.get(cls)
    try:
        return serializer.to_json(value, exclude_defaults=True, exclude=left_out, fallback=_as_dict, warnings=False)
    except PydanticSerializationError as error:
        plain = serializer.to_python(value, exclude_defaults=True, exclude=left_out, warnings=False)
        try:
            text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_as_dict)
            line = text.encode("utf-8", "replace")
            read(line)  # refuses what is nested too deeply to be read again
        except (TypeError, ValueError, RecursionError):
            hint = "Metadata, options and answers have to be plain JSON values, nested less than 200 deep"
            problem = f"this {cls.__name__} cannot be written as JSON: {error}"
            raise DataError(problem, row=getattr(value, "id", None), hint=hint) from error
        return line


def _as_dict(value: Any) -> dict[Any, Any]:
    """A mapping that is no dict, as one; `options` and `metadata` may be any mapping."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no plain JSON value")


def from_json(line: bytes | str, cls: type[T], *, file: str | None = None, row: int | str | None = None) -> T:
    """Read one JSON value as `cls`.

    :raises DataError: naming file, row, field and value.
    """
    from pydantic import ValidationError

    try:
        return adapter(cls).validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        problem = first["msg"].removeprefix("Value error, ")
        raise DataError(problem, file=file, row=row, field=field, value=first.get("input")) from error


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write a file aside and rename it into place, so that a reader never sees half of it.

    :raises StoreError: the disk is full or the folder cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with aside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(write_problem(path, error)) from error


def write_problem(path: Path, error: OSError) -> str:
    """What to tell a person when a file cannot be written."""
    import errno

    way_out = {
        errno.ENOSPC: "the disk is full; free some space",
        errno.EDQUOT: "your disk quota is used up; free some space",
        errno.EROFS: "the disk is read-only; choose another --out",
        errno.EACCES: "you may not write there; choose another --out",
    }.get(error.errno or 0, f"{error.strerror or error}; choose another --out")
    return f"{path} cannot be written: {way_out}. Nothing recorded before is lost: the same command goes on from there"


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces, for hashing."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()


def cache_folder() -> Path:
    """Where vg1 keeps what can be made again: VG1_HOME, else `vg1` in XDG_CACHE_HOME or ~/.cache."""
    if home := os.environ.get("VG1_HOME"):
        return Path(home).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "vg1"
