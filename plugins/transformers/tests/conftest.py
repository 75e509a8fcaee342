"""Tiny checkpoints and requests for the tests of the backend."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from vg1core.backends import Request, Sampling
from vg1core.types import Media, Message, Text


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder of this test session."""
    return tmp_path_factory.mktemp("vg1-home")


@pytest.fixture(scope="session")
def checkpoints(tiny_home: Path) -> dict[str, Path]:
    """A tiny random model of each of two architectures."""
    from vg1_plugin_tiny.build import tiny_checkpoint

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VG1_HOME", str(tiny_home))
        return {"qwen2_5_vl": tiny_checkpoint("qwen2_5_vl"), "qwen3_vl": tiny_checkpoint("qwen3_vl")}


@pytest.fixture(scope="session")
def picture() -> Callable[..., Media]:
    """Makes pictures of coloured boxes."""

    def make(seed: int = 0, width: int = 140, height: int = 84) -> Media:
        from PIL import Image

        random, image = Random(seed), Image.new("RGB", (width, height), (255, 255, 255))
        for _ in range(6):
            x, y = random.randrange(width), random.randrange(height)
            image.paste(tuple(random.randrange(256) for _ in range(3)), (x, y, x + 30, y + 20))
        out = BytesIO()
        image.save(out, "PNG")
        return Media(ref=f"picture{seed}.png", data=out.getvalue())

    return make


@pytest.fixture(scope="session")
def ask() -> Callable[..., Request]:
    """Makes requests."""

    def make(text: str = "How many boxes?", *pictures: Media, name: str = "a", seed: int = 0, **sampling) -> Request:
        message = Message(role="user", parts=(*pictures, Text(text=text)))
        options = {"max_new_tokens": 12, **sampling}
        return Request(id=name, messages=(message,), seed=seed, sampling=Sampling(**options))

    return make
