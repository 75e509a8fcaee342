"""Verifiers as rewards for EasyR1, which loads a file by its path.

    worker.reward.reward_function=$(python -c "import vg1core.easyr1 as m; print(m.__file__)"):compute_score
    worker.reward.reward_function_kwargs={verifier: math}

The interface is that of EasyR1's `verl/workers/reward/function.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vg1core._reward_lines import OnUnscored, line_of, number_of, verify

REWARD_NAME = "vg1"
REWARD_TYPE = "batch"


def compute_score(
    reward_inputs: Sequence[Mapping[str, Any]], *, verifier: str, options: Mapping[str, Any] | None = None,
    on_unscored: OnUnscored = "raise",
) -> list[dict[str, float]]:  # fmt: skip
    """Rewards of a batch of `{"response", "response_length", "ground_truth"}`.

    :param verifier: judges all rows; EasyR1 hands over no column but the ground truth.
    :param on_unscored: as for `rewards.compute_score`: EasyR1 knows no reward that is left out either.
    :returns: for each row `overall` (the reward), `accuracy` (how right the answer is), `format` (1 where an answer was
        found), and `unscored`, `over_limit` as 0 or 1.
    :raises VG1Error: nobody's answer was judged, and `on_unscored` is `raise`.
    """
    lines = [
        line_of(f"row {n}", row["response"], {"target": row["ground_truth"]}, verifier, options)
        for n, row in enumerate(reward_inputs)
    ]
    return [
        {
            "overall": number_of(verdict, line["id"], on_unscored),
            "accuracy": verdict.score.value or 0.0,
            "format": float(verdict.score.answer is not None),
            "unscored": float(verdict.reward is None),
            "over_limit": float(verdict.score.status == "over_limit"),
        }
        for line, verdict in zip(lines, verify(lines), strict=True)
    ]
