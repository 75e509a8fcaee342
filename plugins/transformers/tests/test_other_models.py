"""A model of another architecture: pictures resized by its own processor, one embedding per patch, its own template."""

from __future__ import annotations

from pathlib import Path

import pytest

from vg1_plugin_transformers.transformers import TransformersBackend

transformers = pytest.importorskip("transformers")
pytest.importorskip("torch")

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ message.role }}: {% for part in message.content %}"
    "{% if part.type == 'image' %}<image>{% else %}{{ part.text }}{% endif %}{% endfor %}\n{% endfor %}assistant: "
)


@pytest.fixture(scope="module")
def llava(tmp_path_factory) -> Path:
    """A tiny random LLaVA with 28 × 28 pictures of four patches."""
    from vg1_plugin_tiny.build import build_tokenizer
    from vg1_plugin_tiny.recipe import END, PAD, VOCABULARY

    folder = tmp_path_factory.mktemp("llava")
    plain = build_tokenizer()
    plain.add_special_tokens(["<image>", "<s>"])
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=plain, bos_token="<s>", eos_token=END, pad_token=PAD
    )
    vision = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    ids = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    config = transformers.LlavaConfig(
        vision_config=transformers.CLIPVisionConfig(**vision, image_size=28, patch_size=14, projection_dim=32),
        text_config=transformers.LlamaConfig(**text, **ids, vocab_size=VOCABULARY + 2, max_position_embeddings=512),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"), vision_feature_layer=-1,
    )  # fmt: skip
    transformers.set_seed(0)
    model = transformers.LlavaForConditionalGeneration(config)
    for weight in model.parameters():
        weight.data.mul_(8)  # far enough from uniform that pictures are felt
    model.save_pretrained(folder)
    transformers.LlavaProcessor(
        image_processor=transformers.CLIPImageProcessorPil(size={"shortest_edge": 28}, crop_size=28),
        tokenizer=tokenizer, patch_size=14, vision_feature_select_strategy="default", num_additional_image_tokens=1,
        image_token="<image>", chat_template=TEMPLATE,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def test_pictures_and_batches(llava, ask, picture):
    requests = [
        ask("What is this?", picture(1), name="1"),
        ask("Are these the same, or is one of them different?", picture(2), picture(3, 60, 60), name="2"),
        ask("2 + 2?", name="3"),
        ask("What is this?", picture(4, 30, 200), name="4"),
    ]
    with TransformersBackend(str(llava)) as backend:
        assert backend.coordinate_space == "pixel"
        together = {result.request.id: result for result in backend.generate(requests)}
        assert [result.error for result in together.values()] == [""] * 4
        for request in requests:
            (alone,) = backend.generate([request])
            batched = together[request.id].response
            assert batched.token_ids == alone.response.token_ids
            assert batched.logprobs == pytest.approx(alone.response.logprobs, abs=1e-4)
        assert together["2"].response.sent_sizes == ((140, 84), (60, 60))
        assert together["1"].response.logprobs != together["4"].response.logprobs
        prompt = backend._engine.encoder.encode(requests[0]).tensors["input_ids"][0].tolist()
        tokenizer = backend._engine.processor.tokenizer
        assert prompt.count(tokenizer.bos_token_id) == 1  # the template writes it, the tokenizer does not again
        assert prompt.count(tokenizer.convert_tokens_to_ids("<image>")) == 4
        assert backend._engine.banned == {tokenizer.convert_tokens_to_ids("<image>")}


def test_text_that_looks_like_a_picture(llava, ask):
    with TransformersBackend(str(llava)) as backend:
        (result,) = backend.generate([ask("What does <image> mean in HTML?")])
    assert result.error == "the text holds '<image>', which the model would take for a picture"
