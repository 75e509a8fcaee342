"""The verifier runtime: limits, statuses, order, ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from vg1core.errors import VG1Error
from vg1core.installed import Plugin
from vg1core.scoring import Job, Limits, Scorer, without_pictures
from vg1core.types import Media, Message, Response, Sample, Text, TextTarget

QUICK = Limits(cpu_seconds=0.3, wall_seconds=1.5, memory_mb=512)


def job(text: str = "green", fault: str = "", verifier: str = "faulty") -> Job:
    sample = Sample(
        id=f"dataset:x/default/test/{text}",
        dimension="math",
        messages=(Message(role="user", parts=(Text(text="?"),)),),
        target=TextTarget(text="green"),
        verifier=verifier,
        options={"fault": fault} if fault else {},
    )
    return Job(sample=sample, response=Response(text=text))


@pytest.fixture(scope="module")
def scorer():
    with Scorer(workers=2, limits=QUICK) as pool:
        yield pool


@pytest.mark.parametrize(
    ("fault", "status", "value", "reason"),
    [
        ("", "correct", 1.0, ""),
        ("spin", "over_limit", 0.0, "judging this response took more than 0.3 s of CPU time"),
        ("memory", "over_limit", 0.0, "judging this response took more than 512 MB of memory"),
        ("nest", "over_limit", 0.0, "judging this response nested too deeply"),
        ("target", "target_unparseable", None, "this target was asked to be unreadable"),
        ("raise", "crashed", None, "the verifier raised ZeroDivisionError: this verifier was asked to raise"),
        ("leave", "crashed", None, "the verifier's process left with status 7"),
        ("sleep", "crashed", None, "the verifier did not answer within 1.5 s, twice, and used little CPU time"),
        ("nan", "crashed", None, "the verifier returned nan as a value; a finite number is expected"),
        ("judge", "judge_failed", None, "this verifier was asked to lose its judge"),
    ],
)
def test_each_fault_has_its_status(scorer, fault, status, value, reason):
    (score,) = scorer.score([job(fault=fault)])
    assert (score.status, score.value, score.reason) == (status, value, reason)


def test_faults_touch_only_their_own_item_and_order_is_kept(scorer):
    faults = ["spin", "leave", "raise", "memory", "nest"]
    jobs = [job(str(n), faults[n // 50]) if n % 50 == 7 else job("green" if n % 3 else "red") for n in range(250)]
    scores = scorer.score(jobs)
    for n, score in enumerate(scores):
        if n % 50 != 7:
            assert score.value == (1.0 if n % 3 else 0.0), (n, score)
        else:
            assert score.status in ("over_limit", "crashed")


def test_a_verifier_that_cannot_be_loaded_is_a_crash_with_the_way_out(scorer):
    (score,) = scorer.score([job(verifier="fault")])
    assert score.status == "crashed"
    assert "no verifier named 'fault'; did you mean 'faulty'?" in score.reason


def test_unknown_options_are_named(scorer):
    (score,) = scorer.score([Job(sample=job().sample, response=Response(text=""), options={"falt": 1})])
    assert "verifier 'faulty' has no option 'falt'; its options are: fault" in score.reason


def test_the_same_scores_from_a_thread_and_from_asyncio(scorer):
    jobs = [job("green"), job("red"), job(fault="raise")]
    expected = scorer.score(jobs)
    got = []
    thread = threading.Thread(target=lambda: got.append(scorer.score(jobs)))
    thread.start()
    thread.join(30)

    async def ask():
        return await asyncio.to_thread(scorer.score, jobs)

    assert got == [expected]
    assert asyncio.run(ask()) == expected


def test_an_outer_alarm_still_fires(scorer):
    fired = []
    before = signal.signal(signal.SIGALRM, lambda *_: fired.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        scorer.score([job(fault="sleep")])
        assert fired
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_verifier_that_prints_reads_or_forks_disturbs_nobody(tmp_path, monkeypatch):
    (tmp_path / "noisy_verifier.py").write_text(
        "import os, sys, time\n"
        "from vg1core import AnswerVerifier, hookimpl\n"
        "from vg1core.types import Answer, TextTarget\n"
        "class Noisy(AnswerVerifier):\n"
        "    name, targets = 'noisy', (TextTarget,)\n"
        "    def extract(self, response, sample):\n"
        "        print('noise'); os.write(1, b'[1, 2]\\n'); sys.stdin.read()\n"
        "        if response.text == 'fork' and os.fork() == 0:\n"
        "            time.sleep(600)\n"
        "        return Answer(value=response.text, rule='all')\n"
        "    def compare(self, answer, sample):\n"
        "        return float(answer.value != 'red')\n"
        "@hookimpl\n"
        "def vg1_register_verifiers(register):\n"
        "    register(Noisy)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins = [Plugin("verifier", "noisy", "test", "1", "noisy_verifier")]
    with Scorer(workers=1, limits=QUICK, plugins=plugins) as pool:
        scores = pool.score([job(text, verifier="noisy") for text in ("green", "fork", "red")])
        session = next(iter(pool._processes)).pid
    assert [score.value for score in scores] == [1.0, 1.0, 0.0]
    for _ in range(100):
        try:
            os.killpg(session, 0)
        except ProcessLookupError:  # the forked child went with its group
            return
        time.sleep(0.05)
    pytest.fail("the verifier's child is still there")


def test_more_results_than_a_pipe_holds(scorer):
    text = "x" * 300_000
    assert [score.status for score in scorer.score([job(text)] * 40)] == ["incorrect"] * 40


def test_workers_that_cannot_start_say_why(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Scorer(workers=1) as pool, pytest.raises(VG1Error, match="a verifier process cannot be started"):
        pool.score([job()])


def test_a_closed_scorer_refuses():
    pool = Scorer(workers=1)
    pool.close()
    with pytest.raises(VG1Error, match="closed"):
        pool.submit(0, job())


@pytest.mark.parametrize("end", ["pass", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_no_process_is_left_behind(end):
    code = f"""
from vg1core.scoring import Job, Scorer
from vg1core.types import Response, Sample, TextTarget
sample = Sample(id="i", dimension="math", messages=(), target=TextTarget(text="a"), verifier="faulty")
pool = Scorer(workers=1)
pool.score([Job(sample=sample, response=Response(text="a"))])
pool.submit(1, Job(sample=sample, response=Response(text="a"), options={{"fault": "sleep"}}))
print(next(iter(pool._processes)).pid, flush=True)
{end}
"""
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    worker = int(child.stdout)
    for _ in range(100):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail(f"worker {worker} is still there")


def test_pictures_are_not_sent():
    media = Media(ref="x#image[0]", data=b"png")
    sample = Sample(
        id="i",
        dimension="math",
        messages=(Message(role="user", parts=(media, Text(text="?"))),),
        target=TextTarget(text="a"),
        verifier="exact",
    )
    light = without_pictures(sample)
    assert light.images[0].data is None
    assert light.images[0].ref == media.ref
    assert without_pictures(light) is light


class Unsendable:
    def __reduce__(self):
        raise ValueError("nobody can pickle this")


def test_a_job_that_cannot_be_sent_is_told_and_the_others_go_on(scorer):
    stuck = Job(sample=job().sample, response=Response(text="green"), options={"fault": Unsendable()})
    scores = scorer.score([job(), stuck, job("red"), job()] * 5)
    assert [score.status for score in scores] == ["correct", "crashed", "incorrect", "correct"] * 5
    reason = "the job cannot be sent to a verifier process: ValueError: nobody can pickle this"
    assert scores[1].reason == reason


def test_a_forked_child_leaves_its_parents_workers_alone():
    code = """
import os
from vg1core.scoring import Job, Scorer
from vg1core.types import Response, Sample, TextTarget
sample = Sample(id="i", dimension="math", messages=(), target=TextTarget(text="a"), verifier="faulty")
job = Job(sample=sample, response=Response(text="a"))
with Scorer(workers=1) as pool:
    pool.score([job])
    child = os.fork()
    if child == 0:
        raise SystemExit(5)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
    workers = [process.pid for process in pool._processes]
    print([score.status for score in pool.score([job] * 3)], workers == [process.pid for process in pool._processes])
"""
    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert child.stdout == "['correct', 'correct', 'correct'] True\n", child.stderr


def test_waiting_for_a_scorer_that_is_closed_ends(scorer):
    with Scorer(workers=1, limits=QUICK) as pool:
        pool.submit(0, job(fault="sleep"))
        threading.Timer(0.3, pool.close).start()
        with pytest.raises(VG1Error, match="this Scorer is closed"):
            pool.take(wait=True)
