r"""Option letters in a response, however the model dresses its decision.

Tried in this order; a letter that the text denies ("not B", "A is wrong") or that is a word (the article in
"A dog") never counts:

1. the whole text is letters: `B`, `(b)`, `B.`, `A, C`, `BD`; or it is an option's text
2. a statement: "the answer is B", "Option B is correct", "I choose B", 答案：B, 选B; the last one counts
3. the last line, or else the text, opens with a letter: "B) a dog"
4. a conclusion: "…, so B"; the last one counts
5. the last line that names letters in brackets or after "option", where it names only one
6. the only option whose text occurs in what is stated as the answer, else in the last line, else anywhere
7. the only lone capital letter

A response that lists options without deciding has no answer, nor has one that states a letter beyond the options.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vg1core.extraction.segments import SEARCH_LIMIT, Found, last_line, stated

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USUAL = LETTERS[:10]
"""Letters that a question may have whose options are not known."""
MOST = 400
"""Letters looked at, from the end of the text."""

# Emphasis, braces and LaTeX's text commands become blanks, full-width forms ASCII: one character for one.
_FLAT = dict.fromkeys(map(ord, '*_`$"“”「」【】{}\u200b\ufeff'), " ")
_FLAT |= dict(zip(map(ord, "（）：，。；．、！？’"), "():,.;.,!?'", strict=True))
_FLAT |= {0xFEE0 + code: chr(code) for code in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}
_COMMANDS = re.compile(
    r"\\(?:(?:text|textbf|textrm|textit|mathrm|mathbf|mathsf|bf|rm|left|right)(?![a-z])|[,;! ])|</?s>|<\|im_end\|>"
)

_MENTION = re.compile(
    r"[(\[]\s?(?P<inside>[A-Za-z])\s?[)\]](?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9_'\\.-])(?P<plain>[A-Z]|[A-J]{2,10}|[a-j](?=\s?[).:,]|\s*$))(?![A-Za-z0-9_'-])"
)
_JOIN = re.compile(r" ?(?:,|;|/|&|and|or|, ?and|, ?or|和|或) ?")
_WHOLE = re.compile(r"(?:[(\[]?[A-Ja-j][)\]]?(?:\s?(?:[,;/&]|and|or|, ?and|, ?or)\s?|\s)?){1,10}\s?[.:,;!)]?")
_STATED = re.compile(
    r"""(?: \b (?: answers?(?!\s(?:choices|options))|solution|option|choice|correct\sletter
                 | (?:correct|right|best)\s(?:options|choices|letters) )
            \b (?P<gap>[^.\n?!;]{0,80}?) (?:\b(?:is|are|be)\b|[:=])
          | \b(?:choose|select|pick|opt\sfor|go\swith|choosing|selecting|mark)\b
          | 答案(?:应该|应)?(?:是|为)? | 选(?:项|择)?(?:是|为)? )
        [:\s]{0,5}
        (?:(?:most|likely|probably|therefore|thus|clearly|definitely|option|choice|letter|the)\s{1,2}){0,4}$""",
    re.IGNORECASE | re.VERBOSE,
)
_IS_RIGHT = re.compile(
    r"[:.]?(?P<gap>[^.\n?!;:]{0,60}?)\s(?:is|are|as|would\sbe|must\sbe)\s"
    r"(?:the\s|an?\s|most\slikely\s)?(?:only\s|most\s|best\s|more\s)?(?:correct|right|best|answer|appropriate|true)\b"
    r"|\s?(?:是正确|正确)",
    re.IGNORECASE,
)
_CONCLUDED = re.compile(
    r"(?:\b(?:so|therefore|thus|hence|it's|it is|must be|should be)\b|[∴⇒→]|=>|->)[,:\s]{0,3}"
    r"(?:(?:it's|it is|the|option|choice)\s){0,2}$",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    r"\b(?:wait|scratch that|correction|i mean|on second thought|actually)\b[\s,:.-]{0,4}(?:it's |it is |option )?$",
    re.I,
)
_OPENS = re.compile(r"\s?[):.](?:\s|$)|\s?,|\s(?:is|was|are|because|since|-|–|—)\s|\s*$")
_LINE_HEAD = re.compile(r"(?:^|\n)[ \t#>(-]{0,8}(?:(?:option|choice)\s)?$", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:option|choice)s?\s$", re.IGNORECASE)
_ENDS = re.compile(r"\s{0,3}(?:[.,;!]|$|\n)")
_WORD = re.compile(
    r"\s+(?!(?:is|was|as|and|or|because|since|has|shows|but|would|seems|matches|correctly|with)\b)[a-z0-9]"
)
_NOT = re.compile(r"\bnot\b|n't\b|不")
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|neither|nor|never|cannot|rather than|instead of|unlike|eliminat\w{1,3}|rul\w{1,3} out|exclud\w{1,3}"
    r"|reject\w{0,3})\b|n't\b|不是|不选|不能选|排除|并非)[^.,;:!?\n]{0,30}$",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(?:but|so|therefore|it is|it's)\b", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"\s?(?:(?:is|are|was|were|looks?|seems?)\s(?:clearly\s|also\s|both\s)?"
    r"(?:not\b|wrong|incorrect|false|out\b|ruled out|eliminated|excluded|impossible)"
    r"|(?:is|are|do|does|can|could)n't\b|cannot\b|can be (?:ruled out|eliminated|excluded)|错|不对|不正确|不符)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """One or more letters named together, `A and C`."""

    letters: str
    start: int
    end: int
    bracketed: bool
    plain: bool
    """A single capital, or bracketed: what can be a letter without being stated as one."""


def choice_letters(text: str, choices: Sequence[str] = ()) -> Found[str] | None:
    """The letters a text decides for, sorted and in capitals, or None where it does not decide.

    :param text: usually a `final_segment`.
    :param choices: option texts in order; empty where they are not known, then any letter up to J may be meant.
    """
    valid = set(LETTERS[: len(choices)] if choices else USUAL)
    offset = max(0, len(text) - SEARCH_LIMIT)
    flat = _flat(text[offset:])
    found = _decide(flat, valid, [(LETTERS[n], _plain(choice)) for n, choice in enumerate(choices[: len(LETTERS)])])
    if found is None or not set(found.value) <= valid:
        return None
    return Found(found.value, found.start + offset, found.end + offset, found.rule)


def _flat(text: str) -> str:
    return _COMMANDS.sub(lambda match: " " * len(match.group()), text.translate(_FLAT))


def _plain(text: str) -> str:
    return " ".join(_flat(text).lower().split()).strip(" .,:;!")


def _decide(flat: str, valid: set[str], options: list[tuple[str, str]]) -> Found[str] | None:
    bare = flat.strip()
    if len(bare) <= 60 and _WHOLE.fullmatch(bare):
        letters = sorted({char for char in bare.replace("and", "").replace("or", "").upper() if char in USUAL})
        return Found("".join(letters), flat.index(bare), flat.index(bare) + len(bare), "letter")
    plain = _plain(flat)
    if letter := next((letter for letter, option in options if option and option == plain), None):
        return Found(letter, 0, len(flat), "option text")
    live = [mention for mention in _mentions(flat) if not _denied(flat, mention.start, mention.end)]
    fitting = [mention for mention in live if set(mention.letters) <= valid]
    return (
        _last_stated(flat, live, valid)
        or _opening(flat, fitting)
        or _last_concluded(flat, fitting)
        or _bracketed(flat, fitting)
        or _option_text(flat, options, _heads(flat, fitting))
        or _only([mention for mention in fitting if mention.plain], "only letter")
    )


def _mentions(flat: str) -> list[_Mention]:
    """Letters named in the text, those joined by commas or "and" together; articles and pronouns left out."""
    found: list[_Mention] = []
    for match in list(_MENTION.finditer(flat))[-MOST:]:
        name, bracketed = match["inside"] or match["plain"], match["inside"] is not None
        if not bracketed and name in ("A", "I", "a") and _WORD.match(flat, match.end()):
            continue
        if len(name) > 1 and list(name) != sorted(set(name)):
            continue
        one = _Mention(name.upper(), *match.span(), bracketed, bracketed or (len(name) == 1 and name.isupper()))
        last = found[-1] if found else None
        beside = bracketed and last and last.bracketed and not flat[last.end : one.start].strip()
        if last and last.plain == one.plain and (beside or _JOIN.fullmatch(flat, last.end, one.start)):
            letters = "".join(sorted({*last.letters, *one.letters}))
            found[-1] = _Mention(letters, last.start, one.end, last.bracketed and bracketed, one.plain)
        else:
            found.append(one)
    return found


def _denied(flat: str, start: int, end: int) -> bool:
    before = _TURN.split(flat[max(0, start - 60) : start])[-1]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(flat, end))


def _last_stated(flat: str, mentions: list[_Mention], valid: set[str]) -> Found[str] | None:
    """The last letters stated as the answer, or those that correct them ("no wait, B"), valid or not."""
    corrected = None
    for mention in reversed(mentions):
        before = flat[max(0, mention.start - 110) : mention.start]
        stated_before = _STATED.search(before)
        stated_after = mention.plain and set(mention.letters) <= valid and _IS_RIGHT.match(flat, mention.end)
        for match in (stated_before, stated_after):
            if match and not _NOT.search(match["gap"] or ""):
                return corrected or _found(mention, "statement")
        if corrected is None and _RETRACTED.search(before):
            corrected = _found(mention, "correction")
    return None


def _opening(flat: str, mentions: list[_Mention]) -> Found[str] | None:
    """Letters that open the last line, or else the text; nothing where several lines open with different letters."""
    heads = _heads(flat, mentions)
    named = {mention.letters for mention in mentions if mention.bracketed}
    if len({mention.letters for mention in heads}) != 1 or len(named) > 2:
        return None
    text_start = len(flat) - len(flat.lstrip())
    for start in (last_line(flat).start, text_start):
        for mention in heads:
            if start <= mention.start <= start + 12:
                return _found(mention, "opening letter")
    return None


def _heads(flat: str, mentions: list[_Mention]) -> list[_Mention]:
    """The mentions that open a line: "B. …", "(B) …", "Option B: …"."""
    return [
        mention
        for mention in mentions
        if _LINE_HEAD.search(flat[max(0, mention.start - 20) : mention.start])
        and (mention.bracketed or _OPENS.match(flat, mention.end))
    ]


def _last_concluded(flat: str, mentions: list[_Mention]) -> Found[str] | None:
    for mention in reversed(mentions):
        if _CONCLUDED.search(flat[max(0, mention.start - 40) : mention.start]) and _ENDS.match(flat, mention.end):
            return _found(mention, "conclusion")
    return None


def _bracketed(flat: str, mentions: list[_Mention]) -> Found[str] | None:
    """The letters of the last line that names any in brackets or after "option"."""
    named = [
        mention
        for mention in mentions
        if mention.bracketed or (mention.plain and _NAMED.search(flat[max(0, mention.start - 10) : mention.start]))
    ]
    if not named:
        return None
    line_start = flat.rfind("\n", 0, named[-1].start) + 1
    return _only([mention for mention in named if mention.start >= line_start], "bracketed letter")


def _option_text(flat: str, options: list[tuple[str, str]], heads: list[_Mention]) -> Found[str] | None:
    line = last_line(flat)
    if len(heads) > 1 and heads[-1].start < line.start + 12 and heads[-1].end > line.start:
        return None  # the last line is an item of a list
    for piece in (stated(flat), line, None):
        start, end = (piece.start, piece.end) if piece else (0, len(flat))
        letters = _occurring(_plain(flat[start:end]), options)
        if len(letters) == 1:
            return Found(letters.pop(), start, end, "option text")
    return None


def _occurring(text: str, options: list[tuple[str, str]]) -> set[str]:
    """Letters of the options whose text occurs undenied in `text`; longer options hide shorter ones inside them."""
    letters = set()
    for letter, option in sorted(options, key=lambda one: -len(one[1])):
        if not option:
            continue
        pattern = re.compile(rf"(?<![\w.,]){re.escape(option)}(?![\w°%]|[.,]\d)")
        spans = [match.span() for match in pattern.finditer(text)]
        if any(not _denied(text, *span) for span in spans):
            letters.add(letter)
        for start, end in spans:
            text = text[:start] + "\0" * (end - start) + text[end:]
    return letters


def _only(mentions: list[_Mention], rule: str) -> Found[str] | None:
    """The last of the mentions, where all name the same letters."""
    return _found(mentions[-1], rule) if len({mention.letters for mention in mentions}) == 1 else None


def _found(mention: _Mention, rule: str) -> Found[str]:
    return Found(mention.letters, mention.start, mention.end, rule)
