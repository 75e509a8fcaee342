"""The notation of column types."""

from vg1core import rows
from vg1core.columns import features, parse


def test_column_notation_survives_a_parquet_file(tmp_path):
    import datasets
    import pyarrow.parquet as pq

    from vg1core.testing.hub import parquet

    columns = {
        "image": "image?", "images": "list[image]", "n": "int64", "box": "list[float32]", "label": "class[cat, dog]",
        "turns": "list[struct{user: string, at: struct{x: float64, y: float64}, tags: list[string]}]",
    }  # fmt: skip
    row = {"image": None, "images": [], "n": 3, "box": [1.0, 2.5], "label": 1,
           "turns": [{"user": "u", "at": {"x": 0.5, "y": 1.0}, "tags": ["a", "b"]}]}  # fmt: skip
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet([row], columns))
    assert datasets.Features.from_arrow_schema(pq.read_schema(path)) == features(columns)
    assert list(rows.read_files([path], {})) == [row]
    assert parse("list[struct{a: image, b: list[class[x, y]]}]?") == [{"a": "image", "b": [("x", "y")]}]
