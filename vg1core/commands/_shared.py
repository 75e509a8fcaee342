"""What several commands share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vg1core.plugins import PluginHost
    from vg1core.report import Report
    from vg1core.scoring import Limits
    from vg1core.store import RunFolder

JUDGING = ("workers", "cpu_seconds", "wall_seconds", "memory_mb", "judge_seconds", "judge_concurrent")
"""Settings of a run that say how responses are judged."""


def host_for(words: Sequence[str]) -> PluginHost:
    """The plugin host after `-p NAME` and `-p no:NAME`."""
    from vg1core.plugins import PluginHost

    host = PluginHost(block=[word.removeprefix("no:") for word in words if word.startswith("no:")])
    for word in words:
        if not word.startswith("no:"):
            host.load(*word.partition(".")[::2])
    return host


def show(report: Report, files: list[Path]) -> int:
    """Print the table, what could not be done, and where the report lies; returns the exit status."""
    from vg1core.listing import print_report

    print_report(report)
    for problem in (*report.problems, *report.gates):
        print(f"vg1: {problem}", file=sys.stderr)
    page = next((file for file in files if file.suffix == ".html"), files[-1] if files else None)
    if page:
        print(f"report: {page}" + (f"   open {page.resolve().as_uri()}" if page.suffix == ".html" else ""))
    return report.exit_status


def run_folder(path: str) -> RunFolder:
    """A run that is there to be read.

    :raises UsageError: there is none.
    """
    from vg1core.errors import UsageError
    from vg1core.store import RunFolder

    folder = RunFolder(Path(path))
    if not folder.facts():
        raise UsageError(f"{path} is no run folder: it has no run.json")
    return folder


def add_judging(parser: argparse.ArgumentParser) -> None:
    """The options of commands that judge responses."""
    parser.add_argument("--workers", type=int, metavar="N", help="verifier processes (default one a core, at most 8)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="limits of one judgement: cpu_seconds=5, wall_seconds=120, memory_mb=2048")  # fmt: skip
    parser.add_argument("-p", action="append", default=[], metavar="NAME", dest="plugins",
                        help="load a plugin (ext.NAME), or switch one off (no:verifier.math)")  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="no progress, only the summary")


def judging(arguments: argparse.Namespace) -> tuple[int | None, Limits]:
    """Workers and limits from those options.

    :raises UsageError: another setting, or a value that is none.
    """
    from vg1core import config
    from vg1core.errors import UsageError

    for assignment in arguments.set:
        name = assignment.partition("=")[0].strip()
        if name not in JUDGING:
            raise UsageError(f"there is no setting '{name}' here; there are: {', '.join(JUDGING)}")
    settings = config.load(None, {"model": "none", "workers": arguments.workers}, arguments.set)
    return settings.workers, settings.limits()
