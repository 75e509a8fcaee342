r"""LaTeX and plain mathematical text in one form, and taken apart at its top level.

Only what does not change the meaning is touched: delimiters, spaces, sizes, units, ways to write a fraction or a
root, Unicode signs. Percent and degree signs and units at the end are dropped: `50\%` equals 50 and not 0.5.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_UNICODE = {
    "−": "-", "–": "-", "×": "\\times ", "·": "\\cdot ", "⋅": "\\cdot ", "÷": "\\div ", "π": "\\pi ", "∞": "\\infty ",
    "≤": "\\le ", "≥": "\\ge ", "≠": "\\ne ", "≈": "\\approx ", "∪": "\\cup ", "∩": "\\cap ", "∈": "\\in ", "±": "\\pm ",
    "√": "\\sqrt ", "°": "^\\circ ", "²": "^{2}", "³": "^{3}", "½": "\\frac{1}{2}", "¼": "\\frac{1}{4}",
    "¾": "\\frac{3}{4}", "θ": "\\theta ", "α": "\\alpha ", "β": "\\beta ", "，": ",", "；": ";", "（": "(", "）": ")",
}  # fmt: skip
_SIGNS = str.maketrans(_UNICODE)
_DROPPED = re.compile(
    r"\\(?:left|right|displaystyle|textstyle|limits|big|Big|bigg|Bigg|quad|qquad|,|!|;|:|>|\ )(?![a-zA-Z])|\$|\\[()\[\]]|~"
)
_TEXT = re.compile(r"\\(?:text|textbf|textit|textrm|textnormal|mathrm|mathbf|mbox|operatorname)\s?\{([^{}]{0,300})\}")
_JOINING = re.compile(r"\s*,?\s*\b(?:and|or)\b\s*", re.IGNORECASE)
_FRACTIONS = re.compile(r"\\[dtc]frac(?![a-zA-Z])")
_SHORT_FRACTION = re.compile(r"\\frac\s*(?:\{([^{}]{1,50})\}|(\w))\s*(?:\{([^{}]{1,50})\}|(\w))")
_SHORT_ROOT = re.compile(r"\\sqrt\s*(?:(\d{1,20}|[a-zA-Z])|\(([^()]{1,100})\))")
_WORDS = re.compile(r"(?<![\\a-zA-Z])(sqrt|pi|exp|infinity|sin|cos|tan|log|ln|theta)(?![a-zA-Z])")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:,|\{,\}| )\d{3}){1,10}(?![\d,])")
_TAIL = re.compile(
    r"(?:\s*(?:\^\s?\{?\s?\\circ\s?\}?|\\degree|\\?%|\\?[$€£]|degrees?|percent|pct|(?:square|cubic)\s)\s*)+$", re.IGNORECASE
)
_UNIT = re.compile(
    r"(?<=[\d})\s])\s*(?:[kcmd]?m|km|mm|cm|in|ft|inch(?:es)?|feet|foot|yards?|miles?|meters?|metres?|centimeters?|units?|"
    r"kg|g|grams?|s|sec|seconds?|min|minutes?|hours?|days?|years?|dollars?|cents?|mph|km/h|m/s|L|mL|ml)"
    r"(?:\s?\^\s?\{?[23]\}?)?\s*\.?$"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z' -]*")
_OPEN, _CLOSE = "([{", ")]}"


class Parts(NamedTuple):
    """A list, set, tuple, interval or union, taken apart."""

    opening: str
    """`(`, `[`, `{`; empty where the items stand bare, `∪` for a union, `|` for a matrix row."""
    closing: str
    items: tuple[str, ...]


def tidy(text: str) -> str:
    """An expression in one form."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_SIGNS)
    text = text.strip().rstrip(".").replace("\\\\%", "\\%")
    text = text.replace("\\{", "\\lbrace ").replace("\\}", "\\rbrace ")
    text = _DROPPED.sub(" ", text) if not text.startswith("\\begin") else text
    text = _TEXT.sub(_untext, text)
    text = _FRACTIONS.sub(r"\\frac", text)
    text = text.replace("\\leq", "\\le").replace("\\geq", "\\ge").replace("\\neq", "\\ne").replace("\\cdotp", "\\cdot")
    if "\\frac" in text:
        text = _SHORT_FRACTION.sub(lambda m: f"\\frac{{{m[1] or m[2]}}}{{{m[3] or m[4]}}}", text)
    text = _WORDS.sub(lambda m: "\\infty " if m[1] == "infinity" else f"\\{m[1]} ", text)
    if "\\sqrt" in text:
        text = _SHORT_ROOT.sub(lambda m: f"\\sqrt{{{m[1] or m[2]}}}", text)
    text = _THOUSANDS.sub(lambda m: re.sub(r"\D", "", m.group()), text) if not _bracketed(text) else text
    text = " ".join(text.split())
    for _ in range(2):
        text = _TAIL.sub("", text).strip()
        text = _UNIT.sub("", text).strip()
    return text.rstrip(",;")
