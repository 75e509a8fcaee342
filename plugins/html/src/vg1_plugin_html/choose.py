"""Which records the page shows where it cannot show all: the same ones in whatever order they arrive."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from vg1core.report import Report, SuiteReport
from vg1core.types import STATUSES, Record

PER_SUITE = 200
"""Most cards of one suite."""
IN_ALL = 2000
"""About as many cards as a browser scrolls with ease; many suites share them."""
LEAST = 20
"""Cards a suite may always have, however many suites there are."""

NOT_RUN = "not_run"
"""Stands beside the statuses for samples without a score."""
ALL_STATUSES = (*STATUSES, NOT_RUN)


def status_of(record: Record) -> str:
    """The record's status, or `NOT_RUN`."""
    return record.score.status if record.score is not None and record.failure is None else NOT_RUN


def counts_of(suite: SuiteReport) -> dict[str, int]:
    """Status → number of records, `NOT_RUN` among them, in the order of `ALL_STATUSES`."""
    counts = {**suite.statuses, NOT_RUN: sum(suite.not_run.values())}
    return {status: counts[status] for status in ALL_STATUSES if counts.get(status)}


def limit_per_suite(suites: int, per_suite: int = PER_SUITE) -> int:
    """How many cards each of so many suites may have."""
    return min(per_suite, max(LEAST, IN_ALL // max(1, suites)))


def quotas(counts: Mapping[str, int], limit: int) -> dict[str, int]:
    """How many records of each status to show: what is not correct first, every status at least once.

    :param limit: cards in all; at least the number of statuses.
    """
    correct = counts.get("correct", 0)
    wrong = {status: count for status, count in counts.items() if status != "correct"}
    left = limit - min(correct, max(1, limit // 20))
    shown: dict[str, int] = {}
    for status in sorted(wrong, key=lambda name: (wrong[name], name)):
        shown[status] = min(wrong[status], left // (len(wrong) - len(shown)))
        left -= shown[status]
    if correct:
        shown["correct"] = min(correct, limit - sum(shown.values()))
    return shown


def choose(report: Report, records: Iterable[Record], *, per_suite: int = PER_SUITE) -> dict[str, list[Record]]:
    """Suite → the records to show, sorted by id. Reads the records once and keeps only those.

    Among records of one status, those whose id has the smallest hash are taken, so that neither the order of
    arrival nor the order of the source decides.
    """
    limit = limit_per_suite(len(report.suites), per_suite)
    wanted = {suite.suite: quotas(counts_of(suite), limit) for suite in report.suites}
    heaps: defaultdict[tuple[str, str], list[tuple[int, int, Record]]] = defaultdict(list)
    for number, record in enumerate(records):
        status = status_of(record)
        room = wanted.get(record.suite, {}).get(status, 0)
        heap = heaps[record.suite, status]
        key = -_hash(record)
        if len(heap) < room:
            heapq.heappush(heap, (key, number, _slim(record)))
        elif room and key > heap[0][0]:
            heapq.heapreplace(heap, (key, number, _slim(record)))
    shown: dict[str, list[Record]] = {suite.suite: [] for suite in report.suites}
    for (suite_name, _), heap in heaps.items():
        if heap:
            shown[suite_name] += [record for _, _, record in heap]
    for chosen in shown.values():
        chosen.sort(key=lambda record: (natural(record.id), record.repeat))
    return shown


def natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key that puts row 9 before row 10."""
    key: list[tuple[int, int, str]] = []
    for piece in re.findall(r"[0-9]+|[^0-9]+", text):
        digits = piece.lstrip("0") if piece[0] in "0123456789" else None
        key.append((1, 0, piece) if digits is None else (0, len(digits), digits))
    return key


def _hash(record: Record) -> int:
    name = f"{record.id}\n{record.repeat}".encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest())


def _slim(record: Record) -> Record:
    """Without token ids and their probabilities, which are most of a record and are not shown."""
    turns = (replace(turn, response=replace(turn.response, token_ids=None, logprobs=None)) for turn in record.turns)
    return replace(record, turns=tuple(turns))
