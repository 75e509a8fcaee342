"""The same verdicts through every adapter as from a `Scorer`."""

from __future__ import annotations

import asyncio
import json
import pickle

import pytest

from vg1core import easyr1, rewards
from vg1core.short_form import sample_from

EXTRAS = ("choices", "options", "image_sizes", "sent_sizes")


def extras(line):
    return {name: line[name] for name in ("verifier", *EXTRAS) if name in line}


def column(lines, name):
    return [line.get(name) for line in lines]


def values(direct):
    return [value for value, _ in direct]


def test_verify(direct, lines):
    assert [(v.score.value, v.score.status) for v in rewards.verify(lines)] == direct


def test_batches(direct, lines):
    samples, responses, options = zip(*map(sample_from, lines), strict=True)
    plain = [n for n, given in enumerate(options) if not given]
    found = rewards.score_batch([samples[n] for n in plain], [responses[n] for n in plain])
    assert [(score.value, score.status) for score in found] == [direct[n] for n in plain]
    n = next(n for n, given in enumerate(options) if given)
    assert rewards.reward_batch([samples[n]], [responses[n]], options=options[n]) == [direct[n][0]]


@pytest.mark.parametrize("chat", [False, True])
def test_trl(direct, chat, lines):
    reward = pickle.loads(pickle.dumps(rewards.trl_reward()))
    completions = column(lines, "response")
    if chat:
        completions = [[{"role": "assistant", "content": [{"type": "text", "text": text}]}] for text in completions]
    metrics, extra = {}, {}
    found = reward(
        prompts=["?"] * len(lines),
        completions=completions,
        completion_ids=[[1, 2]] * len(lines),
        trainer_state=None,
        log_extra=extra.__setitem__,
        log_metric=metrics.__setitem__,
        verifier=column(lines, "verifier"),
        solution=[json.dumps(target) for target in column(lines, "target")],
        **{name: column(lines, name) for name in EXTRAS},
    )
    assert found == values(direct)
    assert extra == {"vg1_reward/status": [status for _, status in direct]}
    assert metrics["vg1_reward/correct"] == [status for _, status in direct].count("correct") / len(direct)


def test_verl(direct, lines):
    found = [
        rewards.compute_score("x", line["response"], line["target"], {"index": 1, **extras(line)}) for line in lines
    ]
    assert [(result["score"], result["status"]) for result in found] == direct
    assert all(result["acc"] == result["score"] for result in found)
    assert len({tuple(result) for result in found}) == 1  # verl makes a table of them


def test_verl_async(direct, lines):
    async def ask():
        return await asyncio.gather(
            *(rewards.compute_score_async("x", line["response"], line["target"], extras(line)) for line in lines)
        )

    assert [(result["score"], result["status"]) for result in asyncio.run(ask())] == direct


@pytest.mark.parametrize("verifier", ["exact", "math", "numeric"])
def test_easyr1(direct, verifier, lines):
    rows = [n for n, line in enumerate(lines) if line["verifier"] == verifier and not {"options"} & set(line)]
    batch = [
        {"response": lines[n]["response"], "response_length": 9, "ground_truth": json.dumps(lines[n]["target"])}
        for n in rows
    ]
    found = easyr1.compute_score(batch, verifier=verifier)
    assert [(result["overall"], result["format"]) for result in found] == [
        (direct[n][0], float(direct[n][1] != "no_answer")) for n in rows
    ]
    assert (easyr1.REWARD_NAME, easyr1.REWARD_TYPE) == ("vg1", "batch")


def test_rubric(direct, lines):
    reward = rewards.rubric_reward("math")
    assert reward.__name__ == "vg1_math"

    async def ask(line):
        completion = [{"role": "user", "content": "?"}, {"role": "assistant", "content": line["response"]}]
        return await reward(
            prompt=[], completion=completion, answer=line["target"], state={}, info=extras(line), task="t"
        )

    assert [asyncio.run(ask(line)) for line in lines] == values(direct)
