"""The catalogue in `registry/`: every first-party plugin, installed or not, and third-party ones that asked for a row.

It is read to say which distribution has a name that is not installed. The rows are generated from the plugin
classes (`make registry`), never typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from vg1core.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRow:
    """One plugin that exists somewhere."""

    kind: str
    name: str
    distribution: str
    summary: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    """Everything else its row says: dimension, hub_id, licence …"""


def registry_folder() -> Path:
    """`registry/` inside the installed package, else beside it in a checkout."""
    here = Path(__file__).parent
    return here / "registry" if (here / "registry").is_dir() else here.parent / "registry"


@cache
def load(folder: Path | None = None) -> tuple[CatalogRow, ...]:
    """All rows, sorted by kind and name.

    :raises DataError: a file is no TOML, or a row does not say which distribution has it.
    """
    rows = [row for path in sorted((folder or registry_folder()).glob("*.toml")) for row in _read(path)]
    return tuple(sorted(rows, key=lambda row: (row.kind, row.name)))


def _read(path: Path) -> Iterator[CatalogRow]:
    import tomllib

    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"not TOML: {error}", file=str(path)) from error
    for kind, entries in tables.items():
        for name, entry in entries.items() if isinstance(entries, dict) else [("?", None)]:
            if not isinstance(entry, dict) or not isinstance(entry.get("distribution"), str):
                problem = "a row is a table [<kind>.<name>] that says its distribution"
                raise DataError(problem, file=str(path), row=f"[{kind}.{name}]", value=entry)
            facts = dict(entry)
            distribution, summary = facts.pop("distribution"), facts.pop("summary", "")
            yield CatalogRow(kind=kind, name=name, distribution=distribution, summary=summary, facts=facts)


def find(kind: str, name: str) -> CatalogRow | None:
    """The row of a plugin, if the catalogue knows it."""
    return next((row for row in load() if (row.kind, row.name) == (kind, name)), None)
