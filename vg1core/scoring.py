"""The one runtime for verifiers: evaluation, training and tests all judge responses through a `Scorer`.

Verifiers run in worker processes of their own, connected by pipes. Each job is limited in CPU time, memory and
depth, and (much longer) in wall time; a worker that does not answer is killed and replaced, and only the
job it was busy with is affected. CPU time is what is limited, so that a loaded machine turns no right answer
wrong; only what the wall limit stopped is tried once more, alone.

A job that passed a limit is `over_limit` where its target alone verifies within the limits, else `target_unparseable`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from vg1core._process import Process, WorkerProcess, end_all
from vg1core.errors import VG1Error
from vg1core.plugins import Plugin
from vg1core.types import Answer, Media, Response, Sample, Score

_LOOKAHEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one judgement may take."""

    cpu_seconds: float = 5.0
    wall_seconds: float = 120.0
    memory_mb: int = 2048
    """Address space beyond what the worker has when the job begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One response to be judged."""

    sample: Sample
    response: Response
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options for the verifier; they win over the sample's own."""

    def pack(self, kind: str) -> tuple[str, str, str, dict[str, Any], Sample, Response]:
        """What is sent to a worker."""
        options = {**self.sample.options, **self.options}
        key = json.dumps(options, sort_keys=True, default=str)
        return kind, self.sample.verifier, key, options, self.sample, self.response


@dataclass(slots=True, eq=False)
class _Item:
    """A job on its way."""

    key: Any
    job: Job
    kind: str = "verify"
    limit: str = ""
    """Which limit it passed, while its target is being checked."""
    again: bool = False
    """It is being tried once more, alone."""


class Scorer:
    """A pool of verifier processes. Use it as a context manager, or call `close`.

    Thread-safe: any thread may submit and take results.

    :param workers: number of processes; by default one per core, at most 8.
    :param block: plugins that must not be loaded, as in `PluginHost`.
    :param plugins: plugins the workers choose from; those installed by default.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        limits: Limits | None = None,
        block: Sequence[str] = (),
        plugins: Sequence[Plugin] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._setup = {"limits": self.limits, "block": tuple(block), "plugins": plugins, "path": list(sys.path)}
        self._size = workers or min(8, os.cpu_count() or 1)
        self._lock = threading.Condition()
        self._todo: deque[_Item] = deque()
        self._alone: deque[_Item] = deque()
        self._done: deque[tuple[Any, Score]] = deque()
        self._open = 0
        self._failure: BaseException | None = None
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._processes: set[Process] = set()
        self._finalizer = weakref.finalize(self, end_all, self._processes)

    def submit(self, key: Any, job: Job) -> None:
        """Hand a job over; its score comes back with `key` from `take`."""
        with self._lock:
            if self._closed:
                raise VG1Error("this Scorer is closed")
            self._start_threads()
            self._todo.append(_Item(key, job))
            self._open += 1
            self._lock.notify()

    @property
    def pending(self) -> int:
        """Jobs submitted whose scores were not taken yet."""
        with self._lock:
            return self._open + len(self._done)

    def take(self, *, wait: bool = False) -> list[tuple[Any, Score]]:
        """Finished (key, score) pairs, in order of completion.

        :param wait: wait for at least one, unless nothing is pending.
        :raises VG1Error: the workers cannot be started.
        """
        with self._lock:
            while True:
                if self._failure is not None:
                    raise self._failure
                if self._done or not wait or not self._open:
                    done = list(self._done)
                    self._done.clear()
                    return done
                self._lock.wait(1.0)

    def stream(self, jobs: Iterable[Job]) -> Iterator[Score]:
        """Scores for jobs, in order, while later ones are still being made. For one thread at a time."""
        ready: dict[int, Score] = {}
        position, given = 0, 0
        for job in jobs:
            self.submit(given, job)
            given += 1
            ready.update(self.take(wait=given - position - len(ready) >= _LOOKAHEAD))
            while position in ready:
                yield ready.pop(position)
                position += 1
        while position < given:
            ready.update(self.take(wait=True))
            while position in ready:
                yield ready.pop(position)
                position += 1

    def score(self, jobs: Sequence[Job]) -> list[Score]:
        """N scores for N jobs, in order."""
        return list(self.stream(jobs))

    def close(self) -> None:
        """End the workers. Jobs under way are lost."""
        with self._lock:
            self._closed = True
            self._todo.clear()
            self._lock.notify_all()
        end_all(self._processes)
        for thread in self._threads:
            thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    # One thread per worker, which starts it, feeds it and reads its answers

    def _start_threads(self) -> None:
        if len(self._threads) < min(self._size, len(self._todo) + 1):
            thread = threading.Thread(target=self._serve, name=f"vg1-scorer-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        worker: WorkerProcess | None = None
        try:
            while batch := self._next_batch():
                if worker is None or not worker.alive:
                    worker = WorkerProcess(self._setup, self._processes)
                self._run(worker, batch)
        except BaseException as error:  # reaches the caller of `take`, who would wait for ever otherwise
            with self._lock:
                self._failure = self._failure or error
                self._lock.notify_all()
        finally:
            if worker:
                worker.kill()

    def _next_batch(self) -> list[_Item]:
        with self._lock:
            while not (self._todo or self._alone or self._closed):
                self._lock.wait(1.0)
            if self._closed:
                return []
            if self._alone:
                return [self._alone.popleft()]
            share = max(1, min(32, len(self._todo) // (2 * self._size)))
            return [self._todo.popleft() for _ in range(share)]

    def _run(self, worker: WorkerProcess, batch: list[_Item]) -> None:
        waiting = deque(batch)
        worker.send([item.job.pack(item.kind) for item in batch])
        while waiting:
            lines = worker.receive(self.limits.wall_seconds)
            if lines is None:  # it died or did not answer in time, busy with the first that has no answer
                self._stopped(waiting.popleft(), worker)
                with self._lock:
                    self._todo.extendleft(reversed(waiting))
                    self._lock.notify_all()
                return
            for line in lines:
                self._answered(waiting.popleft(), line)

    def _answered(self, item: _Item, line: Any) -> None:
        if line[0] == "limit":
            self._over_limit(item, {"depth": "nesting", "memory": "memory"}[line[1]])
        elif item.kind == "target":
            self._finish(item, _limit_verdict(item.limit, self.limits, fine=line[0] == "fine"))
        else:
            value, status, found, reason = line
            span = tuple(found[2]) if found and found[2] else None
            answer = Answer(value=found[0], rule=found[1], span=span) if found else None
            self._finish(item, Score(value=value, status=status, answer=answer, reason=reason))

    def _stopped(self, item: _Item, worker: WorkerProcess) -> None:
        """The worker died, or was killed by the wall limit, while it judged this item."""
        cause = worker.cause_of_death()
        if cause in ("CPU time", "memory"):
            self._over_limit(item, cause)
        elif cause in ("wall time", "killed") and not item.again:  # perhaps the machine's fault
            item.again = True
            with self._lock:
                self._alone.append(item)
                self._lock.notify()
        elif cause == "killed":  # twice, by the kernel: it takes more memory than the machine has
            self._over_limit(item, "memory")
        elif item.kind == "target":
            self._finish(item, _limit_verdict(item.limit, self.limits, fine=False))
        elif cause == "wall time":
            reason = (
                f"the verifier did not answer within {self.limits.wall_seconds:g} s, twice, and used little CPU time"
            )
            self._finish(item, Score(value=None, status="crashed", reason=reason))
        else:
            self._finish(item, Score(value=None, status="crashed", reason=f"the verifier's process {cause}"))

    def _over_limit(self, item: _Item, limit: str) -> None:
        if item.kind == "target":
            self._finish(item, _limit_verdict(item.limit, self.limits, fine=False))
            return
        item.kind, item.limit, item.again = "target", limit, False
        with self._lock:
            self._alone.append(item)
            self._lock.notify()

    def _finish(self, item: _Item, score: Score) -> None:
        with self._lock:
            self._done.append((item.key, score))
            self._open -= 1
            self._lock.notify_all()


def _limit_verdict(limit: str, limits: Limits, *, fine: bool) -> Score:
    passed = {
        "CPU time": f"took more than {limits.cpu_seconds:g} s of CPU time",
        "memory": f"took more than {limits.memory_mb} MB of memory",
        "nesting": "nested too deeply",
    }[limit]
    if fine:
        return Score(value=0.0, status="over_limit", reason=f"judging this response {passed}")
    return Score(value=None, status="target_unparseable", reason=f"judging {passed}, and so does the target alone")


def without_pictures(sample: Sample) -> Sample:
    """The sample with its pictures' bytes dropped: what is sent to workers and written to records."""
    if not any(image.data for image in sample.images):
        return sample
    messages = []
    for message in sample.messages:
        parts = tuple(replace(part, data=None) if isinstance(part, Media) else part for part in message.parts)
        messages.append(replace(message, parts=parts))
    return replace(sample, messages=tuple(messages))
