r"""LaTeX and plain mathematical text in one form, and taken apart at its top level.

Only what does not change the meaning is touched: delimiters, spaces, sizes, units, ways to write a fraction or a
root, Unicode signs. Percent and degree signs and units at the end are dropped: `50\%` equals 50 and not 0.5.
In the one form `\{ \}` are ⦃ ⦄, `\langle \rangle` are ⟨ ⟩ and the row mark `\\` is ¶, a character each.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_SIGNS = str.maketrans({
    "−": "-", "–": "-", "×": "\\times ", "·": "\\cdot ", "⋅": "\\cdot ", "÷": "\\div ", "π": "\\pi ", "∞": "\\infty ",
    "≤": "\\le ", "≥": "\\ge ", "≠": "\\ne ", "≈": "\\approx ", "∪": "\\cup ", "∩": "\\cap ", "∈": "\\in ",
    "±": "\\pm ", "√": "\\sqrt ", "°": "^\\circ ", "²": "^{2}", "³": "^{3}", "½": "\\frac{1}{2}", "¼": "\\frac{1}{4}",
    "¾": "\\frac{3}{4}", "θ": "\\theta ", "α": "\\alpha ", "β": "\\beta ", "，": ",", "；": ";", "（": "(", "）": ")",
    "⁢": " ", "\u200b": " ", "\ufeff": " ",
})  # fmt: skip
_MARKS = (("\\{", "⦃"), ("\\}", "⦄"), ("\\lbrace", "⦃"), ("\\rbrace", "⦄"), ("\\langle", "⟨"), ("\\rangle", "⟩"))
_DOUBLED = re.compile(r"\\\\(?=[a-zA-Z(){}\[\]])")
_DROPPED = re.compile(
    r"\\(?:left|right|displaystyle|textstyle|limits|[bB]igg?[lr]?|quad|qquad)(?![a-zA-Z])|\\[,!;:> ()\[\]]|\\?\$|~"
)
_TEXT = re.compile(
    r"\\(?:text|textbf|textit|textrm|textnormal|mathrm|mathbf|mbox|operatorname)\s?\{([^{}]{0,300})\}(\s?\^\s?\{?[23]\}?)?"
)
_FRACTIONS = re.compile(r"\\[dtc]frac(?![a-zA-Z])")
_FRACTION = re.compile(r"\\frac ?(?:\{([^{}]{1,50})\}|([\da-zA-Z])) ?(?:\{([^{}]{1,50})\}|([\da-zA-Z]))")
_ROOT = re.compile(r"\\sqrt ?(?:(\d|[a-zA-Z])|\(([^()]{1,100})\))")
_NAMES = re.compile(r"(?<![\\a-zA-Z])(?:sqrt|pi|exp|infinity|sin|cos|tan|log|ln|theta)(?![a-zA-Z])")
_JOINED = re.compile(r",? ?\b(?:and|or)\b ?")
_GROUPED = re.compile(r"(?<![\d.,^])[1-9]\d{0,2}(?:(?:, ?|\{,\}| )\d{3}){1,10}(?:\.\d{1,50})?(?![\d,]|\.\d|, ?\d)")
_DEGREES_AND_PERCENT = re.compile(
    r" ?(?:\^ ?\{ ?\\circ ?\}|\^ ?\\circ|\\degree|\\?%|[€£¥]|(?<=[\d }])(?:degrees?|percent|pct))$", re.IGNORECASE
)
_UNIT = re.compile(
    r"(?<=[\d})]) ?(?:(?:square|cubic|sq\.?) )?(?:[kcmd]?m|in|ft|inch(?:es)?|feet|foot|yards?|miles?"
    r"|(?:centi|kilo|milli)?met(?:er|re)s?|units?|kg|g|grams?|s|sec|seconds?|min|minutes?|hours?|days?|weeks?|years?|dollars?|cents?"
    r"|mph|km/h|m/s|L|mL|ml|liters?)(?: ?\^ ?\{?[23]\}?)?$"
)
_MATRIX = re.compile(
    r"[(\[|]? ?\\begin\{([pbvBV]?matrix|array)\} ?(?:\{[clr| ]{1,40}\})?(.{0,2000})\\end\{\1\} ?[)\]|]?"
)
_LEFT_SIDE = re.compile(
    r"(?:\\angle ?)?(?P<name>\\?[A-Za-z]{1,5}(?: ?_ ?\{?\w{1,5}\}?)?(?: ?\( ?[a-z] ?\))?"
    r"|\( ?[a-z](?: ?, ?[a-z]){1,5} ?\))"
    r" ?(?:=|\\approx|\\in(?![a-z])) ?"
)


class Parts(NamedTuple):
    """A list, set, tuple, interval, union or matrix, taken apart."""

    kind: str
    """Its brackets, as in `(]`; empty for items that stand bare, `∪` for a union, `¶` for rows, `&` for one row."""
    items: tuple[str, ...]


class Named(NamedTuple):
    """`x = 5` as its name and its value; no name where it is no such equation."""

    name: str
    value: str


def tidy(text: str) -> str:
    """An expression in the one form."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_SIGNS)
    text = " ".join(text.split()).strip("*# ").rstrip(".").lstrip("= ")
    if "\\" in text or "$" in text:
        text = _tidy_latex(text)
    text = _NAMES.sub(lambda match: "\\" + match[0].replace("infinity", "infty") + " ", text)
    text = _ROOT.sub(lambda match: f"\\sqrt{{{match[1] or match[2]}}}", text)
    if any(char.isdigit() for char in text):
        text = _JOINED.sub(", ", text)
    if text[:1] not in ("(", "[", "⦃", "⟨"):
        text = _GROUPED.sub(lambda match: re.sub(r"[^\d.]", "", match[0]), text)
    text = " ".join(text.split()).rstrip(" ,;.")
    for _ in range(2):
        text = _UNIT.sub("", _DEGREES_AND_PERCENT.sub("", text)).strip()
    return _unwrapped(text)


def _tidy_latex(text: str) -> str:
    if "\\begin" not in text:
        text = _DOUBLED.sub(r"\\", text)
    text = text.replace("\\\\", "¶")
    for command, mark in _MARKS:
        text = text.replace(command, mark)
    text = " ".join(_TEXT.sub(_plain_words, _DROPPED.sub(" ", text)).split())
    text = text.replace(", ,", ",")
    text = _FRACTIONS.sub(r"\\frac", text)
    text = _FRACTION.sub(lambda match: f"\\frac{{{match[1] or match[2]}}}{{{match[3] or match[4]}}}", text)
    for command, short in (("\\leq", "\\le"), ("\\geq", "\\ge"), ("\\neq", "\\ne")):
        text = re.sub(re.escape(command) + r"(?![a-zA-Z])", re.escape(short) + " ", text)
    return text


def _plain_words(match: re.Match[str]) -> str:
    """What a text command stands for: a comma for "and", nothing for words after a value, else the words."""
    words = match[1].strip()
    if words.lower() in ("and", "or", ", and", ", or"):
        return ", "
    before = match.string[: match.start()].rstrip()
    return " " if before[-1:].isdigit() or before.endswith(("}", ")")) else f" {words} "


def _unwrapped(text: str) -> str:
    """Without braces around the whole."""
    while text.startswith("{") and text.endswith("}") and _closes_at(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def parts(text: str) -> Parts | None:
    """The items of a list, set, tuple, interval, union or matrix; None for a single expression."""
    if text.count("\\begin") == 1 and (match := _MATRIX.fullmatch(text)):
        return Parts("¶", tuple(row.strip() for row in match[2].strip(" ¶").split("¶")))
    if "&" in text and "\\begin" not in text:
        return Parts("&", _split(text, "&"))
    if "\\cup" in text and len(union := _split(text.replace("\\cup", "∪"), "∪")) > 1:
        return Parts("∪", union)
    if text[:1] in ("(", "[", "⦃", "⟨") and _closes_at(text) == len(text) - 1:
        items = _split(text[1:-1], ",;")
        if len(items) > 1 or text[0] == "⦃":
            return Parts(text[0] + text[-1], items)
        return None
    items = _split(text, ",;")
    return Parts("", items) if len(items) > 1 else None


def named(text: str) -> Named:
    """`x = 5` and `x = 10/2 = 5 ≈ 5.0` as x and 5."""
    match = _LEFT_SIDE.match(text)
    if match and text.count("=") > 1 and (pieces := parts(text)) and any("=" in item for item in pieces.items[1:]):
        return Named("", text)  # several equations
    name = match["name"].replace(" ", "") if match else ""
    rest = text[match.end() :] if match else text
    exact, _, _ = rest.partition("\\approx")
    if match or "\\approx" in text:
        return Named(name, exact.rpartition("=")[2].strip())
    return Named("", text)


def _closes_at(text: str) -> int:
    """Where the bracket that opens the text is closed, or -1; an interval may close with another kind."""
    depth = 0
    for at, char in enumerate(text):
        depth += char in "([{⦃⟨"
        depth -= char in ")]}⦄⟩"
        if depth == 0:
            return at
    return -1


def _split(text: str, marks: str) -> tuple[str, ...]:
    """Split at marks outside of brackets."""
    items, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += char in "([{⦃⟨"
        depth -= char in ")]}⦄⟩"
        if depth == 0 and char in marks:
            items.append(text[start:at].strip())
            start = at + 1
    return (*items, text[start:].strip())
