from __future__ import annotations

import json
import shutil

import pytest

from vg1_plugin_transformers.checkpoint import Checkpoint, locate
from vg1_plugin_transformers.processor import load_processor, without_progress_bars
from vg1core.errors import BackendError


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_pictures_without_the_video_half(checkpoints, family):
    processor = load_processor(locate(str(checkpoints[family])))
    assert processor.image_token_id == processor.tokenizer.convert_tokens_to_ids("<|image_pad|>")
    assert processor.vision_start_token_id == processor.tokenizer.convert_tokens_to_ids("<|vision_start|>")
    assert type(processor.image_processor).__name__ == "Qwen2VLImageProcessorPil"
    assert "vision_start" in processor.chat_template


def test_checkpoint_that_was_saved_with_its_video_processor(checkpoints, tmp_path):
    model = shutil.copytree(checkpoints["qwen2_5_vl"], tmp_path / "model")
    image = json.loads((model / "preprocessor_config.json").read_text())
    video = {"video_processor_type": "Qwen2VLVideoProcessor", "patch_size": 14}
    saved = {"processor_class": "Qwen2_5_VLProcessor", "image_processor": image, "video_processor": video}
    (model / "processor_config.json").write_text(json.dumps(saved))
    (model / "preprocessor_config.json").unlink()
    processor = load_processor(locate(str(model)))
    assert processor.image_processor.patch_size == 14


def test_processor_that_cannot_be_loaded(tmp_path):
    with pytest.raises(BackendError, match=r"the processor of '.*' cannot be loaded: \w+: "):
        load_processor(Checkpoint(source=str(tmp_path), revision=None, config={"model_type": "qwen2_5_vl"}))


def test_what_to_install_is_said(checkpoints, tmp_path):
    utils = pytest.importorskip("transformers.utils")
    if utils.is_torchvision_available():
        pytest.skip("torchvision is installed: nothing is missing")
    model = shutil.copytree(checkpoints["qwen2_5_vl"], tmp_path / "model")
    config = json.loads((model / "config.json").read_text()) | {"model_type": "glm4v"}
    (model / "config.json").write_text(json.dumps(config))
    image = json.loads((model / "preprocessor_config.json").read_text()) | {"processor_class": "Glm4vProcessor"}
    (model / "preprocessor_config.json").write_text(json.dumps(image))
    with pytest.raises(BackendError, match=r"\(glm4v\) needs a package that is missing[\s\S]*pip install torchvision"):
        load_processor(locate(str(model)))


def test_progress_bars_come_back():
    logging = pytest.importorskip("transformers.utils.logging")
    assert logging.is_progress_bar_enabled()
    with without_progress_bars():
        assert not logging.is_progress_bar_enabled()
    assert logging.is_progress_bar_enabled()
