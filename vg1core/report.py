"""The report of a run: its numbers, and the reporters that write them as JSON and Markdown.

A report is made from the run folder alone, so that a run which was killed and continued reports the same as
one that was not: it holds no times and no order of arrival. The HTML page is a plugin (`plugins/html`).
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, ClassVar

from vg1core.metrics import Mean, Summary
from vg1core.types import STATUSES, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteReport:
    """The numbers of one dataset or benchmark of a run."""

    suite: str
    """With its kind: `benchmark:chartqa`."""
    dimension: str
    data: str
    """`hub`, `fixtures` or a folder."""
    revision: str
    """What the data's revision resolved to."""
    prompt: str
    summary: Summary
    statuses: Mapping[str, int]
    """Status → number of records; statuses that did not occur are left out."""
    not_run: Mapping[str, int] = field(default_factory=dict)
    """Why samples could not be run → how many."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Why rows gave no sample → how many."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """For each reason in `not_run` and `skipped` that is a fault: its first case, in full."""
    truncated: int = 0
    """Responses cut off by the token limit."""
    tokens: int = 0
    """Generated tokens, where the backend counts them."""

    @property
    def records(self) -> int:
        """Responses that came back."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a reporter shows of a run."""

    name: str
    """The run folder's name."""
    model: str
    backend: str
    suites: tuple[SuiteReport, ...]
    dimensions: Mapping[str, Mean]
    """Mean over the suites of a dimension, each suite counting the same."""
    overall: Mean
    """Mean over all suites, each counting the same."""
    headers: tuple[str, ...] = ()
    """Lines from plugins (`vg1_report_header`)."""
    config: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    """Distribution → version of every plugin that took part, and of vg1core."""
    problems: tuple[str, ...] = ()
    """What could not be done, in sentences."""
    gates: tuple[str, ...] = ()
    """Thresholds that were not kept, in sentences."""

    @property
    def exit_status(self) -> int:
        """3 where some of the work could not be done, else 1 where a gate failed, else 0."""
        return 3 if self.problems else 1 if self.gates else 0

    @property
    def fixtures(self) -> bool:
        """Whether any of it ran on fixture rows, which every reporter has to say."""
        return any(suite.data == "fixtures" for suite in self.suites)


Pictures = Callable[[str], bytes | None]
"""Hash of a picture's file → a JPEG thumbnail of it, or None where the run kept none."""


class Reporter(ABC):
    """Writes a report in one format."""

    name: ClassVar[str]
    """The `<name>` of its entry point `reporter.<name>`."""
    suffix: ClassVar[str]
    """Ending of the file it makes, with the dot: `report` + suffix."""

    @abstractmethod
    def render(self, report: Report, records: Callable[[], Iterable[Record]], pictures: Pictures) -> str:
        """The file's content.

        :param records: gives the run's records anew each time it is called, one at a time, suite by suite.
        :param pictures: finds thumbnails.
        """


class JsonReporter(Reporter):
    """`report.json`: every number, for programs."""

    name, suffix = "json", ".json"

    def render(self, report: Report, records: Callable[[], Iterable[Record]], pictures: Pictures) -> str:
        """The report's fields as they are, and whether fixture rows are among them."""
        text = json.dumps({"fixtures": report.fixtures, **asdict(report)}, indent=1, ensure_ascii=False, default=str)
        # A file name that is no UTF-8 arrives as lone surrogates, which no file takes: JSON has an escape for them.
        return text.encode("utf-8", "backslashreplace").decode() + "\n"


class MarkdownReporter(Reporter):
    """`report.md`: the tables, for people and pull requests."""

    name, suffix = "markdown", ".md"

    def render(self, report: Report, records: Callable[[], Iterable[Record]], pictures: Pictures) -> str:
        """A table of suites, tables by category, and what went wrong."""
        lines = [f"# {cell(report.name)}", "", f"Model {cell(report.model)} through {cell(report.backend)}.", ""]
        if report.fixtures:
            lines += [FIXTURE_NOTE, ""]
        lines += [f"- {cell(line)}" for line in report.headers] + ([""] if report.headers else [])
        lines += ["| | n | score | 95 % interval | not right because |", "|---|---|---|---|---|"]
        for suite in report.suites:
            lines.append(f"| {cell(suite.suite)} {_numbers(suite.summary.mean)} {others(suite)} |")
        lines += [f"| *{cell(name)}* {_numbers(mean)} |" for name, mean in report.dimensions.items()]
        lines.append(f"| **all** {_numbers(report.overall)} |")
        for suite in report.suites:
            for title, table in suite.summary.tables.items():
                lines += ["", f"## {cell(suite.suite)} by {cell(title)}", ""]
                lines += ["| | n | score | 95 % interval |", "|---|---|---|---|"]
                lines += [f"| {cell(category)} {_numbers(mean)}" for category, mean in table.items()]
        if report.problems:
            lines += ["", "## What could not be done", ""] + [f"- {cell(problem)}" for problem in report.problems]
        cases = [(suite.suite, why, case) for suite in report.suites for why, case in suite.examples.items()]
        if cases:
            lines += ["", "## First case of each fault", ""]
            lines += [f"- {cell(suite)}, {cell(why)}: {cell(case)}" for suite, why, case in cases]
        lines += ["", "## Versions", ""]
        lines += [f"- {cell(name)} {cell(version)}" for name, version in report.versions.items()]
        return "\n".join(lines) + "\n"


FIXTURE_NOTE = "**Fixture rows**: a handful of invented rows per source, to try things out. The scores mean nothing."


def percent(value: float | None) -> str:
    """`61.3`, or a dash."""
    return "–" if value is None else f"{100 * value:.1f}"


def _numbers(mean: Mean) -> str:
    return f"| {mean.n} | {percent(mean.value)} | {interval(mean)} |"


def interval(mean: Mean) -> str:
    """`57.2 – 65.1`, or a dash."""
    return "–" if mean.low is None else f"{percent(mean.low)} – {percent(mean.high)}"


def others(suite: SuiteReport) -> str:
    """Counts of every status but `correct`, and of what was not run or left out."""
    parts = [f"{suite.statuses[name]} {name}" for name in STATUSES if name != "correct" and suite.statuses.get(name)]
    parts += [f"{count} not run: {cell(why)}" for why, count in suite.not_run.items()]
    parts += [f"{count} left out: {cell(why)}" for why, count in suite.skipped.items()]
    parts += [f"{suite.truncated} cut off"] if suite.truncated else []
    return ", ".join(parts)


def cell(text: str) -> str:
    """Text made safe for a Markdown table cell: no markup, no line breaks, no HTML, nothing invisible."""
    line = " ".join(visible(str(text)).split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#~$" else char for char in line)


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]+"
)
"""Control characters, direction overrides, what has no width, lone surrogates; not the joiners that scripts need."""


def visible(text: str) -> str:
    """Text in which characters that cannot be seen, or that turn other text around, are named: `⟨U+202E⟩`.

    A report shows text of models and strangers; line breaks and tabs stay.
    """
    return _UNSEEN.sub(_name_unseen, text.replace("\r\n", "\n"))


def _name_unseen(match: re.Match[str]) -> str:
    runs = ((char, sum(1 for _ in run)) for char, run in groupby(match[0]))
    return "".join(f"⟨U+{ord(char):04X}{f' ×{count}' if count > 1 else ''}⟩" for char, count in runs)
