"""What the tiny model is made of: sizes, special tokens, chat template, and the text its tokenizer is made from."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

Family: TypeAlias = Literal["qwen2_5_vl", "qwen3_vl"]

END, PAD = "<|im_end|>", "<|endoftext|>"
IMAGE, VIDEO = "<|image_pad|>", "<|video_pad|>"
SPECIAL_TOKENS = (
    PAD, "<|im_start|>", END, "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>",
    "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", IMAGE, VIDEO,
)  # fmt: skip
"""The tokens that Qwen2.5-VL's chat format and pictures need, in its order."""

CHAT_TEMPLATE = """\
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{% if message.content is string -%}
{{ message.content }}
{%- else -%}
{%- for part in message.content -%}
{%- if part.type == "image" -%}
<|vision_start|><|image_pad|><|vision_end|>
{%- elif part.type == "video" -%}
<|vision_start|><|video_pad|><|vision_end|>
{%- else -%}
{{ part.text }}
{%- endif -%}
{%- endfor -%}
{%- endif -%}
<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}
"""

SENTENCES = (
    "Look at the picture and answer the question.",
    "Think step by step. Then give the letter of the right option as your final answer in \\boxed{}.",
    "Answer the question using a single word or phrase.",
    "Give one number as your final answer in \\boxed{}. The answer is \\boxed{42}.",
    "Give the box as [x1, y1, x2, y2] in pixels of the picture. Give the point to click as (x, y).",
    "system user assistant Question: Options: (A) (B) (C) (D) Answer: yes no true false",
    "How many red, green, blue, yellow, black and white circles, squares and triangles are there?",
    "What is the value of x? Find the length of the side and the area of the triangle with this angle.",
    "Which bar in the chart is the highest, which the lowest, and what is the difference between the two?",
    "Is the cat to the left or to the right of the table, above it, below it, in front of it or behind it?",
    "The first figure shows the same objects as the second image, and one of them is different.",
    "Because the total is the sum of all the parts, therefore the largest share is less than one half.",
)
VOCABULARY = 512
"""Tokens, the special ones counted; 256 of them are the bytes, so that any text can be written."""
CONTEXT = 32_768
EMBEDDING = 0.1
"""Standard deviation of the embeddings."""
END_SCALE = 4.0
"""How much longer the output row of the end token is than other rows: random responses then end by themselves."""

TEXT: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": CONTEXT,
}
VISION: dict[str, Any] = {
    "depth": 2,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_heads": 2,
    "out_hidden_size": 64,
    "spatial_merge_size": 2,
    "temporal_patch_size": 2,
}
ROPE: dict[str, Any] = {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [4, 6, 6]}
FAMILIES: dict[Family, dict[str, dict[str, Any]]] = {
    "qwen2_5_vl": {
        "text": {**TEXT, "rope_parameters": ROPE},
        "vision": {**VISION, "patch_size": 14, "window_size": 112, "fullatt_block_indexes": [1]},
    },
    "qwen3_vl": {
        "text": {**TEXT, "head_dim": 32, "rope_parameters": {**ROPE, "mrope_interleaved": True}},
        "vision": {**VISION, "patch_size": 16, "num_position_embeddings": 256, "deepstack_visual_indexes": [0]},
    },
}


def recipe(family: Family, seed: int) -> dict[str, Any]:
    """Everything that decides the files of a checkpoint, as plain values."""
    return {
        "version": 1,  # raised when the code that follows the recipe comes to give other files
        "family": family,
        "seed": seed,
        "sizes": FAMILIES[family],
        "vocabulary": VOCABULARY,
        "special_tokens": SPECIAL_TOKENS,
        "sentences": SENTENCES,
        "chat_template": CHAT_TEMPLATE,
        "scales": (EMBEDDING, END_SCALE),
    }
