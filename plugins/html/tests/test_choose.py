from __future__ import annotations

import tracemalloc

import pytest

from vg1_plugin_html.choose import LEAST, choose, limit_per_suite, natural, quotas
from vg1core.types import NumberTarget, Record, Response, Score, Turn


@pytest.mark.parametrize(
    ("counts", "limit", "shown"),
    [
        ({"correct": 5, "incorrect": 3}, 200, {"correct": 5, "incorrect": 3}),
        ({"correct": 5000, "incorrect": 3}, 200, {"correct": 197, "incorrect": 3}),
        ({"correct": 5000, "incorrect": 5000}, 200, {"correct": 10, "incorrect": 190}),
        ({"incorrect": 5000, "crashed": 4, "no_answer": 900}, 200, {"crashed": 4, "no_answer": 98, "incorrect": 98}),
        ({"correct": 5000}, 200, {"correct": 200}),
        ({}, 200, {}),
    ],
)
def test_quotas(counts, limit, shown):
    assert quotas(counts, limit) == shown


def test_every_status_is_shown_even_where_there_is_little_room():
    names = ("correct", "incorrect", "partial", "no_answer", "over_limit", "crashed", "judge_failed", "not_run", "x")
    shown = quotas(dict.fromkeys(names, 1000), LEAST)
    assert set(shown) == set(names)
    assert min(shown.values()) >= 1
    assert sum(shown.values()) == LEAST


@pytest.mark.parametrize(("suites", "limit"), [(0, 200), (1, 200), (10, 200), (40, 50), (63, 31), (1000, LEAST)])
def test_many_suites_share_the_page(suites, limit):
    assert limit_per_suite(suites) == limit


def test_natural_order():
    names = ["a/10", "a/9", "a/x", "a/010", "b/1", f"a/{'9' * 9000}", "a/²"]
    assert sorted(names, key=natural) == ["a/9", "a/10", "a/010", f"a/{'9' * 9000}", "a/x", "a/²", "b/1"]


def test_records_are_streamed_and_only_the_shown_ones_are_kept(run):
    def record(n: int, text: str) -> Record:
        turn = Turn(messages=(), response=Response(text=text, token_ids=(1,), logprobs=(0.0,)))
        return Record(id=f"b:x/{n}", suite="b:x", dimension="math", target=NumberTarget(value="1"), verifier="exact",
                      turns=(turn,), score=Score(value=1.0, status="correct"))  # fmt: skip

    run.records = [record(n, "") for n in range(2000)]
    run.add_suite("b:x", "math")
    report = run.report()
    tracemalloc.start()
    shown = choose(report, (record(n, "x" * 20_000 + str(n)) for n in range(2000)), per_suite=20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [one.id for one in shown["b:x"]] == sorted((one.id for one in shown["b:x"]), key=natural)
    assert len(shown["b:x"]) == 20
    assert peak < 40 * 20_000
    assert all(one.turns[0].response.token_ids is one.turns[0].response.logprobs is None for one in shown["b:x"])
