"""Equality by sympy and math-verify, for what cheaper comparisons leave open. Imports both when first used.

Expressions are compared by their values at fixed points, to 40 digits: that decides almost all of them, takes no
expansion of (x+1)^60, knows that i is imaginary, and does not call 1/2004! and 1/2006! equal as math-verify 0.9
does (its issue 14). What the points leave open, and whatever is no number (sets, relations, matrices), goes to
math-verify's comparison.

math-verify times itself out with `signal.alarm`, which fails outside of the main thread, cancels other alarms and
does not reach C code (huggingface/Math-Verify issues 50, 55 and 65); its time limits are switched off here. vg1
runs verifiers in processes with a limit on CPU time instead. Texts reach the ANTLR grammar of latex2sympy2 only,
and its numbers are read here: sympy's own parsers, which evaluate Python, are never called.
"""

from __future__ import annotations

import logging
import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from vg1_plugin_verifiers._arithmetic import MAX_BITS, MAX_DEPTH, TooLarge

MAX_PARSED = 500
"""Characters that are handed to the LaTeX parser, which takes seconds for more."""
DIGITS = 40
"""Digits to which values are worked out."""
EQUAL, DIFFERENT = 1e-25, 1e-9
"""Relative differences up to which values are the same, and from which they differ; between them nothing is decided."""
MAX_VARIABLES = 8
_POINTS = (
    "0.7310585786300048792511592418", "1.2840254166877414840734205681", "2.3768012917634540123498761134",
    "-0.4126718330914265093321977018", "-1.6183112097345518260339185027", "0.2969931741092660158342210093",
)  # fmt: skip
_BACK = str.maketrans({"⦃": "\\{", "⦄": "\\}", "⟨": "(", "⟩": ")", "¶": "\\\\"})
_NOT_MATHS = re.compile(r"\d \d|:|[?@#]|\\(?:forall|exists)(?![a-z])|[A-Za-z]{4,} [A-Za-z]{2,}")
_COMMON = (
    ("24+4\\pi", "\\frac{3\\sqrt{3}}{2} + 6\\cdot\\frac{\\sqrt{3}}{4}"),
    ("x^{2}+2xy-1", "(x+1)^2(y-1)/3"),
    ("\\sin(x)+\\log_{2}(8)", "e^{2}-\\ln 9"),
    ("x<2", "x \\le 2"),
    ("y=2x+1", "x-3y=0"),
    ("\\{1, 2\\}", "(1, 2)"),
    ("2, 4, 6", "-2\\times 3"),
)
_EXPLOSIVE = (
    re.compile(r"\d{4,} ?[)}]? ?!|\^ ?\{? ?\d{1,20} ?\}? ?\) ?!|! ?\) ?!"),  # factorials of large numbers
    re.compile(r"\\binom ?\{ ?\d{5,}|\\binom ?\{[^{}]{0,40}\^"),
    re.compile(r"\^ ?\{? ?\d{6,}"),
    re.compile(r"\\(?:sum|prod)(?![a-z]).{0,80}?(?:\d{5,}|\d ?\^ ?\{? ?\d)"),  # long sums
    re.compile(r"\d{401,}"),
)
_TOWER = re.compile(r"(\d{1,20}) ?[})]?\)? ?\^ ?[{(]? ?(\d{1,20}) ?\^ ?[{(]? ?(\d{1,20})( ?[})]? ?\^)?")
_EXPANDED = re.compile(r"\) ?\^ ?\{? ?(?:\d{3,}|[2-9]\d)")


def warm_up() -> None:
    """Import math-verify and sympy, and read what answers commonly hold: the LaTeX parser learns as it reads."""
    for gold, given in _COMMON:
        equal(gold, given)


def explosive(text: str) -> bool:
    """Whether reading an expression may never end, because sympy works it out at once."""
    return any(pattern.search(text) for pattern in _EXPLOSIVE) or any(map(_towers_up, _TOWER.finditer(text)))


def _towers_up(match: re.Match[str]) -> bool:
    """Whether a tower of powers has more than `MAX_BITS` bits."""
    base, exponent, top = (int(match[n]) for n in (1, 2, 3))
    if match[4]:
        return True
    return base > 1 and exponent > 1 and (top > 64 or exponent**top * base.bit_length() > MAX_BITS)


@lru_cache(maxsize=2048)
def expression(text: str) -> Any:
    """A tidied expression as a sympy object; None where it is none, or longer than `MAX_PARSED`.

    :raises TooLarge: it is of a kind whose evaluation may never end.
    """
    if len(text) > MAX_PARSED or _NOT_MATHS.search(text) or _depth(text) > MAX_DEPTH:
        return None
    if explosive(text):
        raise TooLarge
    import sympy

    try:
        parsed = _read(text.translate(_BACK))
    except (RecursionError, MemoryError):
        raise
    except Exception:  # the parser raises bare Exception, and sympy anything, for text that is no mathematics
        return None
    return None if parsed in (sympy.nan, sympy.zoo) else parsed


def _read(latex: str) -> Any:
    """What the LaTeX grammar makes of a text, with decimals as exact fractions."""
    from latex2sympy2_extended.math_normalization import NormalizationConfig, normalize_latex
    from math_verify.grader import should_treat_as_complex

    return _reader()(is_real=not should_treat_as_complex(latex)).parse(normalize_latex(latex, NormalizationConfig()))


@lru_cache(maxsize=1)
def _reader() -> Any:
    """latex2sympy2's reader, which hands numbers to `sympy.Number` and so to `eval`, with that taken out."""
    import sympy
    from latex2sympy2_extended.latex2sympy2 import _Latex2Sympy

    class Reader(_Latex2Sympy):  # type: ignore[misc]  # the library has no types
        def parse_number(self, text: str) -> Any:
            return sympy.Rational(Fraction(text.replace(",", "")))

    return Reader


def equal(gold: str, given: str) -> tuple[bool, str] | None:
    """Whether two tidied expressions are equal, and how that was found; None where one of them cannot be parsed.

    :raises TooLarge: one is of a kind whose evaluation may never end.
    """
    left, right = expression(gold), expression(given)
    if left is None or right is None:
        return None
    by_values = _by_values(left, right)
    if by_values is not None:
        return by_values, "compared by sympy"
    if any(_EXPANDED.search(text) for text in (gold, given)):
        raise TooLarge
    from math_verify import grader

    grader.logger.setLevel(logging.ERROR)  # it would warn that its time limits are off, as they are meant to be
    return bool(grader.verify(left, right, timeout_seconds=None)), "compared by math-verify"


def constant(text: str) -> Any:
    """The value of a tidied expression without variables as a sympy number, None for others."""
    parsed = expression(text)
    return None if parsed is None or not _is_scalar(parsed) or parsed.free_symbols else _value(parsed, {})


def _by_values(left: Any, right: Any) -> bool | None:
    """Whether two sympy objects have the same values wherever both are defined; None where that decides nothing."""
    import sympy

    equations = isinstance(left, sympy.Eq) and isinstance(right, sympy.Eq)
    if equations:
        left, right = left.lhs - left.rhs, right.lhs - right.rhs
    if not _is_scalar(left) or not _is_scalar(right):
        return None
    names = sorted({symbol.name for symbol in left.free_symbols | right.free_symbols} - {"i"})
    if len(names) > MAX_VARIABLES:
        return None
    points = [
        {"i": sympy.I}
        | {name: sympy.Float(_POINTS[(n + k) % len(_POINTS)], DIGITS) + k // 6 for k, name in enumerate(names)}
        for n in range(len(_POINTS) if names else 1)
    ]
    pairs = [(_value(left, point), _value(right, point)) for point in points]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    known = [(a, b) for a, b in known if a.is_real and b.is_real] or known
    if len(known) < (2 if names else 1):
        return None
    return _proportional(known) if equations else _all_same(known)


def _all_same(pairs: list[tuple[Any, Any]]) -> bool | None:
    offs = [_difference(a, b) for a, b in pairs]
    return True if max(offs) <= EQUAL else False if max(offs) >= DIFFERENT else None


def _proportional(pairs: list[tuple[Any, Any]]) -> bool | None:
    """Whether one equation is the other times a number; None where it may still have the same solutions."""
    if any(a == 0 or b == 0 for a, b in pairs):
        return None
    first = pairs[0][0] / pairs[0][1]
    return True if all(_difference(a / b, first) <= EQUAL for a, b in pairs) else None


def _difference(a: Any, b: Any) -> float:
    """Relative to the larger; to 1 where one is 0, which is where only rounding is left of something that is 0."""
    return float(abs(a - b) / (max(abs(a), abs(b)) if a and b else 1))


def _is_scalar(parsed: Any) -> bool:
    """Whether a sympy object is a number once its variables are."""
    import sympy
    from sympy.core.function import AppliedUndef

    if not isinstance(parsed, sympy.Expr) or isinstance(parsed, sympy.MatrixExpr):
        return False
    return not parsed.has(AppliedUndef, sympy.Integral, sympy.Derivative, sympy.Limit, sympy.MatrixBase)


def _value(parsed: Any, point: dict[str, Any]) -> Any:
    import sympy

    try:
        value = sympy.N(parsed.xreplace({symbol: point[symbol.name] for symbol in parsed.free_symbols}), DIGITS)
    except (RecursionError, MemoryError):
        raise
    except Exception:  # sympy raises many types where it cannot evaluate
        return None
    return value if value.is_number and value.is_finite else None


def _depth(text: str) -> int:
    deepest = depth = 0
    for char in text:
        depth += char in "([{⦃"
        depth -= char in ")]}⦄"
        deepest = max(deepest, depth)
    return deepest
