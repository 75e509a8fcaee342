"""`vg1 report`: write a run's reports again, from its records alone."""

from __future__ import annotations

import argparse

from vg1core.cli import Command


class ReportCommand(Command):
    """Report on a run again."""

    name = "report"
    help = "write the reports of a run again, from its records"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which run."""
        parser.description = "Write report.json, report.md and report.html of a run again, from its records alone."
        parser.add_argument("run", metavar="RUN", help="run folder")

    def run(self, arguments: argparse.Namespace) -> int:
        """The report's exit status."""
        from vg1core import reporting
        from vg1core.commands._shared import run_folder, show
        from vg1core.plugins import PluginHost

        folder = run_folder(arguments.run)
        host = PluginHost()
        report = reporting.build(folder, host)
        return show(report, reporting.write(folder, host, report, reporting.formats(host)))


COMMAND = ReportCommand
