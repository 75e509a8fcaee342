"""How short texts are compared: the form in which two of them are equal."""

from __future__ import annotations

import re
import unicodedata

YES = frozenset({"yes", "y", "true", "是", "对", "正确"})
NO = frozenset({"no", "n", "false", "否", "不是", "错", "错误"})
_EDGES = " \t\r\n.,;:!?\"'`*_“”‘’「」。，；：！？"
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
_WRAPPED = re.compile(r"\\(?:text|mathrm|textbf|mathbf|textit|operatorname)\s?\{([^{}]{0,500})\}")
_ARTICLE = re.compile(r"(?:an?|the) (?=\S)")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def normal(text: str, *, case_sensitive: bool = False) -> str:
    r"""A text without what does not matter in a short answer.

    Unicode NFKC (full-width forms become ASCII), no invisible characters, `\text{…}` and `$` unwrapped, single
    blanks, no punctuation, quotes or brackets around it, no leading article, lower case unless told otherwise. A text
    that is nothing but punctuation stays as it is.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    if "\\" in text:
        text = _WRAPPED.sub(r"\1", text)
    whole = " ".join(text.replace("$", " ").split()) or text.strip()
    text = whole.strip(_EDGES)
    if not text:
        return whole
    for opening, closing in _PAIRS:
        if text.startswith(opening) and text.endswith(closing) and text.count(opening) == 1:
            text = text[1:-1].strip(_EDGES)
    if not case_sensitive:
        text = text.casefold()
    return _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text


def truth(text: str) -> bool | None:
    """True for yes and its synonyms, False for no and its, None for other texts; `text` is normal."""
    return True if text in YES else False if text in NO else None
