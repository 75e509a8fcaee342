"""Our rewards through verl's own loader and reward manager, and in Ray's workers. Run with `make test-verl`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

import vg1_plugin_verifiers
from vg1core import rewards
from vg1core.errors import VG1Error
from vg1core.scoring import Job, Scorer
from vg1core.short_form import sample_from

pytest.importorskip("verl", reason="needs verl: make test-verl")

EXTRAS = ("choices", "options", "image_sizes", "sent_sizes")


def shipped() -> list[dict]:
    """Fifty cases from the verifiers' tables, as lines."""
    folder = Path(vg1_plugin_verifiers.__file__).parent / "cases"
    lines = []
    for verifier in ("choice", "click", "iou", "math", "numeric"):
        cases = json.loads((folder / f"{verifier}.json").read_text(encoding="utf-8"))
        for n, case in list(enumerate(cases))[:: max(1, len(cases) // 10)][:10]:
            fields = {key: case[key] for key in ("response", "target", *EXTRAS) if key in case}
            lines.append({**fields, "id": f"{verifier}-{n}", "verifier": verifier})
    return lines


LINES = shipped()
ROWS = [
    {
        "data_source": "shipped",
        "response": line["response"],
        "ground_truth": json.dumps(line["target"]),
        "extra_info": {"index": n} | {name: line[name] for name in ("verifier", *EXTRAS) if name in line},
    }
    for n, line in enumerate(LINES)
]


@pytest.fixture(scope="module", autouse=True)
def workers():
    rewards.configure(workers=2)
    yield
    rewards.close()


@pytest.fixture(scope="module")
def direct():
    with Scorer(workers=2) as scorer:
        scores = scorer.score([Job(sample=s, response=r, options=o) for s, r, o in map(sample_from, LINES)])
    assert len(scores) == 50
    assert not [score.reason for score in scores if score.value is None]
    assert {"correct", "incorrect", "no_answer"} <= {score.status for score in scores}
    return [(score.value, score.status) for score in scores]


class Letters:
    """A tokenizer whose tokens are characters."""

    def encode(self, text):
        return [ord(character) for character in text]

    def decode(self, tokens, skip_special_tokens=True):
        return "".join(map(chr, tokens.tolist()))


def manager(function: str, **reward_kwargs):
    """verl's naive reward manager, with our function as a configuration names it."""
    import omegaconf
    from verl.trainer.ppo.reward import load_reward_manager

    config = omegaconf.OmegaConf.create(
        {
            "reward": {
                "custom_reward_function": {
                    "path": "pkg://vg1core.rewards",
                    "name": function,
                    "reward_kwargs": reward_kwargs,
                },
                "reward_manager": {"source": "register", "name": "naive"},
            }
        }
    )
    return load_reward_manager(config, Letters())


def as_batch(row):
    """One response as verl hands it over: padded token ids, and the data set's row."""
    import numpy as np
    import torch
    from verl import DataProto

    tokens = torch.tensor([[*Letters().encode(row["response"]), 0, 0]])
    mask = torch.ones(1, tokens.shape[1] + 1, dtype=torch.long)
    mask[:, -2:] = 0
    rows = {
        "data_source": row["data_source"],
        "reward_model": {"style": "rule", "ground_truth": row["ground_truth"]},
        "extra_info": dict(row["extra_info"]),
    }
    return DataProto.from_dict(
        tensors={"prompts": torch.zeros(1, 1, dtype=torch.long), "responses": tokens, "attention_mask": mask},
        non_tensors={name: np.array([value], dtype=object) for name, value in rows.items()},
    )


@pytest.mark.parametrize("function", ["compute_score", "compute_score_async"])
def test_the_naive_reward_manager(direct, function):
    async def ask():
        ours = manager(function)
        assert ours.is_async_reward_score == (function == "compute_score_async")
        ours.loop = asyncio.get_running_loop()
        return await asyncio.gather(*(ours.run_single(as_batch(row)) for row in ROWS))

    found = asyncio.run(ask())
    assert [(one["reward_score"], one["reward_extra_info"]["status"]) for one in found] == direct


async def ask(row, **reward_kwargs):
    ours = manager("compute_score", **reward_kwargs)
    ours.loop = asyncio.get_running_loop()
    return await ours.run_single(as_batch(row))


def test_reward_kwargs_name_the_verifier_and_its_options():
    target = json.dumps({"box": [10, 20, 30, 40], "space": "pixel"})
    extra = {"image_sizes": [[100, 100]]}
    row = {"data_source": "x", "response": "[0.2, 0.3]", "ground_truth": target, "extra_info": extra}
    result = asyncio.run(ask(row, verifier="click", options={"coordinate_space": "unit"}))
    assert (result["reward_score"], result["reward_extra_info"]["status"]) == (1.0, "correct")


def test_what_is_unscored_stops_the_run_unless_it_is_to_be_0():
    row = {"data_source": "x", "response": "12", "ground_truth": " ", "extra_info": {}}
    result = asyncio.run(ask(row, verifier="math", on_unscored="zero"))
    assert (result["reward_score"], result["reward_extra_info"]["unscored"]) == (0.0, 1.0)
    with pytest.raises(VG1Error, match="x/.* has no reward: target_unparseable"):
        asyncio.run(ask(row, verifier="math"))


def test_in_ray_workers(direct):
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:

        @ray.remote
        def score(rows):
            from vg1core.rewards import compute_score

            return [
                compute_score(row["data_source"], row["response"], row["ground_truth"], row["extra_info"])
                for row in rows
            ]

        @ray.remote
        class Worker:
            async def score(self, row):
                from vg1core.rewards import compute_score_async

                given = row["data_source"], row["response"], row["ground_truth"], row["extra_info"]
                return await compute_score_async(*given)

        from_task = ray.get(score.remote(ROWS))
        worker = Worker.remote()
        from_actor = ray.get([worker.score.remote(row) for row in ROWS])
    finally:
        ray.shutdown()
    for found in (from_task, from_actor):
        assert [(one["score"], one["status"]) for one in found] == direct
