from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from vg1_plugin_tiny.build import build, build_tokenizer, cache_folder, tiny_checkpoint
from vg1_plugin_tiny.recipe import recipe
from vg1_plugin_tiny.tiny import TinyBackend
from vg1_plugin_transformers.checkpoint import folder_hash
from vg1core.backends import Request, Sampling
from vg1core.errors import StoreError, UsageError
from vg1core.io import digest
from vg1core.types import Media, Message, Text

pytest.importorskip("torch")


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("vg1-home")


@pytest.fixture
def at_home(home, monkeypatch) -> Path:
    monkeypatch.setenv("VG1_HOME", str(home))
    return home


def picture(size: tuple[int, int]) -> Media:
    from PIL import Image

    out = BytesIO()
    Image.radial_gradient("L").resize(size).save(out, "PNG")
    return Media(ref="x.png", data=out.getvalue())


def request(*pictures: Media, **sampling) -> Request:
    message = Message(role="user", parts=(*pictures, Text(text="Look at the picture and answer the question.")))
    return Request(id="a", messages=(message,), sampling=Sampling(**sampling))


def test_the_model_answers(at_home):
    with TinyBackend("tiny") as backend:
        assert backend.coordinate_space == "sent_pixel"
        (result,) = backend.generate([request(picture((300, 200)), temperature=1.0, max_new_tokens=20)])
        identity = backend.identity()
    assert result.response.token_ids
    assert result.response.sent_sizes == ((308, 196),)
    assert result.response.prompt_tokens > 11 * 7
    assert identity["model"] == "tiny"
    assert identity["revision"] == f"sha256:{folder_hash(tiny_checkpoint())}"


def test_random_responses_end_by_themselves(at_home):
    requests = [request(picture((60 + 40 * n, 90)), max_new_tokens=400) for n in range(8)]
    with TinyBackend("tiny") as backend:
        reasons = [result.response.finish_reason for result in backend.generate(requests)]
    assert reasons.count("stop") >= 5


def test_same_files_each_time_and_in_each_process(at_home, tmp_path):
    first = tiny_checkpoint()
    script = f"""
from pathlib import Path
from vg1_plugin_tiny.build import build
build(Path({str(tmp_path)!r}), "qwen2_5_vl", 0)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert folder_hash(tmp_path) == folder_hash(first)


def test_weights_come_from_the_seed_and_their_names(at_home, tmp_path):
    from safetensors.torch import load_file

    weights = load_file(tiny_checkpoint() / "model.safetensors")
    build(tmp_path, "qwen2_5_vl", 1)
    other = load_file(tmp_path / "model.safetensors")
    assert weights.keys() == other.keys()
    for name, weight in weights.items():
        assert weight.equal(other[name]) == (weight.ndim < 2), name
    # Known values: drawn by torch's CPU generator, whatever transformers initialises with.
    assert weights["lm_head.weight"][20, :3].tolist() == pytest.approx([0.02598990, 0.07900405, 0.19462626], abs=1e-6)


def test_it_is_small(at_home):
    folder = tiny_checkpoint()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_000_000
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


def test_it_is_made_once(at_home):
    folder = tiny_checkpoint()
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert tiny_checkpoint() == folder
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_families_and_seeds_have_folders_of_their_own(at_home):
    assert len({tiny_checkpoint(), tiny_checkpoint("qwen3_vl"), tiny_checkpoint(seed=5)}) == 3
    assert recipe("qwen2_5_vl", 0) != recipe("qwen3_vl", 0)


def test_another_process_that_was_quicker(tmp_path, monkeypatch):
    monkeypatch.setenv("VG1_HOME", str(tmp_path))
    place = tmp_path / f"tiny-{digest(recipe('qwen2_5_vl', 0))[:16]}"

    def slow(folder, family, seed):
        build(folder, family, seed)
        build_elsewhere = tmp_path / "other"
        build_elsewhere.mkdir()
        (build_elsewhere / "config.json").write_text("the other's")
        build_elsewhere.rename(place)

    monkeypatch.setattr("vg1_plugin_tiny.build.build", slow)
    assert tiny_checkpoint() == place
    assert (place / "config.json").read_text() == "the other's"
    assert list(tmp_path.iterdir()) == [place]


def test_half_made_folders_are_cleared_away(tmp_path, monkeypatch):
    monkeypatch.setenv("VG1_HOME", str(tmp_path))
    monkeypatch.setattr("vg1_plugin_tiny.build.build", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(StoreError, match="the tiny model cannot be written to .*: No space left. Name another folder"):
        tiny_checkpoint()
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VG1_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StoreError, match="the tiny model cannot be written to .*Name another folder with the variable"):
        TinyBackend("tiny").identity()


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"VG1_HOME": "/a"}, "/a"),
        ({"VG1_HOME": "", "XDG_CACHE_HOME": "/b"}, "/b/vg1"),
        ({"HOME": "/c", "VG1_HOME": "", "XDG_CACHE_HOME": ""}, "/c/.cache/vg1"),
    ],
)
def test_cache_folder(variables, folder, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(cache_folder()) == folder


@pytest.mark.parametrize("text", ["Think step by step: x² ≠ 42, ☃?\n\n  \\boxed{1/2}", "\x00\x1f\u200d漢字", ""])
def test_any_text_comes_back(text):
    tokenizer = build_tokenizer()
    assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_numbers_are_read_digit_by_digit():
    assert build_tokenizer().encode("1234").tokens == ["1", "2", "3", "4"]


def test_other_models_are_refused():
    with pytest.raises(UsageError, match="backend 'tiny' has one model, 'tiny', and was asked for 'Qwen/x'; use --bac"):
        TinyBackend("Qwen/x").identity()
    with pytest.raises(UsageError, match="model 'tiny' has no revisions"):
        TinyBackend("tiny", options={"revision": "main"}).identity()
