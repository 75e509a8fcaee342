"""What verifiers with options of few words share."""

from __future__ import annotations

from typing import Any, get_args

from vg1core.errors import UsageError


def check_word(owner: str, option: str, value: object, words: Any) -> None:
    """Raise `UsageError` unless an option's value is one of the words of a `Literal`."""
    if value not in get_args(words):
        known = ", ".join(map(str, get_args(words)))
        raise UsageError(f"verifier '{owner}': option '{option}' has to be one of {known}, not {value!r}")
