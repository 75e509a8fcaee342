"""Errors, named after the boundary that was crossed.

    VG1Error
    ├── UsageError            the command or the configuration is wrong                     (exit 2)
    ├── PluginError           a plugin cannot be used
    │   ├── UnknownPlugin     no installed plugin has that name
    │   ├── PluginCollision   two distributions claim one name
    │   ├── PluginBlocked     it was switched off
    │   ├── BrokenPlugin      it cannot be imported, or breaks a rule of the hooks
    │   └── BrokenInstallation  what it builds on does not work here
    ├── DataError             a row, file or dataset is not what it has to be
    │   └── PictureError      a picture cannot be opened, or is too large
    ├── TargetError           a target cannot be understood by its verifier
    ├── BackendError          a model or server failed
    └── StoreError            a run folder or cache cannot be written
        └── RunLocked         another process holds the run

Plugins may raise any of these; any other exception of theirs is attributed to them by the core.
Each message says what happened, where, what was expected and what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class VG1Error(Exception):
    """Base of every error that a person should read without a traceback."""


class UsageError(VG1Error):
    """The command line or a configuration asks for something impossible."""


class PluginError(VG1Error):
    """A plugin cannot be used."""


class UnknownPlugin(PluginError):
    """No installed plugin has that name."""


class PluginCollision(PluginError):
    """Two distributions offer the same plugin name."""


class PluginBlocked(PluginError):
    """The plugin was switched off with `-p no:` or VG1_DISABLE_PLUGINS."""


class BrokenPlugin(PluginError):
    """The plugin cannot be imported, or does not keep a rule of the hook specifications."""


class BrokenInstallation(PluginError):
    """What a verifier builds on does not work here: a run refuses to start, rather than score 0."""


class DataError(VG1Error):
    """Data is not what it has to be; says in which file, row and field, and shows the value."""

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        row: int | str | None = None,
        field: str | None = None,
        value: Any = None,
        hint: str = "",
    ) -> None:
        self.problem, self.file, self.row, self.field, self.value, self.hint = problem, file, row, field, value, hint
        where = []
        if file is not None:
            where.append(str(file))
        if row is not None:
            where.append(str(row) if str(row).startswith("line ") else f"row {row}")
        if field is not None:
            where.append(f"field '{field}'")
        text = (", ".join(where) + ": " if where else "") + problem
        if value is not None:
            text += f" (value: {shorten(value)})"
        super().__init__(text + (f". {hint}" if hint else ""))


class PictureError(DataError):
    """A picture is missing, unreadable, truncated or too large."""


class TargetError(VG1Error):
    """A target cannot be understood by its verifier, whatever the response says."""


class BackendError(VG1Error):
    """A model or a server failed."""


class StoreError(VG1Error):
    """A run folder or the generation cache cannot be read or written."""


class RunLocked(StoreError):
    """Another process is writing this run."""


def shorten(value: Any, limit: int = 120) -> str:
    """`repr(value)`, cut to `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}… ({len(text):,} characters)"


def what_failed(error: BaseException) -> str:
    """Type and message of an exception: `KeyError: 'colour'`, or the type alone where it has no message."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, if any is."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1)), None)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean '…'?` where a known name is near, else nothing."""
    near = nearest(name, known)
    return f"; did you mean '{near}'?" if near else ""
