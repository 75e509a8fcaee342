"""Equality by math-verify and sympy, for what cheaper comparisons leave open. Imports both when first used.

math-verify 0.9 times itself out with `signal.alarm`, which fails outside of the main thread, cancels other alarms
and does not reach C code (huggingface/Math-Verify issues 50, 55 and 65); its time limits are switched off here.
vg1 runs verifiers in processes with a limit on CPU time instead. What it takes for equal is checked once more
where both sides are constants: it calls 1/2004! and 1/2006! equal (issue 14), because their difference is small.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from vg1_plugin_verifiers._arithmetic import MAX_DEPTH, TooLarge

MAX_PARSED = 500
"""Characters that are handed to the LaTeX parser, which takes seconds for more."""
DIGITS = 30
"""Digits to which constants are worked out."""
CLOSE = 1e-12
"""Relative difference up to which constants are the same."""
_BACK = str.maketrans({"⦃": "\\{", "⦄": "\\}", "⟨": "(", "⟩": ")", "¶": "\\\\"})
_NOT_MATHS = re.compile(r"\d \d|:|[?@#]|\\(?:forall|exists)(?![a-z])|[A-Za-z]{4,} [A-Za-z]{2,}")
_EXPLOSIVE = (
    re.compile(r"\d ?\}?\)? ?\^ ?[{(]? ?\d{1,20} ?\^ ?[{(]? ?\d"),  # towers of powers
    re.compile(r"\d{4,} ?[)}]? ?!|\^ ?\{? ?\d{1,20} ?\}? ?\) ?!|! ?\) ?!"),  # factorials of large numbers
    re.compile(r"\\binom ?\{ ?\d{5,}"),
    re.compile(r"\) ?\^ ?\{? ?(?:\d{3,}|[5-9]\d)"),  # expansions
    re.compile(r"\^ ?\{? ?\d{6,}"),
    re.compile(r"\\(?:sum|prod)(?![a-z]).{0,80}?(?:\d{5,}|\d ?\^ ?\{? ?\d)"),  # long sums
    re.compile(r"\d{401,}"),
)


def warm_up() -> None:
    """Import math-verify, sympy and its LaTeX parser, and build the parser's tables."""
    expression("x+1")


def explosive(text: str) -> bool:
    """Whether an expression is of a kind whose evaluation may never end."""
    return any(pattern.search(text) for pattern in _EXPLOSIVE)


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
    from latex2sympy2_extended.latex2sympy2 import latex2sympy
    from math_verify.grader import should_treat_as_complex

    latex = text.translate(_BACK)
    try:
        parsed = latex2sympy(latex, is_real=not should_treat_as_complex(latex), convert_degrees=False)
    except (RecursionError, MemoryError):
        raise
    except Exception:  # the parser raises bare Exception, and sympy anything, for text that is no mathematics
        return None
    return None if parsed in (sympy.nan, sympy.zoo) else parsed


def equal(gold: str, given: str) -> bool | None:
    """Whether two tidied expressions are equal; None where one of them cannot be parsed.

    :raises TooLarge: one is of a kind whose evaluation may never end.
    """
    left, right = expression(gold), expression(given)
    if left is None or right is None:
        return None
    a, b = _constant(left), _constant(right)
    if a is not None and b is not None:
        return bool(abs(a - b) <= CLOSE * max(abs(a), abs(b)))
    from math_verify import grader

    grader.logger.setLevel(logging.ERROR)  # it would warn that its time limits are off, as they are meant to be
    return bool(grader.verify(left, right, timeout_seconds=None))


def constant(text: str) -> complex | None:
    """The value of a tidied expression without variables, None for others."""
    value = _constant(expression(text))
    return None if value is None else complex(value)


def _constant(parsed: Any) -> Any:
    import sympy

    if not isinstance(parsed, sympy.Expr) or parsed.free_symbols or isinstance(parsed, sympy.MatrixExpr):
        return None
    try:
        value = sympy.N(parsed, DIGITS)
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
