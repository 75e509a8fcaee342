"""Points and boxes as models write them.

Lists and JSON (`[10, 20]`, `{"bbox_2d": [1, 2, 3, 4]}`), brackets (`(10, 20)`), tags (`<box>…</box>`,
`<point>x, y</point>`, `<|box_start|>(x,y),(x,y)<|box_end|>`), keys (`x=10, y=20`, `"x1": 1, "y1": 2, …`,
`pyautogui.click(x=10, y=20)`), sides and sizes by name in any order (`left`, `top`, `right`, `bottom`; `xmin` …;
`x`, `y`, `width`, `height`), two corners in words (`from (1, 2) to (3, 4)`), and bare numbers where they are all of
the text. LaTeX's brackets and full-width signs are read as the plain ones. Numbers keep their scale: which space
they count in is not decided here. `nan` and `inf` are read, so that whoever judges can say so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vg1core.extraction.segments import SEARCH_LIMIT, Found
from vg1core.types import Shape

MOST = 1000
"""Points or boxes read of one text; further ones are left unread."""

# Full-width signs become ASCII and LaTeX's sizes, spaces and dollars blanks: one character for one.
_FLAT = str.maketrans("（），、；：［］｛｝＝－−．０１２３４５６７８９", "(),,;:[]{}=--.0123456789", "")
_LATEX = re.compile(r"\\(?:left|right|big|Big|quad)(?![a-z])|\\[,;:! ]|\\(?=[\[\](){}])|\$|~")

_NUM = r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?|[-+]?(?:nan|inf(?:inity)?)\b"
_PX = r"(?:\s?px\b)?"
_RUN = re.compile(
    rf"(?<![\w.])(?:{_NUM}){_PX}(?:\s{{0,5}}[,;]\s{{0,20}}(?:{_NUM}){_PX}|\s{{1,5}}(?:{_NUM}){_PX}){{1,400}}", re.I
)
_KEYED = re.compile(
    rf"""(?<![\w.]) ['"]? (?P<kx>x(?:_?(?:\d|min|max))?) ['"]?\s?[=:]\s?['"]? (?P<x>{_NUM}) {_PX} ['"]?
         \s{{0,3}},?\s{{0,20}} ['"]? (?P<ky>y(?:_?(?:\d|min|max))?) ['"]?\s?[=:]\s?['"]? (?P<y>{_NUM})""",
    re.I | re.VERBOSE,
)
_KEY = r"x_?min|x_?max|y_?min|y_?max|[xy]_?[012]?|left|top|right|bottom|width|height|[wh]"
_PAIR = rf"""['"]?(?<![\w.])(?:{_KEY})['"]?\s?[=:]\s?['"]?(?:{_NUM}){_PX}['"]?"""
_NAMED = re.compile(rf"{_PAIR}(?:\s{{0,3}}[,;]?\s{{0,20}}{_PAIR}){{3}}", re.I)
_NAMES = re.compile(rf"""({_KEY})['"]?\s?[=:]\s?['"]?({_NUM})""", re.I)
_SIDES = {
    "x": "left", "y": "top", "xmin": "left", "ymin": "top", "xmax": "right", "ymax": "bottom",
    "x2": "right", "y2": "bottom", "w": "width", "h": "height",
}  # fmt: skip
_NUMBERS = re.compile(_NUM, re.I)
_JOINT = re.compile(r"""\s{0,5}[\])]?\s{0,5},?\s{0,20}[\[(]?\s{0,5}""")
_WORDED_JOINT = re.compile(
    r"""\s{0,5}[\])]?\s{0,5},?\s{0,5}(?:to|and|-|–|->|→)?\s{0,5}
        (?:(?:the\s)?(?:bottom|lower)[-\s]?right(?:\scorner)?\s?(?:at|is|is\sat)?\s?[:=]?)?\s{0,5}[\[(]?\s{0,5}""",
    re.I | re.VERBOSE,
)
_BOX_MARK = re.compile(r"""(?:<\|box_start\|>|<box>|<bbox>|bbox(?:_2d)?['"]?\s?[=:])$""", re.I)
_FIRST_KEY = re.compile(r"""['"]?x_?(?:1|0|min)""", re.I)


class _Run(NamedTuple):
    """Numbers that stand together; `listed` where brackets, tags or keys hold them."""

    values: Shape
    start: int
    end: int
    listed: bool


def boxes(text: str) -> list[Found[Shape]]:
    """Boxes (four numbers) and polygons (six or more, in pairs), in order; at most `MOST`.

    Corner points that stand directly side by side, `(1, 2), (3, 4)`, are one box or polygon.
    """
    text = _flat(text)
    named = _named(text)
    found = list(named)
    corners: list[_Run] = []
    for run in [*_runs(text, named), None]:
        joint = _JOINT if len(corners) > 1 else _WORDED_JOINT
        beside = run is not None and corners and joint.fullmatch(text, corners[-1].end, run.start)
        if corners and not (beside and run is not None and len(run.values) == 2):
            if len(corners) > 1:
                merged = tuple(value for corner in corners for value in corner.values)
                found.append(Found(merged, corners[0].start, corners[-1].end, "corner points"))
            corners = []
        if run is not None and run.listed and len(run.values) == 2:
            corners.append(run)
        elif run is not None and len(run.values) >= 4 and len(run.values) % 2 == 0 and (run.listed or _bare(text, run)):
            found.append(Found(run.values, run.start, run.end, "box" if len(run.values) == 4 else "polygon"))
    return sorted(found, key=lambda one: one.start)[-MOST:]


def points(text: str) -> list[Found[Shape]]:
    """Points (two numbers) and boxes (four numbers), in order; at most `MOST`.

    Two points side by side are two points, unless a box tag or key stands before the first.
    """
    text = _flat(text)
    named = _named(text)
    found: list[Found[Shape]] = list(named)
    for run in _runs(text, named):
        if len(run.values) not in (2, 4) or not (run.listed or _bare(text, run)):
            continue
        last = found[-1] if found else None
        beside = last and len(last.value) == 2 == len(run.values) and _JOINT.fullmatch(text, last.end, run.start)
        if last and beside and _opens_box(text, last.start):
            found[-1] = Found((*last.value, *run.values), last.start, run.end, "box")
            continue
        found.append(Found(run.values, run.start, run.end, "point" if len(run.values) == 2 else "box"))
    return sorted(found, key=lambda one: one.start)[-MOST:]


def _flat(text: str) -> str:
    """The text with signs in their plain form, at the same positions."""
    if not text.isascii():
        text = text.translate(_FLAT)
    return _LATEX.sub(lambda match: " " * len(match.group()), text) if "\\" in text or "$" in text else text


def _named(text: str) -> list[Found[Shape]]:
    """Boxes whose four sides, or corner and size, are named, in whatever order."""
    found = []
    for match in _NAMED.finditer(text, max(0, len(text) - SEARCH_LIMIT)):
        written = {key.lower().replace("_", ""): _float(value) for key, value in _NAMES.findall(match.group())}
        first = "0" if "x0" in written else "1"  # x0, x1 or x1, x2
        names = _SIDES | {f"x{first}": "left", f"y{first}": "top"}
        if first == "0":
            names |= {"x1": "right", "y1": "bottom"}
        sides = {names.get(key, key): value for key, value in written.items()}
        if sides.keys() == {"left", "top", "width", "height"}:
            sides = {**sides, "right": sides["left"] + sides["width"], "bottom": sides["top"] + sides["height"]}
        if {"left", "top", "right", "bottom"} <= sides.keys():
            value = tuple(sides[side] for side in ("left", "top", "right", "bottom"))
            found.append(Found(value, *match.span(), "named sides"))
    return found


def _opens_box(text: str, start: int) -> bool:
    """Whether a box tag or key stands before `start`, or a key such as `x1` or `xmin` at it."""
    before = text[max(0, start - 20) : start].rstrip("[( \"'")
    return bool(_BOX_MARK.search(before) or _FIRST_KEY.match(text, start))


def _bare(text: str, run: _Run) -> bool:
    """Whether the run is all of the text."""
    return not text[: run.start].strip() and not text[run.end :].strip(" \t\r\n.")


def _runs(text: str, named: list[Found[Shape]]) -> list[_Run]:
    """Numbers that stand together, in order; those that belong to a named box left out."""
    from_here = max(0, len(text) - SEARCH_LIMIT)
    runs = []
    for match in _RUN.finditer(text, from_here):
        before = text[max(from_here, match.start() - 12) : match.start()].rstrip()
        after = text[match.end() : match.end() + 12].lstrip()
        listed = before[-1:] in tuple("[(<{>") and after[:1] in tuple("])>}<")
        values = tuple(_float(number) for number in _NUMBERS.findall(match.group()))
        runs.append(_Run(values, match.start(), match.end(), listed))
    runs.extend(
        _Run((_float(match["x"]), _float(match["y"])), match.start(), match.end(), True)
        for match in _KEYED.finditer(text, from_here)
    )
    taken = {at for one in named for at in range(one.start, one.end)} if named else set[int]()
    return sorted((run for run in runs if run.start not in taken), key=lambda run: run.start)


def _float(number: str) -> float:
    return float(number)
