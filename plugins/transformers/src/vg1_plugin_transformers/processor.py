"""Loading a model's processor (tokenizer, chat template and picture preprocessing), with or without torchvision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vg1_plugin_transformers.checkpoint import Checkpoint
from vg1core.errors import BackendError

QWEN = {
    "qwen2_vl": "Qwen2VLProcessor",
    "qwen2_5_vl": "Qwen2_5_VLProcessor",
    "qwen3_vl": "Qwen3VLProcessor",
    "qwen3_vl_moe": "Qwen3VLProcessor",
}
"""Architectures whose pictures are resized here, by Qwen's rule, and their processor classes."""


def load_processor(checkpoint: Checkpoint, *, trust_remote_code: bool = False) -> Any:
    """The processor of a checkpoint.

    For Qwen's architectures it is the usual class without its video half, which alone needs torchvision, and with
    the PIL picture preprocessing, so that pictures are the same whether torchvision is there or not. Other
    architectures get what `AutoProcessor` makes.

    :raises BackendError: the processor's files are missing or broken, or the processor needs torchvision.
    """
    import transformers

    where: dict[str, Any] = {"revision": checkpoint.revision, "trust_remote_code": trust_remote_code}
    try:
        with without_progress_bars():
            if checkpoint.model_type not in QWEN:
                return transformers.AutoProcessor.from_pretrained(checkpoint.source, **where)
            # Asked for by name: `AutoImageProcessor` picks another one where torchvision is installed.
            from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

            full = getattr(transformers, QWEN[checkpoint.model_type])
            processor = pictures_only(full).from_pretrained(checkpoint.source, **where)
            where.pop("trust_remote_code")
            processor.image_processor = Qwen2VLImageProcessorPil.from_pretrained(checkpoint.source, **where)
            return processor
    except ImportError as error:
        raise BackendError(
            f"the processor of '{checkpoint.source}' ({checkpoint.model_type}) needs a package that is missing: "
            f"{error}\nInstall it (most often: pip install torchvision, in the build that fits your torch). "
            f"Without torchvision these architectures work: {', '.join(QWEN)}"
        ) from error
    except Exception as error:  # OSError, ValueError, KeyError … : whatever incomplete or broken files lead to
        problem = f"the processor of '{checkpoint.source}' cannot be loaded: {type(error).__name__}: {error}"
        raise BackendError(problem) from error


def pictures_only(full: type[Any]) -> type[Any]:
    """A subclass of a Qwen processor that has no video processor.

    transformers reads the parts of a processor off the parameters of its `__init__`, and loads each of them.
    """
    from transformers import ProcessorMixin

    def __init__(  # noqa: N807 — it becomes the class's __init__
        self: Any, image_processor: Any = None, tokenizer: Any = None, chat_template: Any = None, **kwargs: Any
    ) -> None:
        for name in ("image_pad", "video_pad", "vision_start", "vision_end"):
            attribute = name.replace("_pad", "") + "_token"
            token = getattr(tokenizer, attribute, f"<|{name}|>")
            setattr(self, attribute, token)
            setattr(self, f"{attribute}_id", tokenizer.convert_tokens_to_ids(token))
        ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)

    return type(full.__name__, (full,), {"__init__": __init__, "__doc__": full.__doc__})


@contextmanager
def without_progress_bars() -> Iterator[None]:
    """Keep the bars of transformers away while something small or already counted elsewhere is loaded."""
    from transformers.utils import logging

    enabled = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if enabled:
            logging.enable_progress_bar()
