"""`vg1 rescore`: judge a run's responses again, with the verifiers installed now and without the model."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vg1core.cli import Command

if TYPE_CHECKING:
    from rich.table import Table

    from vg1core.rescore import Flip, Rescored


class RescoreCommand(Command):
    """Judge a run again."""

    name = "rescore"
    help = "judge a run's stored responses again, without the model; lists every verdict that changed"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which run, where to, and with which options."""
        from vg1core.commands._shared import add_judging

        parser.description = (
            "Judge a run's stored responses again with the installed verifiers. The run itself is not touched: a new "
            "run folder gets the new verdicts, its reports and flips.jsonl. The same command goes on where it was."
        )
        parser.add_argument("run", metavar="RUN", help="run folder")
        parser.add_argument("--out", metavar="NEW", help="new run folder (default RUN-rescored)")
        parser.add_argument("--verifier-options", action="append", default=[], metavar="VERIFIER.OPTION=VALUE",
                            help="an option of a verifier, over the one that was recorded")  # fmt: skip
        parser.add_argument("--fail-on-flip", action="store_true", help="exit status 1 where any verdict changed")
        add_judging(parser)

    def run(self, arguments: argparse.Namespace) -> int:
        """0, or 1 with --fail-on-flip where a verdict changed."""
        from vg1core import reporting
        from vg1core.commands._shared import host_for, judging, run_folder, show
        from vg1core.progress import for_terminal
        from vg1core.rescore import compare, prepare, rescore
        from vg1core.scoring import Scorer
        from vg1core.store import RunFolder

        old = run_folder(arguments.run)
        options = _options(arguments.verifier_options)
        workers, limits = judging(arguments)
        host = host_for(arguments.plugins)
        flips: list[Flip] = []
        with (
            RunFolder(Path(arguments.out or f"{arguments.run.rstrip('/')}-rescored")) as new,
            Scorer(workers=workers, limits=limits, block=host.blocked) as scorer,
        ):
            prepare(old, new, host, options)
            progress = for_terminal(quiet=arguments.quiet)
            try:
                rescore(old, new, host, scorer, options, progress)
            finally:
                progress.stop()
            result = compare(old, new, flips.append)
            report = reporting.build(new, host)
            files = reporting.write(new, host, report, reporting.formats(host))
        show(report, files)
        _tell(flips, result, new.path / "flips.jsonl")
        return 1 if result.flips and arguments.fail_on_flip else 0


def _options(assignments: list[str]) -> dict[str, dict[str, Any]]:
    from vg1core.config import assign
    from vg1core.errors import UsageError

    options: dict[str, dict[str, Any]] = {}
    for assignment in assignments:
        name, equals, _ = assignment.partition("=")
        if not equals or name.count(".") != 1:
            hint = "VERIFIER.OPTION=VALUE is expected, such as numeric.percent=fraction"
            raise UsageError(f"--verifier-options {assignment}: {hint}")
        assign(options, assignment)
    return options


def _tell(flips: list[Flip], result: Rescored, path: Path) -> None:
    """Every flip, and how many of which sort."""
    from vg1core.listing import wide_console

    if flips:
        wide_console().print(_table(flips))
    counted = ", ".join(f"{count:,} {change}" for change, count in sorted(result.changes.items()))
    copied = f"; {result.failed:,} samples without a response copied" if result.failed else ""
    print(
        f"{result.judged:,} responses judged again, {result.flips:,} flips{f': {counted}' if counted else ''}{copied}"
    )
    print(f"flips: {path}")


def _table(flips: list[Flip]) -> Table:
    from rich.table import Table
    from rich.text import Text

    from vg1core.report import visible

    table = Table(title="Flips", title_justify="left", show_edge=False)
    for head in ("id", "verifier", "change", "reason before", "reason now"):
        table.add_column(head, overflow="fold")
    for flip in flips:
        name = flip.id + (f" (repeat {flip.repeat})" if flip.repeat else "")
        table.add_row(*(Text(visible(text)) for text in
                        (name, flip.verifier, flip.change, flip.old.reason, flip.new.reason)))  # fmt: skip
    return table


COMMAND = RescoreCommand
