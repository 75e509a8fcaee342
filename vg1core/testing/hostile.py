r"""Expressions that keep a careless verifier busy for ever: eight well-known ones, and as many more as are asked for.

None of them equals a small number, so no verdict on them is ever `correct` against one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

EIGHT = (
    r"9^{9^{9^{9}}}",
    r"(10^{8})!",
    r"((20!)!)!",
    r"\binom{10^{9}}{5\cdot 10^{8}}",
    r"(x+y+z+w+1)^{400}",
    r"\sum_{k=1}^{10^{9}} \frac{1}{k^{2}+\sin(k)}",
    r"3^{10^{9}}",
    r"2^{2^{34}}",
)
"""Towers, factorials, a binomial, an expansion, a sum, powers."""


def hostile_expressions(count: int, seed: int) -> Iterator[str]:
    """Expressions of the kinds in `EIGHT`, and nests, digits, roots and matrices; the same for the same seed."""
    chance = random.Random(seed)
    kinds = (_tower, _factorial, _binomial, _expansion, _sum, _nest, _digits, _roots, _matrix)
    for n in range(count):
        yield kinds[n % len(kinds)](chance)


def _tower(chance: random.Random) -> str:
    base = chance.choice(["7", "x", r"\pi", "1.5", r"\sqrt{2}", "(x+2)", "e"])
    exponents = [str(chance.randint(5, 99)) for _ in range(chance.randint(2, 6))]
    return "^{".join([base, *exponents]) + "}" * len(exponents)


def _factorial(chance: random.Random) -> str:
    return chance.choice([
        f"({chance.randint(2, 9)}^{{{chance.randint(20, 40)}}})!",
        f"(({chance.randint(12, 40)}!)!)! + x",
        f"{chance.randint(10**6, 10**9)}!",
        rf"\frac{{{chance.randint(10**5, 10**7)}!}}{{\pi}}",
    ])  # fmt: skip


def _binomial(chance: random.Random) -> str:
    top, bottom = chance.randint(10**6, 10**10), chance.randint(10**5, 10**6)
    return chance.choice([
        rf"\binom{{{top}}}{{{bottom}}}",
        rf"\binom{{{chance.randint(2, 9)}^{{{chance.randint(20, 60)}}}}}{{{bottom}}} + \pi",
    ])  # fmt: skip


def _expansion(chance: random.Random) -> str:
    names = chance.sample("abcdxyzuvw", chance.randint(3, 8))
    return f"({'+'.join(names)})^{{{chance.randint(60, 2000)}}} - {names[0]}^{{{chance.randint(2, 400)}}}"


def _sum(chance: random.Random) -> str:
    sign = chance.choice([r"\sum", r"\prod"])
    return (
        rf"{sign}_{{k=1}}^{{10^{{{chance.randint(7, 12)}}}}} \frac{{1}}{{k^{{2}}+\{chance.choice(['sin', 'cos'])}(k)}}"
    )


def _nest(chance: random.Random) -> str:
    depth = chance.randint(30, 3000)
    return chance.choice(["(" * depth + "x" + ")" * depth, r"\frac{1}{1+" * depth + "x" + "}" * depth])


def _digits(chance: random.Random) -> str:
    digits = str(chance.randint(1, 9)) * chance.randint(500, 100_000)
    return chance.choice([digits, f"0.{digits}", f"x^{{{digits}}}", rf"\frac{{{digits}}}{{7}}", f"{digits}^2+x"])


def _roots(chance: random.Random) -> str:
    depth = chance.randint(5, 400)
    return r"\sqrt{2+" * depth + chance.choice(["x", "3", r"\pi"]) + "}" * depth


def _matrix(chance: random.Random) -> str:
    size = chance.randint(5, 60)
    row = " & ".join(chance.choice(["x", "1", "y^{9}", r"\sqrt{2}"]) for _ in range(size))
    rows = r" \\ ".join([row] * size)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}^{{{chance.randint(2, 99)}}}"
