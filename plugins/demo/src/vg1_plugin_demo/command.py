"""`vg1 demo`: two small runs, offline, with a report to open at the end."""

from __future__ import annotations

import argparse
from pathlib import Path

from vg1core import Command, Register, hookimpl


class DemoCommand(Command):
    """Evaluate a tiny model on fixture and synthetic rows, and replay recorded responses that show every status."""

    name = "demo"
    help = (
        "Two runs that need no network and no GPU. The first shows a tiny model with random weights every installed "
        "benchmark and dataset (fixture rows; it knows nothing, so its scores are chance). The second replays recorded "
        "responses, written for it, that show every status a verdict can have."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where to write."""
        parser.add_argument("--out", metavar="DIR", default="demo", help="folder for the two runs (default demo)")
        parser.add_argument("--quiet", action="store_true", help="no progress, only the tables")

    def run(self, arguments: argparse.Namespace) -> int:
        """Both runs; 0 when both ended and the second shows every status."""
        from vg1_plugin_demo.demo import RESPONSES
        from vg1core import config, session
        from vg1core.listing import print_report
        from vg1core.plugins import PluginHost
        from vg1core.progress import for_terminal
        from vg1core.types import STATUSES

        out = Path(arguments.out)
        tiny = {
            "model": "tiny", "benchmarks": "all", "datasets": "all", "data": "fixtures",
            "max_new_tokens": 48, "min_pixels": 28 * 28 * 4, "max_pixels": 28 * 28 * 64, "limit": 24,
        }  # fmt: skip
        recorded = {
            "model": str(RESPONSES), "backend": "replay", "datasets": "demo", "data": "fixtures",
            "cpu_seconds": 1.0, "wall_seconds": 4.0, "max_unscored": 1.0,
        }  # fmt: skip
        pages, statuses = [], set()
        for name, title, settings in (
            ("tiny", "A tiny model with random weights; its scores are chance", tiny),
            ("recorded", "Recorded responses, written for this demonstration", recorded),
        ):
            print(f"\n{title}\n")
            outcome = session.run(
                config.load(None, settings), out / name, PluginHost(), for_terminal(quiet=arguments.quiet)
            )
            print_report(outcome.report)
            pages += [file for file in outcome.files if file.suffix == ".html"]
            statuses = {status for suite in outcome.report.suites for status in suite.statuses}
        missing = [status for status in STATUSES if status not in statuses]
        print("\nThe second run holds a torn picture, a broken row and a missing response on purpose.")
        print("\nopen in a browser:", *(f"  {page.resolve().as_uri()}" for page in pages), sep="\n")
        if missing:
            print(f"vg1 demo: the recorded responses should show every status; missing: {', '.join(missing)}")
        return 1 if missing else 0


@hookimpl
def vg1_register_commands(register: Register) -> None:
    register(DemoCommand)
