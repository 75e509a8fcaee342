"""The stage for verifiers that need a model: order, limits, failures, ends. No model here, only waiting."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from vg1core import judging
from vg1core.errors import VG1Error
from vg1core.installed import installed
from vg1core.judging import pause, seconds_left
from vg1core.scoring import Job, Limits, Scorer
from vg1core.types import Message, Response, Sample, Text, TextTarget

ORACLE = Path(__file__).with_name("oracle_verifier.py").read_text()


@pytest.fixture
def plugins(make_plugin):
    names = ("verifier.exact", "verifier.faulty")
    return [make_plugin("verifier.oracle", ORACLE), *(one for one in installed() if one.full_name in names)]


@pytest.fixture
def oracle(plugins):
    """The plugin's module, once the Scorer of the test has imported it."""

    class Late:
        def __getattr__(self, name):
            return getattr(sys.modules["made_up_verifier_oracle"], name)

    late = Late()
    yield late
    if "made_up_verifier_oracle" in sys.modules:
        late.OPEN.set()


@pytest.fixture
def scorer(plugins):
    with Scorer(workers=1, plugins=plugins) as pool:
        yield pool


def job(text, verifier="oracle", **options):
    sample = Sample(
        id="dataset:x/default/test/1", dimension="math", verifier=verifier, target=TextTarget(text="yes"),
        messages=(Message(role="user", parts=(Text(text="?"),)),), options=options,
    )  # fmt: skip
    return Job(sample=sample, response=Response(text=text))


def test_such_a_verifier_runs_in_this_process_and_no_worker_is_started(scorer):
    (score,) = scorer.score([job("pid")])
    assert (score.status, score.answer.value) == ("correct", os.getpid())
    assert not scorer._processes


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("raise", "judge_failed", "the verifier raised ZeroDivisionError: asked to raise"),
        ("exit", "judge_failed", "the verifier raised SystemExit: 3"),
        ("server", "judge_failed", "the server said no"),
        ("target", "target_unparseable", "the target is unreadable"),
        ("nan", "judge_failed", "the verifier returned nan as a value; a finite number is expected"),
        ("zero", "judge_failed", "the verifier returned status 'correct' with value None, which contradict each other"),
        ("text", "judge_failed", "the verifier returned str, not a Score with a known status"),
    ],
)
def test_what_goes_wrong_is_nobodys_answer(scorer, text, status, reason):
    (score,) = scorer.score([job(text)])
    assert (score.value, score.status, score.reason) == (None, status, reason)


def test_scores_are_kept_small_and_plain(scorer):
    (score,) = scorer.score([job("long")])
    assert len(score.reason) == 2_000
    assert score.answer.value == "{1}"


def test_order_is_kept_among_both_sorts_and_no_more_than_allowed_at_once(plugins, oracle):
    jobs = [job(f"late {0.002 * (7 - n % 7)}" if n % 2 else "yes", "oracle" if n % 3 else "exact") for n in range(90)]
    with Scorer(workers=1, plugins=plugins, limits=Limits(judge_concurrent=5)) as pool:
        scores = pool.score(jobs)
        assert pool.pending == 0
    assert [score.value for score in scores] == [float(n % 2 == 0) for n in range(90)]
    assert [score.reason == one.response.text for score, one in zip(scores, jobs, strict=True)] == [
        n % 3 > 0 for n in range(90)
    ]
    assert 2 <= oracle.MOST[0] <= 5


def test_pending_counts_what_is_being_judged(scorer, oracle):
    for n in range(20):
        scorer.submit(n, job("stuck"))
    assert scorer.pending == 20
    assert scorer.take() == []
    oracle.OPEN.set()
    taken = dict(scorer.take(wait=True))
    while len(taken) < 20:
        taken.update(scorer.take(wait=True))
    assert sorted(taken) == list(range(20))
    assert scorer.pending == 0


def test_what_outlives_its_time_is_given_up_and_the_others_go_on(plugins, oracle):
    with Scorer(workers=1, plugins=plugins, limits=Limits(judge_concurrent=2, judge_seconds=0.2)) as pool:
        began = time.monotonic()
        scores = pool.score([job("stuck"), job("stuck"), job("yes"), job("no")])
        assert time.monotonic() - began < 5
        assert [score.status for score in scores] == ["judge_failed", "judge_failed", "correct", "incorrect"]
        assert scores[0].reason == "the judge did not answer within 0.2 s"
        oracle.OPEN.set()  # their late scores go nowhere
        time.sleep(0.1)
        assert pool.take() == []
        assert pool.pending == 0
        assert pool._judging._outlived == 0


def test_threads_that_never_end_are_bounded(plugins, oracle, monkeypatch):
    monkeypatch.setattr(judging, "_MAX_OUTLIVED", 3)
    with Scorer(workers=1, plugins=plugins, limits=Limits(judge_concurrent=3, judge_seconds=0.1)) as pool:
        scores = pool.score([job("stuck")] * 40)
    assert {score.status for score in scores} == {"judge_failed"}
    assert scores[-1].reason == "not begun: 3 judgements that were given up are still not over"
    assert len([thread for thread in threading.enumerate() if thread.name == "vg1-judge"]) == 3


def test_a_verifier_knows_its_time(plugins):
    with Scorer(workers=1, plugins=plugins, limits=Limits(judge_seconds=7)) as pool:
        (score,) = pool.score([job("left")])
    assert 6 < score.value <= 7
    assert seconds_left() == float("inf")


@pytest.mark.parametrize("text", ["stuck", "pausing"])
def test_closing_waits_for_nothing(plugins, oracle, text):
    pool = Scorer(workers=1, plugins=plugins)
    for n in range(30):
        pool.submit(n, job(text))
    time.sleep(0.1)
    began = time.monotonic()
    pool.close()
    assert time.monotonic() - began < 0.5
    oracle.OPEN.set()
    for _ in range(100):
        if not oracle.NOW[0]:
            break
        time.sleep(0.02)
    assert oracle.MOST[0] == 16
    assert oracle.NOW[0] == 0  # a pause ends with the stage, and nothing else was begun
    with pytest.raises(VG1Error, match="this Scorer is closed"):
        pool.submit(0, job("yes"))


def test_a_pause_outside_the_stage_is_a_plain_one():
    began = time.monotonic()
    pause(0.05)
    assert time.monotonic() - began >= 0.05


@pytest.mark.parametrize("end", ["", "import os, signal; os.kill(os.getpid(), signal.SIGINT)"])
def test_the_program_ends_while_judgements_are_under_way(tmp_path, end):
    (tmp_path / "oracle.py").write_text(ORACLE)
    code = f"""
import sys, time
sys.path.insert(0, {str(tmp_path)!r})
from vg1core.installed import Plugin
from vg1core.scoring import Job, Scorer
from vg1core.types import Response, Sample, TextTarget
sample = Sample(id="i", dimension="math", messages=(), target=TextTarget(text="a"), verifier="oracle")
with Scorer(plugins=[Plugin("verifier", "oracle", "test", "1", "oracle")]) as pool:
    for n in range(20):
        pool.submit(n, Job(sample=sample, response=Response(text="stuck")))
    time.sleep(0.2)
    {end}
"""
    began = time.monotonic()
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=40, check=False)
    assert time.monotonic() - began < 20
    assert (child.returncode == 0) == (not end), child.stderr
    assert child.stderr.strip().endswith("KeyboardInterrupt" if end else "")


def test_one_verifier_for_each_set_of_options_made_in_the_thread_that_asks(scorer, oracle):
    scorer.score([job("yes"), job("yes", address="there"), job("no", address="there")])
    assert [threading.get_ident()] * 2 == oracle.MADE


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"address": ""}, "verifier 'oracle' needs an address"),
        ({"adress": ""}, "verifier 'oracle' has no option 'adress'; its options are: address, rule_first"),
        ({"address": "broken"}, "verifier 'oracle' cannot be used: ZeroDivisionError: this address was asked to break"),
        ({"rule_first": "exat"}, "no verifier named 'exat'; did you mean 'exact'?"),
        ({"rule_first": "oracle"}, "rule_first of verifier 'oracle' has to name one that needs no model, not 'oracle'"),
    ],
)
def test_a_verifier_that_cannot_be_used_says_why_before_and_in_each_score(scorer, options, problem):
    asked = job("yes", **options)
    with pytest.raises(VG1Error) as caught:
        scorer.prepare(asked)
    assert str(caught.value) == problem
    assert {(score.status, score.reason) for score in scorer.score([asked] * 3)} == {("judge_failed", problem)}


def test_prepare_does_nothing_for_the_others(scorer):
    scorer.prepare(job("yes", "exact", no_such_option=1))
    scorer.prepare(job("yes", "no_such_verifier"))
    assert not scorer._processes


def test_an_unknown_verifier_is_still_explained(scorer):
    (score,) = scorer.score([job("yes", "oracel")])
    assert score.status == "crashed"
    assert "no verifier named 'oracel'; did you mean 'oracle'?" in score.reason


@pytest.mark.parametrize(
    ("text", "rule", "status", "reason"),
    [
        ("YES", "exact", "correct", "'exact' settled it without the judge: 'YES' equals the target 'yes'"),
        ("no", "exact", "incorrect", "no"),
        ("long", "exact", "correct", "x" * 2_000),
        ("yes", "faulty", "correct", "'faulty' settled it without the judge: "),
    ],
)
def test_a_rule_may_settle_it_first(scorer, oracle, text, rule, status, reason):
    (score,) = scorer.score([job(text, rule_first=rule)])
    assert (score.status, score.reason) == (status, reason)
    assert oracle.MOST[0] == (0 if "settled" in reason else 1)


def test_a_rule_that_fails_settles_nothing(scorer):
    asked = job("no", rule_first="exact")
    asked = replace(asked, sample=replace(asked.sample, target=TextTarget(text=" ")))
    (score,) = scorer.score([asked])
    assert (score.status, score.reason) == ("incorrect", "no")


def test_steps_are_told(scorer):
    told = scorer.explain(job("no"))
    assert (told.score.status, told.steps) == ("incorrect", ("asked about no",))
    told = scorer.explain(job("no", rule_first="exact"))
    assert (told.score.status, told.steps[-1]) == ("incorrect", "asked about no")
