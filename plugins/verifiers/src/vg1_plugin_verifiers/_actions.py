"""Actions on a screen as agents write them: `click(10, 20)`, `{"action": "type", "text": "…"}`, `SCROLL [DOWN]`.

Names are brought to one form: those of GUI-R1's rows (`click`, `type`, `scroll`, `press_back`, `complete` …), with the
synonyms of AndroidControl, pyautogui and Qwen's computer-use tool. Nothing is evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from vg1core.extraction.segments import SEARCH_LIMIT

MOST = 200
"""Actions read of one text, from its end."""
_SYNONYMS = {
    "click": "left_click tap single_click click_element",
    "double_click": "doubleclick left_double",
    "right_click": "rightclick right_single",
    "long_press": "longpress long_click press_and_hold",
    "type": "input_text input write typewrite enter_text set_text",
    "select": "select_option choose",
    "scroll": "swipe",
    "drag": "drag_to left_click_drag",
    "hover": "move_to moveto mouse_move",
    "press_back": "back navigate_back go_back",
    "press_home": "home navigate_home",
    "enter": "press_enter keyboard_enter",
    "press": "key hotkey press_key",
    "open_app": "open launch launch_app",
    "complete": "finished finish done terminate task_complete",
    "wait": "sleep",
    "close": "delete close/delete",
}  # fmt: skip
NAMES = {synonym: name for name, others in _SYNONYMS.items() for synonym in (name, *others.split())}
"""Every known name of an action and the one form of it."""

_NAME = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True)).replace("_", "[_ -]?")
_KEY = re.compile(
    rf"""\b(?:action|action_type|action_name)['"]?\s{{0,5}}[:=]\s{{0,5}}(?:['"](?P<quoted>[^'"\n]{{1,40}})['"]|(?P<name>{_NAME})\b)""",
    re.IGNORECASE,
)
_CALL = re.compile(rf"(?<![\w.])(?:pyautogui\.|mobile\.|computer\.)?(?P<name>{_NAME})\s?\(", re.IGNORECASE)
_COMMAND = re.compile(
    rf"""(?:^|\n|[:>*`]\s{{0,3}})[ \t*`]{{0,4}}(?P<name>{_NAME})
         (?=[\s:]{{0,3}}(?:(?:on|at)\s)?[\[<"'(:] | \s{{1,3}}(?:up|down|left|right)\b | [\s.`*]{{0,5}}(?:\n|$))""",
    re.IGNORECASE | re.VERBOSE,
)
_STRING = r"""(?:"(?P<double>(?:[^"\\\n]|\\.){0,2000})"|'(?P<single>(?:[^'\\\n]|\\.){0,2000})')"""
_TEXT_KEY = re.compile(
    rf"""['"]?\b(?:text|input_text|content|value|direction|app_name|key|keys|message)['"]?\s{{0,5}}[:=]\s{{0,5}}{_STRING}"""
)
_QUOTED = re.compile(_STRING)
_LISTED = re.compile(r"\s{0,3}[:(]?\s{0,3}\[\s?([^\[\]\n]{0,500}?)\s?\]|\s{0,3}:\s{0,3}([^\n]{1,500})")
_DIRECTION = re.compile(r"\b(?:up|down|left|right|top|bottom)\b", re.IGNORECASE)
_POINTING = frozenset({"click", "double_click", "right_click", "long_press", "hover", "drag"})
"""Actions with a place and no text."""
NO_TEXT = ("", "no input text", "none", "null")
"""What rows and agents write where there is no text."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action a response names."""

    name: str
    """In the one form, where it is known."""
    text: str
    """What goes with it: a text to type, a direction, an app; empty where there is none."""
    start: int
    end: int
    """Where it stands, up to the next action."""


def canonical(name: str) -> str:
    """The one form of an action's name; a name that is not known in lower case with underscores."""
    name = re.sub(r"[\s-]+", "_", name.strip().lower())
    return NAMES.get(name, name)


def actions(text: str) -> list[Action]:
    """The actions that a text names, in order; at most `MOST`."""
    from_here = max(0, len(text) - SEARCH_LIMIT)
    named: dict[int, re.Match[str]] = {}
    for pattern in (_COMMAND, _KEY, _CALL):
        for match in pattern.finditer(text, from_here):
            named[match.start("name") if match["name"] else match.start("quoted")] = match
    places = sorted(named)[-MOST:]
    return [_action(text, named[at], end) for at, end in pairwise([*places, len(text)])]


def _action(text: str, match: re.Match[str], end: int) -> Action:
    """The action that `match` names, whose words end at `end`."""
    quoted = match.groupdict().get("quoted")
    name, said = canonical(quoted or match["name"]), _text(text, match, end, in_json=quoted is not None)
    if name == "press" and canonical(f"press_{said}") in NAMES.values():
        name, said = canonical(f"press_{said}"), ""
    if name == "scroll":
        said = {"top": "up", "bottom": "down"}.get(said.lower(), said)
    start = match.start()
    if match.re is _KEY and (opened := text.rfind("{", max(0, start - 3000), start)) >= 0:
        start = opened  # a point may stand before the action's name
    return Action(name, "" if said.lower() in NO_TEXT else said, start, end)


def _text(text: str, match: re.Match[str], end: int, *, in_json: bool) -> str:
    """The text that goes with an action."""
    name_end = match.end("quoted") + 1 if in_json else match.end("name")
    if key := _TEXT_KEY.search(text, name_end, end):
        return _content(key)
    if in_json:
        opened = text.rfind("{", max(0, match.start() - 3000), match.start())
        key = _TEXT_KEY.search(text, opened, match.start()) if opened >= 0 else None
        return _content(key) if key else ""
    if canonical(match["name"]) == "scroll" and (direction := _DIRECTION.search(text, name_end, end)):
        return direction[0]
    if quoted := _QUOTED.search(text, name_end, min(end, name_end + 2500)):
        return _content(quoted)
    if canonical(match["name"]) in _POINTING:
        return ""
    listed = _LISTED.match(text, name_end, end)
    return (listed[1] or listed[2] or "").strip() if listed else ""


def _content(match: re.Match[str]) -> str:
    """What stands between the quotes, its escapes resolved."""
    inner = match["double"] if match["double"] is not None else match["single"]
    return re.sub(r"\\(.)", lambda escape: {"n": "\n", "t": "\t"}.get(escape[1], escape[1]), inner)
