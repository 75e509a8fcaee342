"""`vg1 plugins`: what is installed; `vg1 plugins check NAME`: whether a plugin keeps the rules of its kind."""

from __future__ import annotations

import argparse

from vg1core.cli import Command


class PluginsCommand(Command):
    """List what is installed, or check one plugin."""

    name = "plugins"
    help = "list what is installed: kind, name, distribution, version; check NAME checks one"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to list and how, and what to check."""
        parser.description = "List installed plugins. Reads package metadata only; --health imports each in a process."
        parser.add_argument("--json", action="store_true", help="one JSON list, for programs")
        parser.add_argument(
            "--health", action="store_true", help="import each plugin in a process of its own; say what fails"
        )
        parser.add_argument("--kind", help="only one kind: dataset, benchmark, verifier, prompt, backend, reporter …")
        actions = parser.add_subparsers(dest="action", metavar="ACTION")
        check = actions.add_parser("check", help="run the rules of a dataset, benchmark or verifier over it")
        check.description = (
            "Check a dataset, benchmark or verifier against the rules of its kind. "
            "Prints each check with ok or failed; exit status 1 where any failed."
        )
        check.add_argument("plugin", metavar="NAME", help="verifier.exact, or exact where only one kind has the name")

    def run(self, arguments: argparse.Namespace) -> int:
        """3 where a plugin is not well, 1 where a check failed."""
        return _check(arguments.plugin) if arguments.action == "check" else _list(arguments)


def _list(arguments: argparse.Namespace) -> int:
    from vg1core import catalog
    from vg1core.errors import UsageError
    from vg1core.hookspecs import KINDS
    from vg1core.installed import installed
    from vg1core.listing import rows, table

    if arguments.kind and arguments.kind not in KINDS:
        raise UsageError(f"there is no kind of plugin named '{arguments.kind}'; kinds: {', '.join(KINDS)}")
    plugins = [plugin for plugin in installed() if arguments.kind in (None, plugin.kind)]
    listed = rows(plugins, health=arguments.health)
    if arguments.json:
        import json

        print(json.dumps(listed, indent=1))
    else:
        print(table(listed))
        have = {(plugin.kind, plugin.name) for plugin in plugins}
        more = [
            row for row in catalog.load() if (row.kind, row.name) not in have and arguments.kind in (None, row.kind)
        ]
        for distribution in sorted({row.distribution for row in more}):
            names = ", ".join(f"{row.kind}.{row.name}" for row in more if row.distribution == distribution)
            print(f"not installed: {names} (pip install {distribution})")
    return 3 if any(row["health"] not in ("", "ok", "switched off") for row in listed) else 0


def _check(name: str) -> int:
    from vg1core.plugins import PluginHost
    from vg1core.testing.checking import check

    failed = total = 0
    for result in check(PluginHost(), name):
        total += 1
        failed += bool(result.problem)
        print(f"{'failed' if result.problem else 'ok':<7} {result.check}", flush=True)
        if result.problem:
            print("        " + result.problem.replace("\n", "\n        "))
    print(f"{name}: {total - failed} of {total} checks passed")
    return 1 if failed else 0


COMMAND = PluginsCommand
