"""From a run folder to its report files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from vg1core import io
from vg1core.benchmarks import Benchmark
from vg1core.metrics import Mean, Scored, mean_of, summarise, weighted
from vg1core.plugins import PluginHost
from vg1core.report import JsonReporter, MarkdownReporter, Report, Reporter, SuiteReport
from vg1core.store import RunFolder
from vg1core.types import UNSCORED, Record

BUILT_IN: dict[str, type[Reporter]] = {"json": JsonReporter, "markdown": MarkdownReporter}


def build(folder: RunFolder, host: PluginHost) -> Report:
    """Add a run folder up. Needs the plugins of its benchmarks, for their aggregation."""
    facts = folder.facts()
    by_dimension: defaultdict[str, list[Mean]] = defaultdict(list)
    suites = []
    origins: set[str] = set()
    for name, about in sorted(facts.get("suites", {}).items()):
        suite, means = _suite(folder, host, name, about, origins)
        suites.append(suite)
        for dimension, mean in means.items():
            by_dimension[dimension].append(mean)
    identity = facts.get("identity", {})
    return Report(
        name=folder.path.resolve().name,
        model=str(identity.get("model", "")),
        backend=str(identity.get("backend", "")),
        suites=tuple(suites),
        dimensions={name: weighted([(1.0, m) for m in means]) for name, means in sorted(by_dimension.items())},
        overall=weighted([(1.0, suite.summary.mean) for suite in suites]),
        headers=tuple(facts.get("headers", ())),
        config=identity,
        versions=_versions(facts.get("versions", {}), origins),
        problems=(*facts.get("problems", []), *_problems(suites)),
        gates=tuple(_gates(suites, facts.get("max_unscored", 1.0))),
    )


def _suite(
    folder: RunFolder, host: PluginHost, name: str, about: Mapping[str, Any], origins: set[str]
) -> tuple[SuiteReport, dict[str, Mean]]:
    """A suite's report, and its mean in each dimension it has samples of.

    :param origins: takes in what scored the records, distributions with versions.
    """
    kind, _, rest = name.partition(":")
    source = host.get(kind, rest.partition("/")[0])
    for verifier in folder.verifiers_of_own_kinds(name):
        host.load("verifier", verifier)
    is_benchmark = issubclass(source, Benchmark)
    scored: list[Scored] = []
    by_dimension: defaultdict[str, list[float]] = defaultdict(list)
    statuses: Counter[str] = Counter()
    not_run: Counter[str] = Counter()
    examples: dict[str, str] = {}
    truncated = tokens = 0
    for record in folder.records(name):
        if record.failure is not None:
            not_run[record.failure.stage] += 1
            examples.setdefault(record.failure.stage, f"{record.id}: {record.failure.message}")
            continue
        assert record.score is not None
        origins.add(record.scored_by)
        statuses[record.score.status] += 1
        response = record.turns[-1].response
        truncated += response.finish_reason == "length"
        tokens += len(response.token_ids or ())
        # Datasets need no table by category: keeping their metadata would cost memory for nothing.
        scored.append(Scored(record.score.value, record.score.status, record.metadata if is_benchmark else {}))
        if record.score.value is not None:
            by_dimension[record.dimension].append(record.score.value)
    skipped: Counter[str] = Counter()
    for row in folder.skipped(name):
        skipped[row.reason] += 1
        if row.fault:
            examples.setdefault(row.reason, f"{row.id}: {row.detail}")
    summary = source.summarise(source(None), scored) if is_benchmark else summarise(scored)
    means = {source.info.dimension: summary.mean}
    if len(by_dimension) > 1:  # synthetic, or rows of your own
        means = {dimension: mean_of(values) for dimension, values in sorted(by_dimension.items())}
        summary = replace(summary, tables={**summary.tables, "dimension": means})
    report = SuiteReport(
        suite=name,
        dimension=next(iter(by_dimension), source.info.dimension) if len(by_dimension) < 2 else "several",
        data=about["data"],
        revision=about["revision"],
        prompt=about["prompt"],
        summary=summary,
        statuses=dict(statuses),
        not_run=dict(not_run),
        skipped=dict(sorted(skipped.items())),
        examples=dict(sorted(examples.items())),
        truncated=truncated,
        tokens=tokens,
    )
    if len(means) == 1:
        means = {report.dimension: summary.mean}
    return report, means


def _versions(told: Mapping[str, str], origins: Iterable[str]) -> dict[str, str]:
    """Versions as sessions told them, and as the records do: a session that was killed told nothing at its end."""
    versions = {name: {version} for name, version in told.items()}
    for origin in origins:
        name, _, version = origin.partition(" ")
        versions.setdefault(name, set()).add(version)
    first = ["vg1core"] if "vg1core" in versions else []
    return {name: ", ".join(sorted(versions[name])) for name in [*first, *sorted(set(versions) - {"vg1core"})]}


def _problems(suites: Iterable[SuiteReport]) -> Iterator[str]:
    for suite in suites:
        for why, count in suite.not_run.items():
            yield f"{suite.suite}: {count} not run ({why}), first {suite.examples[why]}"
        for why, count in suite.skipped.items():
            if why in suite.examples:
                yield f"{suite.suite}: {count} rows are broken ({why}), first {suite.examples[why]}"


def _gates(suites: Iterable[SuiteReport], max_unscored: float) -> Iterator[str]:
    for suite in suites:
        unscored = sum(count for status, count in suite.statuses.items() if status in UNSCORED)
        if suite.records and unscored / suite.records > max_unscored:
            share = f"{unscored} of {suite.records} responses are unscored, more than {max_unscored:.0%}"
            yield f"{suite.suite}: {share}; the report's samples say why (--set max_unscored=… allows more)"


def formats(host: PluginHost) -> tuple[str, ...]:
    """Names of the built-in and the installed reporters."""
    return (*BUILT_IN, *host.names("reporter"))


def write(folder: RunFolder, host: PluginHost, report: Report, reporters: Iterable[str]) -> list[Path]:
    """Write the report in each format; returns the files.

    :raises PluginError: a reporter is not installed.
    """

    def records() -> Iterator[Record]:
        for suite in report.suites:
            yield from folder.records(suite.suite)

    files = []
    for name in reporters:
        reporter: Reporter = (BUILT_IN.get(name) or host.get("reporter", name))()
        path = folder.path / f"report{reporter.suffix}"
        io.write_atomic(path, reporter.render(report, records, folder.thumbnail))
        files.append(path)
    return files
