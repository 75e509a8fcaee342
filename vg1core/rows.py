"""Where the rows of a source are read from: the hub, a folder with local copies, or its fixture file.

The hub goes through `datasets` and `huggingface_hub`, so HF_ENDPOINT, HF_HOME, HF_TOKEN and HF_HUB_OFFLINE work
as everywhere. Pictures stay encoded: a cell is `{"bytes": …, "path": …}` until `images` opens it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vg1core.errors import DataError, UsageError

if TYPE_CHECKING:
    from vg1core.datasets import RowSource

FORMATS = (".parquet", ".jsonl", ".json", ".csv")


class BadRow(dict[str, Any]):
    """A row that could not be read; `problem` names file, line and reason."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, and where they came from."""

    rows: Iterator[Mapping[str, Any]]
    split: str
    """Split for sample ids: upstream's, or `fixtures`."""
    place: str
    """File or hub id for messages."""


def open_rows(source: RowSource, data: str) -> Rows:
    """Open the rows of a source.

    :param data: `hub`, `fixtures`, or a folder: `<folder>/<name>/` or the folder itself holds parquet, JSONL, JSON
        or CSV files in the upstream schema, with pictures as paths relative to the file.
    """
    info = source.source
    if data == "fixtures":
        path = fixture_file(type(source))
        return Rows(read_files([path], source.columns), "fixtures", str(path))
    if data != "hub":
        files = local_files(Path(data), info.name, info.split)
        return Rows(check_first(source, read_files(files, source.columns), str(files[0])), info.split, str(files[0]))
    if not info.hub_id:
        raise UsageError(f"'{info.name}' is not on the hub; it makes or reads its own rows")
    place = f"{info.hub_id}@{info.revision} ({info.config}, {info.split})"
    return Rows(check_first(source, hub_rows(source), place), info.split, place)


def fixture_file(cls: type[RowSource]) -> Path:
    """`fixtures/<name>.jsonl` beside the plugin's module."""
    module = sys.modules[cls.__module__].__file__
    path = Path(module or ".").parent / "fixtures" / f"{cls.info.name}.jsonl"
    if not path.is_file():
        raise DataError("the source ships no fixture rows", file=str(path), hint="Use --data hub or --data DIR")
    return path


def local_files(folder: Path, name: str, split: str) -> list[Path]:
    """Data files of one source below a folder; those named after the split where there are any."""
    if not folder.is_dir():
        raise UsageError(f"--data {folder}: no such folder (or say --data hub, --data fixtures)")
    home = folder / name if (folder / name).is_dir() else folder
    for pattern in ("*", "data/*", "*/*"):
        files = sorted(path for path in home.glob(pattern) if path.suffix in FORMATS and path.is_file())
        if files:
            named = [path for path in files if path.stem == split or path.stem.startswith(f"{split}-")]
            return named or files
    raise DataError(
        "no data files here", file=str(home),
        hint=f"Put {', '.join(FORMATS)} files in the upstream schema into {folder / name}",
    )  # fmt: skip


def read_files(files: list[Path], columns: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Rows of parquet, JSONL, JSON or CSV files, one at a time."""
    for path in files:
        if path.suffix == ".parquet":
            yield from _parquet(path)
        elif path.suffix == ".csv":
            yield from (_resolve(row, path.parent, columns) for row in _csv(path))
        else:
            reader = _jsonl(path) if path.suffix == ".jsonl" else _json(path)
            yield from (_resolve(row, path.parent, columns) for row in reader)


def _parquet(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise UsageError(f"reading {path} needs pyarrow: pip install 'vg1core[data]'") from error
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=64):
                yield from batch.to_pylist()
    except (OSError, ValueError) as error:  # pyarrow.ArrowInvalid is a ValueError
        raise DataError(f"not a readable parquet file: {error}", file=str(path)) from error


def _csv(path: Path) -> Iterator[Mapping[str, Any]]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            for row in csv.DictReader(file, strict=True):
                extra = row.pop(None, None)  # csv puts surplus cells under None
                yield BadRow(f"{path}: a line has {len(extra)} cells too many") if extra else row
        except (csv.Error, UnicodeDecodeError) as error:
            yield BadRow(f"{path}: {error}")


def _jsonl(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                torn = "" if line.endswith(b"\n") else " (the last line is torn: the file was cut off)"
                yield BadRow(f"{path}, line {number}: not JSON: {error}{torn}")
                continue
            wrong = f"{path}, line {number}: an object is expected, not {type(row).__name__}"
            yield row if isinstance(row, dict) else BadRow(wrong)


def _json(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        value = json.loads(path.read_bytes())
    except ValueError as error:
        raise DataError(f"not JSON: {error}", file=str(path)) from error
    if isinstance(value, dict):  # {"id": {row}, …}, as ScienceQA and TabMWP publish theirs
        value = [{"_key": key, **row} if isinstance(row, dict) else row for key, row in value.items()]
    if not isinstance(value, list):
        raise DataError("a list of rows is expected", file=str(path))
    for number, row in enumerate(value):
        yield row if isinstance(row, dict) else BadRow(f"{path}, item {number}: an object is expected")


def _resolve(row: Mapping[str, Any], folder: Path, columns: Mapping[str, str]) -> Mapping[str, Any]:
    """Picture paths in a row, made absolute and kept inside the data folder."""
    pictures = [name for name, kind in columns.items() if "image" in kind and row.get(name)]
    if not pictures or isinstance(row, BadRow):
        return row

    def absolute(cell: Any) -> Any:
        if isinstance(cell, list):
            return [absolute(one) for one in cell]
        path = cell.get("path") if isinstance(cell, dict) else cell
        return {"bytes": None, "path": str(inside(folder, path))} if isinstance(path, str) else cell

    return {**row, **{name: absolute(row[name]) for name in pictures}}


def inside(folder: Path, path: str) -> Path:
    """`folder / path`, refused where that leads out of the folder.

    :raises DataError: the path is absolute, or climbs out with `..` or a link.
    """
    whole = folder / path
    if Path(path).is_absolute() or not whole.resolve().is_relative_to(folder.resolve()):
        hint = "Use paths relative to the file that holds the row"
        raise DataError("the path leads out of its data folder", file=str(folder), value=path, hint=hint)
    return whole


def check_first(source: RowSource, rows: Iterator[Mapping[str, Any]], place: str) -> Iterator[Mapping[str, Any]]:
    """Compare the first row with the columns the plugin expects, before any sample is made of it."""
    for number, row in enumerate(rows):
        if number == 0 and not isinstance(row, BadRow):
            optional = {name for name, kind in source.columns.items() if kind.endswith("?")}
            missing = [name for name in source.columns if name not in row and name not in optional]
            if missing:
                raise DataError(
                    f"the schema is not the one '{source.info.name}' was written for: it expects columns "
                    f"{', '.join(source.columns)}; {', '.join(missing)} missing, found {', '.join(row)}",
                    file=place,
                    hint="Another revision or hub id can be set in the run's [overrides]",
                )
        yield row


def hub_rows(source: RowSource) -> Iterator[Mapping[str, Any]]:
    """Rows of a hub dataset, pictures left encoded."""
    try:
        import datasets
    except ModuleNotFoundError as error:
        raise UsageError("reading from the hub needs datasets: pip install 'vg1core[data]'") from error
    info = source.source
    config = None if info.config == "default" else info.config
    place = f"{info.hub_id}@{info.revision}"
    try:
        table = datasets.load_dataset(info.hub_id, config, split=info.split, revision=info.revision)
    except Exception as error:  # datasets and huggingface_hub raise dozens of types here, all of them about the source
        offline = " (HF_HUB_OFFLINE is set: fetch it once without)" if os.environ.get("HF_HUB_OFFLINE") else ""
        hint = f"Check the network and HF_TOKEN, use --data DIR with local copies, or override hub_id of '{info.name}'"
        problem = f"cannot be loaded{offline}: {type(error).__name__}: {error}"
        raise DataError(problem, file=place, hint=hint) from error
    yield from undecoded(table)


def undecoded(table: Any) -> Iterator[Mapping[str, Any]]:
    """Rows of a `datasets.Dataset` with every picture as `{"bytes", "path"}`, never decoded."""
    yield from table.decode(False) if hasattr(table, "decode") else _cast_undecoded(table)


def _cast_undecoded(table: Any) -> Any:
    import datasets

    def strip(feature: Any) -> Any:
        if isinstance(feature, datasets.Image):
            return datasets.Image(decode=False)
        if isinstance(feature, dict):
            return {key: strip(value) for key, value in feature.items()}
        if isinstance(feature, list):
            return [strip(one) for one in feature]
        if isinstance(feature, datasets.List):
            return datasets.List(strip(feature.feature), length=feature.length)
        return feature

    return table.cast(datasets.Features({name: strip(feature) for name, feature in table.features.items()}))


def resolve_revision(source: RowSource, data: str) -> str:
    """The commit behind the revision where the data comes from the hub; else a word for where it came from."""
    info = source.source
    if data == "fixtures":
        return "fixtures"
    if data != "hub" or not info.hub_id:
        return f"local:{data}"
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.constants import HF_HUB_CACHE

        if os.environ.get("HF_HUB_OFFLINE"):
            ref = Path(HF_HUB_CACHE) / f"datasets--{info.hub_id.replace('/', '--')}" / "refs" / info.revision
            return ref.read_text() if ref.is_file() else f"{info.revision} (offline, commit unknown)"
        return HfApi().dataset_info(info.hub_id, revision=info.revision).sha or info.revision
    except Exception as error:  # the revision is a note for the record; the rows themselves were read
        return f"{info.revision} (commit unknown: {type(error).__name__})"


def features(columns: Mapping[str, str]) -> Any:
    """`datasets.Features` for a plugin's `columns`, to write test data and to compare live sources with.

    Types: `string`, `int64`, `float32` … , `image`, `list[T]`, `struct{a: T, b: T}`; a final `?` marks a column that
    older revisions lack.
    """
    import datasets

    def one(kind: str) -> Any:
        kind = kind.strip().removesuffix("?")
        if kind == "image":
            return datasets.Image()
        if kind.startswith("list[") and kind.endswith("]"):
            return datasets.List(one(kind[5:-1]))
        if kind.startswith("struct{") and kind.endswith("}"):
            pairs = (part.partition(":") for part in _split(kind[7:-1]))
            return {name.strip(): one(inner) for name, _, inner in pairs}
        if kind.startswith("class["):
            return datasets.ClassLabel(names=[name.strip() for name in kind[6:-1].split(",")])
        return datasets.Value(kind)

    return datasets.Features({name: one(kind) for name, kind in columns.items()})


def _split(text: str) -> Iterator[str]:
    """Split at commas outside brackets."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        depth += char in "[{"
        depth -= char in "]}"
        if char == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]
