"""Rows from the hub, through the real clients in a child process, against the server of `vg1core.testing.hub`."""

import json
import os
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from vg1core.testing.hub import Hub, parquet

COLUMNS = {
    "image": "image",
    "images": "list[image]",
    "turns": "list[struct{user: string, picture: image}]",
    "label": "class[cat, dog]",
    "question": "string",
}

CHILD = """
import json, socket
opened, asked = [], []
real_connect, real_getaddrinfo = socket.socket.connect, socket.getaddrinfo
def connect(self, address):
    opened.append(address[0])
    if not address[0].startswith("127."):
        raise OSError(f"not loopback: {address}")
    return real_connect(self, address)
def getaddrinfo(host, *rest, **named):
    asked.append(host)
    return real_getaddrinfo(host, *rest, **named)
socket.socket.connect, socket.getaddrinfo = connect, getaddrinfo

import hashlib
from dataclasses import replace
from vg1core.datasets import DatasetInfo, HubDataset
from vg1core.errors import DataError
from vg1core.types import TextTarget

class Source(HubDataset):
    info = DatasetInfo(name="charts", dimension="math", hub_id="ann/charts", verifier="exact")
    columns = COLUMNS
    def to_sample(self, row, index):
        pictures = [row["image"], *row["images"], *(turn["picture"] for turn in row["turns"])]
        target = TextTarget(text=row["turns"][0]["user"])
        return self.sample(index, question=row["question"], images=pictures, target=target, label=row["label"])

def digests(source):
    return [[hashlib.sha256(image.data).hexdigest() for image in sample.images] for sample in source.samples()]

def message(split="train", **overrides):
    source = Source(overrides=overrides)
    source.source = replace(source.source, split=split)
    try:
        list(source.load())
    except DataError as error:
        return str(error)

out = {}
BODY
print(json.dumps({**out, "hosts": sorted({*opened, *asked})}))
"""


def png(colour, size=(8, 6)):
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def rows_of(*colours):
    return [
        {
            "image": {"bytes": png(colour), "path": f"{colour}.png"},
            "images": [{"bytes": png(colour, (4, 4)), "path": None}, {"bytes": png("white"), "path": "w.png"}],
            "turns": [{"user": colour, "picture": {"bytes": png(colour, (2, 2)), "path": None}}],
            "label": number % 2,
            "question": f"What colour is picture {number}?",
        }
        for number, colour in enumerate(colours)
    ]


def child(hub, body, **environment):
    code = CHILD.replace("BODY", body).replace("COLUMNS", repr(COLUMNS))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **hub.environment(), **environment},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    out = json.loads(done.stdout.splitlines()[-1])
    assert set(out.pop("hosts")) <= {"127.0.0.1"}, "a socket left loopback"
    return out


@pytest.fixture(scope="module")
def hub():
    with Hub(page=2) as server:
        yield server


def test_rows_pictures_zip_commits_and_offline(hub):
    rows = rows_of("red", "blue")
    first = hub.add_dataset("ann/charts", {"default": {"train": rows[:1]}}, COLUMNS)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("pictures/a.png", png("green"))
    hub.add("ann/charts", {"pictures.zip": archive.getvalue(), "notes/a.json": "[1]", "notes/b.json": "[2]"})
    second = hub.add_dataset("ann/charts", {"default": {"train": rows}}, COLUMNS)
    assert first != second

    body = """
source = Source()
samples = list(source.samples())
out["ids"] = [sample.id for sample in samples]
out["answers"] = [sample.target.text for sample in samples]
out["labels"] = [sample.metadata["label"] for sample in samples]
out["digests"] = digests(source)
out["place"] = source.place
out["revision"] = source.revision("hub")
old = Source(overrides={"revision": FIRST})
out["old"] = [sample.target.text for sample in old.samples()]

import zipfile
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download
path = hf_hub_download("ann/charts", "pictures.zip", repo_type="dataset")
out["members"] = zipfile.ZipFile(path).namelist()
api = HfApi()
out["tree"] = [entry.path for entry in api.list_repo_tree("ann/charts", recursive=True, repo_type="dataset")]
out["info"] = [entry.size for entry in api.get_paths_info("ann/charts", ["notes/a.json", "gone"], repo_type="dataset")]
out["branches"] = [(b.name, b.target_commit) for b in api.list_repo_refs("ann/charts", repo_type="dataset").branches]
with HfFileSystem().open("datasets/ann/charts/pictures.zip", "rb", block_size=16) as file:
    file.seek(-22, 2)  # the end-of-archive record, by a range request
    out["tail"] = file.read(2).decode()
out["user"] = api.whoami(token="t")["name"]
"""
    online = child(hub, body.replace("FIRST", repr(first)))
    assert online["ids"] == ["dataset:charts/default/train/0", "dataset:charts/default/train/1"]
    assert online["answers"] == ["red", "blue"]
    assert online["labels"] == [0, 1]
    assert online["place"] == "ann/charts@main (default, train)"
    assert online["revision"] == second
    assert online["old"] == ["red"]
    import hashlib

    sent = [[row["image"], *row["images"], row["turns"][0]["picture"]] for row in rows]
    assert online["digests"] == [[hashlib.sha256(one["bytes"]).hexdigest() for one in row] for row in sent]
    assert online["members"] == ["pictures/a.png"]
    assert online["tree"] == [
        "README.md", "default", "default/train-00000-of-00001.parquet", "notes", "notes/a.json", "notes/b.json",
        "pictures.zip",
    ]  # fmt: skip
    assert online["info"] == [3]
    assert online["branches"] == [["main", second]]
    assert online["tail"] == "PK"
    assert online["user"] == "tests"
    assert any(seen.status == 206 for seen in hub.seen)
    assert any("cursor=2" in seen.path for seen in hub.seen)

    # `datasets` prepared the older commit last, and without network would give its rows for any revision.
    answered = len(hub.seen)
    offline = child(
        hub,
        f"""
out["old"] = digests(Source(overrides={{"revision": {first!r}}}))
out["stale"] = message()
out["revision"] = Source().revision("hub")
out["unknown"] = message(hub_id="ann/x")
""",
        HF_HUB_OFFLINE="1",
    )
    assert offline["old"] == online["digests"][:1]
    assert offline["revision"] == second
    assert offline["stale"] == (
        f"ann/charts@main: the cache holds commit {first}, but {second} was asked for. "
        "Fetch it once with network, without HF_HUB_OFFLINE"
    )
    assert offline["unknown"].startswith("ann/x@main: cannot be loaded: ")
    assert offline["unknown"].endswith(
        "HF_HUB_OFFLINE is set: run once without it, which fetches the data, or use --data DIR with local copies"
    )
    assert len(hub.seen) == answered


def test_faults_and_their_messages(hub):
    rows = rows_of("red", "blue")
    hub.add_dataset("ann/flaky", {"default": {"train": rows}}, COLUMNS)
    hub.add_dataset("ann/torn", {"default": {"train": rows}}, COLUMNS)
    hub.add_dataset("ann/two", {"easy": {"train": rows, "test": rows}, "hard": {"train": rows}}, COLUMNS)
    hub.add_dataset("ann/eval", {"default": {"test": rows}}, COLUMNS)
    hub.add("ann/bare", {"train.parquet": parquet(rows, COLUMNS)})
    hub.add("ann/other", {"README.md": "# Other\n", "train.jsonl": '{"text": "no pictures"}\n'})
    hub.fail(2, matching="/datasets/ann/flaky/resolve/main", method="HEAD")
    hub.cut(1, matching="ann/torn/resolve/.*parquet")
    out = child(
        hub,
        """
for name in ("flaky", "torn", "bare"):
    out[name] = digests(Source(overrides={"hub_id": f"ann/{name}"}))
out["hard"] = digests(Source(overrides={"hub_id": "ann/two", "config": "hard"}))
out["missing"] = message(hub_id="ann/nothing")
out["revision"] = message(hub_id="ann/flaky", revision="v9")
out["config"] = message(hub_id="ann/two", config="hrad")
out["split"] = message(hub_id="ann/eval")
out["columns"] = message(hub_id="ann/other")
out["unresolved"] = Source(overrides={"hub_id": "ann/nothing"}).revision("hub")
""",
    )
    assert len(out["flaky"]) == 2
    assert out["flaky"] == out["torn"] == out["bare"] == out["hard"]
    assert [seen.status for seen in hub.seen if "/datasets/ann/flaky/resolve/main" in seen.path][:3] == [500, 500, 200]
    got = [seen.path for seen in hub.seen if seen.method == "GET" and "ann/torn/resolve" in seen.path]
    assert len([path for path in got if path.endswith(".parquet")]) == 2, "the torn file is fetched again"
    assert out["missing"].startswith("ann/nothing@main: cannot be loaded: RepositoryNotFoundError: 404")
    assert out["missing"].endswith(
        "Check the id 'ann/nothing' and, if it is private, HF_TOKEN; "
        "or override it for 'charts' in the run's [overrides]; or use --data DIR"
    )
    assert out["revision"].endswith("It has no revision 'v9'; override it for 'charts' in the run's [overrides]")
    assert "Available: ['easy', 'hard']" in out["config"]
    assert out["config"].endswith(
        "Check config 'hrad' and split 'train'; override it for 'charts' in the run's [overrides]"
    )
    assert "Unknown split \"train\". Should be one of ['test']" in out["split"]
    assert out["columns"] == (
        "ann/other@main (default, train): the schema is not the one 'charts' was written for: it expects columns "
        "image, images, turns, label, question; image, images, turns, label, question missing, found text. "
        "Another revision or hub id can be set in the run's [overrides]"
    )
    assert out["unresolved"] == "main (commit unknown: RepositoryNotFoundError)"


def test_a_hub_that_does_not_answer_is_asked_once(monkeypatch):
    """The clients try for half a minute; with seventeen benchmarks that would be minutes of silence."""
    import huggingface_hub
    from huggingface_hub.errors import LocalEntryNotFoundError

    from vg1core import hub

    class ConnectError(Exception):
        pass

    asked = []

    def no_network(*arguments, **options):
        asked.append(arguments)
        raise LocalEntryNotFoundError("no network")

    def refuse(self, *arguments, **options):
        raise ConnectError("nobody there")

    monkeypatch.setattr(hub, "_no_answer", [])
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", no_network)
    monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", refuse)
    for name in ("ann/first", "ann/second"):
        with pytest.raises(ConnectError, match="nobody there"):
            hub.commit_of(name, "main")
    assert len(asked) == 1
