import random

import pytest

from vg1core.metrics import Mean, Scored, by_category, mean_of, summarise, weighted, wilson


def scored(value, status="correct", **metadata):
    return Scored(value, status, metadata)


def close(*numbers):
    return pytest.approx(numbers, abs=1e-8)


# From scipy.stats.binomtest(right, n).proportion_ci(0.95, "wilson").
WILSON = [
    (0, 1, 0.0, 0.793450686),
    (1, 1, 0.206549314, 1.0),
    (0, 10, 0.0, 0.277532800),
    (8, 10, 0.490162472, 0.943317849),
    (10, 10, 0.722467200, 1.0),
    (50, 100, 0.403831530, 0.596168470),
    (1, 1000, 0.000176546, 0.005642559),
    (682, 1000, 0.652486571, 0.710120489),
]


@pytest.mark.parametrize(("right", "n", "low", "high"), WILSON)
def test_right_or_wrong_gets_wilsons_interval(right, n, low, high):
    assert wilson(right / n, n) == close(low, high)
    mean = mean_of([1.0] * right + [0.0] * (n - right))
    assert (mean.value, mean.low, mean.high) == close(right / n, low, high)
    assert (mean.n, mean.method) == (n, "Wilson")


def test_wilsons_interval_meets_the_edges_exactly():
    for n in range(1, 200):
        assert wilson(0.0, n)[0] == 0.0
        assert wilson(1.0, n)[1] == 1.0
        for right in range(n + 1):
            low, high = wilson(right / n, n)
            assert 0.0 <= low <= right / n <= high <= 1.0


def test_nothing_scored_has_no_mean_and_no_interval():
    assert mean_of([]) == Mean(value=None, low=None, high=None, n=0, method="")


def test_graded_scores_are_bootstrapped():
    mean = mean_of([step % 5 / 4 for step in range(200)])
    assert (mean.value, mean.n, mean.method) == (0.5, 200, "bootstrap")
    # scipy.stats.bootstrap, percentile, 20,000 resamples: 0.45125 to 0.54875.
    assert mean.low == pytest.approx(0.45125, abs=0.004)
    assert mean.high == pytest.approx(0.54875, abs=0.004)


def test_many_graded_scores_get_the_normal_interval():
    mean = mean_of([step % 5 / 4 for step in range(1500)])
    assert (mean.value, mean.n, mean.method) == (0.5, 1500, "normal")
    # scipy.stats.norm.interval(0.95, mean, std(ddof=1) / sqrt(1500)).
    assert (mean.low, mean.high) == close(0.4821020916, 0.5178979084)


@pytest.mark.parametrize("values", [[0.5], [0.3, 0.7], [0.25] * 500])
def test_few_or_equal_graded_scores_do_not_pretend_to_be_certain(values):
    mean = mean_of(values)
    assert mean.method == "Wilson"
    assert 0.0 < mean.low < mean.value < mean.high < 1.0


@pytest.mark.parametrize("n", [31, 400, 3000])
def test_the_order_of_the_scores_changes_nothing(n):
    values = [random.Random(seed).random() for seed in range(n)]
    shuffled = random.Random(7).sample(values, n)
    assert shuffled != values
    assert mean_of(shuffled) == mean_of(values)


@pytest.mark.parametrize(("draw", "n"), [(lambda d: float(d.random() < 0.8), 25), (lambda d: d.random() ** 2, 60)])
def test_the_interval_holds_the_truth_as_often_as_it_says(draw, n):
    dice, truth = random.Random(3), {25: 0.8, 60: 1 / 3}[n]
    hits = 0
    for _ in range(400):
        mean = mean_of([draw(dice) for _ in range(n)])
        hits += mean.low <= truth <= mean.high
    assert 0.92 <= hits / 400 <= 0.98  # 0.95 within three standard errors of 0.011


def share(right, n):
    return mean_of([1.0] * right + [0.0] * (n - right))


@pytest.mark.parametrize(
    ("weights", "value", "low", "high"),
    [
        ((1, 1), 0.625, 0.4991360498, 0.7389880803),
        ((3, 1), 0.6875, 0.5629879256, 0.7828637289),
    ],
)
def test_weighted_means_recover_their_spread_from_the_parts(weights, value, low, high):
    """Computed with numpy from scipy's Wilson intervals of 30 of 40 and 10 of 20."""
    mean = weighted(list(zip(weights, (share(30, 40), share(10, 20)), strict=True)))
    assert (mean.value, mean.low, mean.high) == close(value, low, high)
    assert (mean.n, mean.method) == (60, "MOVER")


def test_weighted_mean_of_one_part_is_that_part():
    part = share(4, 4)
    mean = weighted([(2.0, part)])
    assert (mean.value, mean.low, mean.high) == close(part.value, part.low, part.high)


def test_weighted_mean_leaves_out_what_was_not_scored():
    assert weighted([]).value is None
    assert weighted([(1.0, mean_of([]))]).value is None
    assert weighted([(1.0, mean_of([])), (1.0, share(3, 4)), (0.0, share(0, 9))]).value == 0.75


def test_weighted_interval_stays_between_0_and_1():
    mean = weighted([(1.0, share(9, 9)), (1.0, share(8, 9)), (1.0, share(9, 9))])
    assert 0.0 < mean.low < mean.value < mean.high <= 1.0


def test_weighted_mean_claims_no_interval_where_a_part_has_none():
    mean = weighted([(1.0, Mean(value=0.5, n=10)), (1.0, share(3, 4))])
    assert mean == Mean(value=0.625, n=14)


def test_categories_come_from_a_field_a_list_or_a_function():
    items = [
        scored(1.0, kind="b", skills=["sums", "space"]),
        scored(0.0, kind="b", skills=["sums"]),
        scored(1.0, kind="a", skills=[]),
        scored(None, "crashed", kind="c", skills=["logic"]),
        scored(1.0, skills=["space"]),
    ]
    shares = {name: (mean.value, mean.n) for name, mean in by_category(items, "kind").items()}
    assert shares == {"a": (1.0, 1), "b": (0.5, 2), "c": (None, 0)}
    assert list(shares) == ["a", "b", "c"]
    assert {name: (m.value, m.n) for name, m in by_category(items, "skills").items()} == {
        "logic": (None, 0), "space": (1.0, 2), "sums": (0.5, 2),
    }  # fmt: skip
    few = by_category(items, lambda metadata: len(metadata["skills"]) or None)
    assert {name: m.n for name, m in few.items()} == {"1": 2, "2": 1}


def test_summary_leaves_unscored_items_out_of_means_and_empty_tables_away():
    items = [scored(1.0, kind="a"), scored(0.0, kind="b"), scored(None, "judge_failed", kind="a"), scored(None, None)]
    summary = summarise(items, metric="accuracy", tables=("kind", "colour"))
    assert (summary.mean.value, summary.mean.n) == (0.5, 2)
    assert list(summary.tables) == ["kind"]
    assert summary.tables["kind"]["a"].value == 1.0
