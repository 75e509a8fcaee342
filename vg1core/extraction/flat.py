"""Texts without their dress, so that patterns need not know it. Positions stay as they were."""

from __future__ import annotations

import re

# Emphasis, braces and LaTeX's text commands become blanks, full-width forms ASCII: one character for one.
_FLAT = dict.fromkeys(map(ord, '*_`$"“”「」【】{}\u200b\ufeff'), " ")
_FLAT |= dict(zip(map(ord, "（）：，。；．、！？’"), "():,.;.,!?'", strict=True))
_FLAT |= {0xFEE0 + code: chr(code) for code in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}
_COMMANDS = re.compile(
    r"\\(?:(?:text|textbf|textrm|textit|mathrm|mathbf|mathsf|bf|rm|left|right)(?![a-z])|[,;! ()\[\]])"
    r"|</?s>|<\|im_end\|>"
)
_ARTICLE = re.compile(r"(?:an?|the) (?=\S)")


def flat(text: str) -> str:
    """The text with blanks for emphasis, quotes, braces and LaTeX commands, and ASCII for full-width forms."""
    return _COMMANDS.sub(lambda match: " " * len(match.group()), text.translate(_FLAT))


def plain(text: str) -> str:
    """A short text as it is compared: flat, in lower case, single blanks, no punctuation around it."""
    return " ".join(flat(text).lower().split()).strip(" .,:;!")


def bare(text: str) -> str:
    """A plain text without its leading article."""
    return _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text
