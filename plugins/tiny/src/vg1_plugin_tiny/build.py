"""Making the tiny checkpoint: the same files as a real one has, with random weights."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from vg1_plugin_tiny.recipe import (
    CHAT_TEMPLATE,
    CONTEXT,
    EMBEDDING,
    END,
    END_SCALE,
    FAMILIES,
    IMAGE,
    PAD,
    SENTENCES,
    SPECIAL_TOKENS,
    VIDEO,
    VOCABULARY,
    Family,
    recipe,
)
from vg1_plugin_transformers.processor import without_progress_bars
from vg1core.errors import StoreError
from vg1core.io import cache_folder, digest


def tiny_checkpoint(family: Family = "qwen2_5_vl", seed: int = 0) -> Path:
    """The folder of the tiny model; made at its first use, which takes a few seconds.

    It is made aside and renamed into place, so that a folder of that name is always complete, whichever of several
    processes came first.

    :raises StoreError: the cache folder cannot be written.
    """
    folder = cache_folder() / f"tiny-{digest(recipe(family, seed))[:16]}"
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".tiny-"))
        try:
            build(aside, family, seed)
            aside.chmod(0o755)  # readable by others, as other caches are
            for path in aside.iterdir():
                path.chmod(0o644)
            aside.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was quicker, with the same files
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        problem = f"the tiny model cannot be written to {folder.parent}: {error.strerror or error}"
        raise StoreError(f"{problem}. Name another folder with the variable VG1_HOME") from error
    return folder


def build(folder: Path, family: Family, seed: int) -> None:
    """Write a checkpoint into an empty folder."""
    tokenizer = build_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    ids = {token: tokenizer.token_to_id(token) for token in SPECIAL_TOKENS}
    _write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": CONTEXT, "padding_side": "left",
        "eos_token": END, "pad_token": PAD, "clean_up_tokenization_spaces": False,
    })  # fmt: skip
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE, encoding="utf-8")
    model, processor = build_model(family, ids)
    fill(model, seed, ids[END])
    with without_progress_bars():
        model.save_pretrained(folder)
    patch = FAMILIES[family]["vision"]["patch_size"]
    unit = patch * FAMILIES[family]["vision"]["spatial_merge_size"]
    _write_json(folder / "preprocessor_config.json", {
        "image_processor_type": "Qwen2VLImageProcessor", "processor_class": processor, "patch_size": patch,
        "temporal_patch_size": 2, "merge_size": 2, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
        "size": {"shortest_edge": 4 * unit**2, "longest_edge": 1280 * unit**2},
    })  # fmt: skip


def build_tokenizer() -> Any:
    """A byte-level BPE tokenizer over the recipe's sentences; any text comes back as it went in."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    bytes_only = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), bytes_only])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS])
    return tokenizer


def build_model(family: Family, ids: dict[str, int]) -> tuple[Any, str]:
    """The model with whatever weights it starts with, and the name of its processor class."""
    import transformers

    sizes = FAMILIES[family]
    text = {
        **sizes["text"], "vocab_size": VOCABULARY, "bos_token_id": None, "eos_token_id": ids[END],
        "pad_token_id": ids[PAD], "tie_word_embeddings": False,
    }  # fmt: skip
    common: dict[str, Any] = {
        "text_config": text, "vision_config": sizes["vision"], "image_token_id": ids[IMAGE],
        "video_token_id": ids[VIDEO], "vision_start_token_id": ids["<|vision_start|>"],
        "vision_end_token_id": ids["<|vision_end|>"], "tie_word_embeddings": False, "dtype": "float32",
    }  # fmt: skip
    if family == "qwen2_5_vl":
        config = transformers.Qwen2_5_VLConfig(**common)
        model, processor = transformers.Qwen2_5_VLForConditionalGeneration(config), "Qwen2_5_VLProcessor"
    else:
        config = transformers.Qwen3VLConfig(**common)
        model, processor = transformers.Qwen3VLForConditionalGeneration(config), "Qwen3VLProcessor"
    model.generation_config = transformers.GenerationConfig(eos_token_id=[ids[END], ids[PAD]], pad_token_id=ids[PAD])
    return model, processor


def fill(model: Any, seed: int, end: int) -> None:
    """Set every weight from the seed and its own name, whatever transformers would have initialised it with.

    Matrices get normal values with variance 1 / columns, so that signals keep their size; embeddings are small beside
    what the layers add to them, so that question and pictures are felt in the output; norms are 1 and biases 0.
    """
    import torch

    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim < 2:
                weight.fill_(0.0 if name.endswith("bias") else 1.0)
                continue
            place = int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:7])
            values = torch.empty(weight.shape).normal_(generator=torch.Generator().manual_seed(place))
            weight.copy_(values * (EMBEDDING if "embed" in name and weight.ndim == 2 else weight[0].numel() ** -0.5))
        model.lm_head.weight[end] *= END_SCALE


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
