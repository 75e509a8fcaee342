"""Options of verifiers and backends: a frozen dataclass with a default for every field, filled by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vg1core.errors import UsageError
from vg1core.types import field_names


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOptions:
    """For what has no options."""


def fill(cls: type[Any], options: Mapping[str, Any] | None, owner: str) -> Any:
    """An instance of an options class.

    :param owner: whose options they are, for the message: `verifier 'click'`.
    :raises UsageError: an option that the class does not have; lists those it has.
    """
    known = field_names(cls)
    if unknown := sorted(set(options or {}) - set(known)):
        wrong, right = ", ".join(map(repr, unknown)), ", ".join(known) or "none"
        raise UsageError(f"{owner} has no option {wrong}; its options are: {right}")
    return cls(**(options or {}))
