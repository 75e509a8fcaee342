"""Our rewards inside the real `GRPOTrainer`, on a tiny model that looks at pictures. Run with `make test-trl`."""

from __future__ import annotations

import math

import pytest

from vg1core import rewards
from vg1core.scoring import Job, Scorer
from vg1core.short_form import sample_from

trl = pytest.importorskip("trl", reason="needs TRL: make test-trl")

ROWS = [(1, 2, "3"), (2, 2, "4"), (3, 3, "6"), (5, 4, "9")]


@pytest.fixture(scope="module", autouse=True)
def workers():
    rewards.configure(workers=2)
    yield
    rewards.close()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A trainer after two steps, and each call of our reward with what it gave."""
    import datasets
    import transformers
    from PIL import Image

    from vg1_plugin_tiny.build import tiny_checkpoint
    from vg1_plugin_transformers.checkpoint import locate
    from vg1_plugin_transformers.processor import load_processor

    folder = str(tiny_checkpoint())
    model = transformers.AutoModelForImageTextToText.from_pretrained(folder)
    processor = load_processor(locate(folder))
    # One digit is sampled, so that some answers are right although the model knows nothing.
    tokenizer = processor.tokenizer
    digits = {tokenizer.convert_tokens_to_ids(digit) for digit in "123456789"}
    data = datasets.Dataset.from_dict(
        {
            "prompt": [[{"role": "user", "content": f"How much is {a} + {b}?"}] for a, b, _ in ROWS],
            "image": [Image.new("RGB", (84, 56), (40 * a, 40 * b, 0)) for a, b, _ in ROWS],
            "solution": [answer for _, _, answer in ROWS],
        }
    )
    arguments = trl.GRPOConfig(
        output_dir=str(tmp_path_factory.mktemp("run")), max_steps=2, per_device_train_batch_size=16, num_generations=8,
        max_completion_length=1, learning_rate=1e-3, use_cpu=True, bf16=False, report_to=[], logging_steps=1, seed=1,
        save_strategy="no", disable_tqdm=True,
        generation_kwargs={"suppress_tokens": sorted(set(range(len(tokenizer))) - digits)},
    )  # fmt: skip
    calls = []
    plain_call = rewards.TRLReward.__call__

    def recorded(self, **given):
        found = plain_call(self, **given)
        calls.append((given, found))
        return found

    patch = pytest.MonkeyPatch()
    patch.setattr(rewards.TRLReward, "__call__", recorded)
    trainer = trl.GRPOTrainer(
        model=model, reward_funcs=[rewards.trl_reward("math")], args=arguments, train_dataset=data,
        processing_class=processor,
    )  # fmt: skip
    trainer.train()
    yield trainer, calls
    patch.undo()


def test_rewards_of_real_steps_are_those_of_a_scorer(trained):
    _, calls = trained
    assert len(calls) == 2
    found = [reward for _, rewarded in calls for reward in rewarded]
    lines = [
        {"id": "x", "verifier": "math", "target": target, "response": completion[0]["content"]}
        for given, _ in calls
        for completion, target in zip(given["completions"], given["solution"], strict=True)
    ]
    with Scorer(workers=2) as scorer:
        direct = scorer.score(
            [Job(sample=sample, response=response) for sample, response, _ in map(sample_from, lines)]
        )
    assert found == [score.value for score in direct]
    assert set(found) == {0.0, 1.0}
    assert all(picture.size == (84, 56) for given, _ in calls for picture in given["image"])


def test_the_trainer_logs_rewards_and_statuses(trained):
    trainer, calls = trained
    steps = [entry for entry in trainer.state.log_history if "reward" in entry]
    assert [entry["rewards/vg1_math/mean"] for entry in steps] == [
        pytest.approx(sum(found) / len(found)) for _, found in calls
    ]
    assert [entry["vg1_math/correct"] for entry in steps] == [entry["rewards/vg1_math/mean"] for entry in steps]
    assert list(trainer._logs["extra"]["vg1_math/status"])
    assert any(entry["grad_norm"] > 0 for entry in steps)


def test_what_is_unscored_is_left_out_by_the_trainer(trained):
    trainer, _ = trained
    prompts = [[{"role": "user", "content": "How much is 1 + 2?"}]] * 3
    completions = [[{"role": "assistant", "content": text}] for text in ("\\boxed{3}", "\\boxed{4}", "\\boxed{3}")]
    inputs = [{"prompt": prompt, "solution": target} for prompt, target in zip(prompts, ("3", "3", " "), strict=True)]
    column = trainer._calculate_rewards(inputs, prompts, completions, [[1], [1], [1]])[:, 0].tolist()
    assert column[:2] == [1.0, 0.0]
    assert math.isnan(column[2])
