"""`anls`: Average Normalised Levenshtein Similarity, the measure of DocVQA, InfographicVQA and ST-VQA.

For each accepted text: 1 - edit distance / length of the longer one; what is not above the threshold is 0; the best
counts (Biten et al. 2019, arXiv 1905.13648, section 4; 0.5 is the threshold there and in the benchmarks). Both
texts are compared in lower case, without white space around them and with single blanks inside.

What implementations differ in, and what is done here:

- At exactly the threshold the value is 0, by the definition and in pix2struct and the `anls` package; VLMEvalKit
  and lmms-eval keep it, as the option `keep_at_threshold` does.
- The length of the accepted text is taken as the data writes it, as those two do. That of the answer is taken with
  single blanks: counted as written, blanks inside an answer would make every error cheaper.
- The answer is what a box, an answer tag or "the answer is" states, else the last line (`exact`). It is compared as
  it stands, and once more without Markdown emphasis, quotes and a full stop around it, LaTeX's text command and
  invisible characters; the better counts.

The distance is computed by bit-parallel arithmetic (Hyyrö 2003, after Myers 1999): 5,000 against 5,000 characters
take milliseconds. An answer of more than twice the characters that a target may have is 0 unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from vg1_plugin_verifiers.exact import text_answer
from vg1core import Answer, AnswerVerifier, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError, UsageError, shorten
from vg1core.types import TextTarget
from vg1core.verifiers import note, noting

MOST = 10_000
"""Characters of an accepted text; a longer one is refused as a target."""
_TEXT_COMMAND = re.compile(r"\\(?:text|mathrm|textbf|mathbf|textit)\s?\{([^{}]{0,2000})\}")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_AROUND = " *_`\"'“”‘’「」"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnlsOptions:
    """Options of `anls`."""

    threshold: float = 0.5
    """A similarity that is not above it is 0."""
    keep_at_threshold: bool = False
    """Keep a similarity of exactly the threshold, as VLMEvalKit and lmms-eval do."""


class Anls(AnswerVerifier):
    """How similar the answer's text is to the target's or an alias, by edit distance; 0 below one half."""

    name = "anls"
    targets = (TextTarget,)
    Options = AnlsOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Take options by name; the threshold has to lie between 0 and 1."""
        super().__init__(options)
        if not 0 <= self.options.threshold <= 1:
            raise UsageError(f"verifier 'anls': threshold has to lie from 0 to 1, not {self.options.threshold}")

    def check_target(self, sample: Sample) -> None:
        """The target has to hold a text, and none that is a book."""
        super().check_target(sample)
        target = cast("TextTarget", sample.target)
        if not target.text.strip():
            raise TargetError("the target text is empty")
        if (longest := max(map(len, (target.text, *target.aliases)))) > MOST:
            raise TargetError(f"a target text of {longest:,} characters is too long; {MOST:,} can be compared")

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The text that the response gives as its answer."""
        segment = text_answer(response.text)
        if not segment.text:
            return None
        return Answer(value=segment.text, rule=segment.rule, span=(segment.start, segment.end))

    def compare(self, answer: Answer, sample: Sample) -> Comparison:
        """The best similarity over the accepted texts."""
        target = cast("TextTarget", sample.target)
        found = {text: similarity(answer.value, text) for text in (target.text, *target.aliases)}
        if noting():
            for text, value in found.items():
                note(f"{shorten(answer.value, 60)} and {shorten(text, 60)} are {value:.4f} similar")
        nearest = max(found, key=lambda text: found[text])
        best, least = found[nearest], self.options.threshold
        kept = best >= least if self.options.keep_at_threshold else best > least or best == 1
        among = f", the nearest of {len(found)} texts" if len(found) > 1 else ""
        told = f"{shorten(answer.value, 60)} is {best:.3f} similar to the target {shorten(nearest, 60)}{among}"
        if kept:
            return Comparison(best, told)
        return Comparison(0.0, f"{told}; {'' if self.options.keep_at_threshold else 'more than '}{least:g} is needed")


def similarity(answer: str, text: str) -> float:
    """1 - edit distance / longer length, of the better of the answer's two readings; 0 for an endless answer."""
    wanted = _plain(text)
    undressed = _TEXT_COMMAND.sub(r"\1", answer.translate(_INVISIBLE)).strip(_AROUND).rstrip(".。").rstrip(_AROUND)
    return max(_similarity(given, wanted, len(text)) for given in {_plain(answer), _plain(undressed)})


def _similarity(given: str, wanted: str, written: int) -> float:
    if given == wanted:
        return 1.0
    length = max(len(given), written)
    if len(given) > 2 * MOST:
        return 0.0
    return max(0.0, (length - distance(given, wanted)) / length)


def distance(a: str, b: str) -> int:
    """Levenshtein distance, bit-parallel: whole numbers of `len(a)` bits are the columns of the table."""
    if not a or not b:
        return len(a) or len(b)
    places: dict[str, int] = {}
    for n, char in enumerate(a):
        places[char] = places.get(char, 0) | 1 << n
    every, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    up, down, found = every, 0, len(a)  # where a column's value rises and falls from cell to cell
    for char in b:
        equal = places.get(char, 0)
        diagonal = (((equal & up) + up) ^ up) | equal | down
        rises, falls = down | ~(diagonal | up) & every, up & diagonal
        if rises & last:
            found += 1
        elif falls & last:
            found -= 1
        rises, falls = rises << 1 | 1, falls << 1
        equal |= down
        up, down = (falls | ~(equal | rises)) & every, rises & equal & every
    return found


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Anls)
