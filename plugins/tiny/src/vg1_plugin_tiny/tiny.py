"""`tiny`: a vision-language model with random weights, made on this machine, for demos and tests without a download."""

from __future__ import annotations

from vg1_plugin_tiny.build import tiny_checkpoint
from vg1_plugin_transformers.checkpoint import Checkpoint, locate
from vg1_plugin_transformers.transformers import TransformersBackend
from vg1core import Register, hookimpl
from vg1core.errors import UsageError


class TinyBackend(TransformersBackend):
    """A tiny Qwen2.5-VL with random weights, made on this machine at its first use. It sees pictures and says nonsense.

    Everything but the weights is as with a large model: tokenizer, chat template, pictures, batches, sampling.
    """

    name = "tiny"

    def locate(self) -> Checkpoint:
        """Make the checkpoint where it is not there yet.

        :raises UsageError: another model was asked for.
        """
        if self.model != "tiny":
            raise UsageError(
                f"backend 'tiny' has one model, 'tiny', and was asked for '{self.model}'; use --backend transformers"
            )
        if self.options.revision is not None:
            raise UsageError("model 'tiny' has no revisions: it is made on this machine")
        return locate(str(tiny_checkpoint()))


@hookimpl
def vg1_register_backends(register: Register) -> None:
    register(TinyBackend)
