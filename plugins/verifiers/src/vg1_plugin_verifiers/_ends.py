"""End tokens that a tokenizer may leave at the end of a response."""

from __future__ import annotations

END_TOKENS = ("<|im_end|>", "<|endoftext|>", "</s>", "<|eot_id|>")


def without_ends(text: str) -> str:
    """The text without end tokens and white space behind it; positions in it stay what they are."""
    text = text.rstrip()
    while end := next((end for end in END_TOKENS if text.endswith(end)), None):
        text = text.removesuffix(end).rstrip()
    return text
