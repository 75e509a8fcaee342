"""Choosing tokens: one generator of random numbers per request, so that a response does not depend on its batch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Literal

from vg1core.backends import Request

if TYPE_CHECKING:
    import torch


class Sampler:
    """Chooses the next token of every row and keeps its log-probability.

    A logits processor for `generate(do_sample=False)`: it leaves the chosen token as the only possible one. A row with
    temperature 0 takes its likeliest token. Any other row is sampled by the Gumbel-max trick: the token with the
    largest log p + g, where g is Gumbel noise (-log of an exponential draw), is distributed as p, and the noise comes
    from a generator seeded by the request.

    The log-probabilities are those of the distribution that was sampled from: after the ban, temperature and top-p.
    At temperature 0 they are those of temperature 1.
    """

    def __init__(self, requests: Sequence[Request], *, banned: Collection[int], device: torch.device) -> None:
        """Prepare for a batch. `banned` tokens are never chosen."""
        import torch

        self.banned = torch.tensor(sorted(banned), dtype=torch.long, device=device)
        warm = [request.sampling.temperature > 0 for request in requests]
        temperatures = [r.sampling.temperature if hot else 1.0 for r, hot in zip(requests, warm, strict=True)]
        self.temperature = torch.tensor(temperatures, device=device).unsqueeze(-1)
        self.generators = {
            row: torch.Generator(device=device).manual_seed(request.seed % 2**63)
            for row, request in enumerate(requests)
            if warm[row]
        }
        self.top_p = {row: requests[row].sampling.top_p for row in self.generators if requests[row].sampling.top_p < 1}
        self._logprobs: list[torch.Tensor] = []

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores of shape (rows, vocabulary) in which only the chosen tokens are finite."""
        import torch

        scores = scores.float().index_fill(-1, self.banned, -torch.inf) / self.temperature
        for row, top_p in self.top_p.items():
            scores[row] = nucleus(scores[row], top_p)
        logprobs = scores.log_softmax(-1)
        noisy = logprobs.clone()
        for row, generator in self.generators.items():
            draw = torch.empty_like(noisy[row]).exponential_(generator=generator)
            noisy[row] -= draw.clamp_min(torch.finfo(draw.dtype).tiny).log()
        chosen = noisy.argmax(-1, keepdim=True)
        self._logprobs.append(logprobs.gather(-1, chosen))
        return torch.full_like(scores, -torch.inf).scatter(-1, chosen, 0.0)

    def logprobs(self) -> list[list[float]]:
        """Log-probability of every chosen token, by row and step."""
        import torch

        values: list[list[float]] = torch.cat(self._logprobs, dim=-1).tolist()
        return values


def nucleus(scores: torch.Tensor, top_p: float) -> torch.Tensor:
    """Scores of one row with all tokens banned but the likeliest ones that together reach `top_p`; one always stays.

    Source: Holtzman et al., arXiv:1904.09751, section 3.1.
    """
    import torch

    ordered, order = scores.sort(descending=True, stable=True)
    probability = ordered.softmax(-1)
    outside = probability.cumsum(-1) - probability >= top_p
    outside[0] = False
    return scores.index_fill(-1, order[outside], -torch.inf)


class Stopper:
    """Ends each row by itself: at an end token, at a stop text, at its own limit, or all of them when cancelled.

    A stopping criterion for `generate`. `lengths` and `reasons` say for each row how many tokens it has (the end token
    counted) and why it ended; the reason of a row that was cancelled stays None.
    """

    def __init__(
        self,
        requests: Sequence[Request],
        *,
        limits: Sequence[int],
        end_tokens: Collection[int],
        prompt_length: int,
        decode: Callable[[list[int]], str],
        cancelled: Callable[[], bool],
    ) -> None:
        """Prepare for a batch; `limits` holds the largest number of new tokens of each row."""
        self.stops = [tuple(filter(None, request.sampling.stop)) for request in requests]
        # A token is at least one byte of text, so a stop text lies within as many tokens as it has bytes.
        self.windows = [max((len(stop.encode()) for stop in stops), default=0) + 4 for stops in self.stops]
        self.limits, self.end_tokens, self.prompt_length = limits, frozenset(end_tokens), prompt_length
        self.decode, self.cancelled = decode, cancelled
        self.lengths = [0] * len(requests)
        self.reasons: list[Literal["stop", "length"] | None] = [None] * len(requests)

    def __call__(self, input_ids: torch.Tensor, scores: object) -> torch.Tensor:
        """Which rows are done, as booleans of shape (rows,). `input_ids` holds prompts and responses so far."""
        import torch

        if self.cancelled():
            return torch.ones(len(self.lengths), dtype=torch.bool, device=input_ids.device)
        length = input_ids.shape[1] - self.prompt_length
        last = input_ids[:, -1].tolist()
        for row, token in enumerate(last):
            if self.reasons[row] is None:
                self.lengths[row] = length
                if token in self.end_tokens or self._stopped(row, input_ids):
                    self.reasons[row] = "stop"
                elif length >= self.limits[row]:
                    self.reasons[row] = "length"
        return torch.tensor([reason is not None for reason in self.reasons], device=input_ids.device)

    def _stopped(self, row: int, input_ids: torch.Tensor) -> bool:
        if not self.stops[row]:
            return False
        start = max(self.prompt_length, input_ids.shape[1] - self.windows[row])
        return first_stop(self.decode(input_ids[row, start:].tolist()), self.stops[row]) is not None


def first_stop(text: str, stops: Sequence[str]) -> int | None:
    """Where the first of the stop texts begins, None where there is none."""
    found = [at for stop in stops if (at := text.find(stop)) >= 0]
    return min(found, default=None)
