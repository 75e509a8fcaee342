"""The command `vg1`. Each command imports what it needs when it runs, so that `--help` answers at once.

Exit status: 0 done, 1 a gate or threshold failed, 2 wrong usage, 3 some of the work could not be done
(what, is printed), 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

    from vg1core.plugins import PluginHost
    from vg1core.report import Report

EPILOG = """
examples:
  vg1 plugins                                                     what is installed
  vg1 eval --benchmarks all --data fixtures --model tiny          try everything offline
  vg1 eval --benchmarks chartqa,math --model Qwen/Qwen2.5-VL-7B-Instruct --limit 200
  vg1 eval --datasets local:my/mapping.toml --model PATH          your own rows and pictures
  vg1 report runs/tiny                                            write a run's reports again

exit status: 0 done, 1 a gate failed, 2 wrong usage, 3 some of the work could not be done
"""


class Command(ABC):
    """A command brought by a plugin: `command.<name>` becomes `vg1 <name>`."""

    name: ClassVar[str]
    """The `<name>` of its entry point."""
    help: ClassVar[str] = ""
    """One line for `vg1 <name> --help`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare options and arguments."""

    @abstractmethod
    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; returns the exit status. Errors of `vg1core.errors` are shown without a traceback."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    from vg1core.errors import UsageError, VG1Error

    try:
        return _dispatch(words)
    except UsageError as error:
        print(f"vg1: {error}", file=sys.stderr)
        return 2
    except VG1Error as error:
        from vg1core.errors import PluginError

        print(f"vg1: {error}", file=sys.stderr)
        return 2 if isinstance(error, PluginError) else 3
    except KeyboardInterrupt:
        print("\nvg1: interrupted; what was recorded is kept, and the same command goes on from there", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output (head, less) went away
        sys.stderr.close()
        return 0


def _dispatch(words: list[str]) -> int:
    parser = build_parser()
    first = next((word for word in words if not word.startswith("-")), None)
    if first and first not in BUILT_IN:
        return _plugin_command(first, words)
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help()
        return 0
    return BUILT_IN[arguments.command](arguments)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the built-in commands."""
    import vg1core

    parser = argparse.ArgumentParser(
        prog="vg1",
        description="Evaluate, verify, select and train vision-language models with one set of plugins.",
        epilog=EPILOG + _plugin_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"vg1core {vg1core.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_plugins(commands.add_parser("plugins", help="list what is installed: kind, name, distribution, version"))
    _add_eval(commands.add_parser("eval", help="evaluate a model on benchmarks or datasets, and write a report"))
    _add_report(commands.add_parser("report", help="write the reports of a run again, from its records"))
    return parser


def _plugin_commands() -> str:
    from vg1core.installed import installed

    names = sorted({plugin.name for plugin in installed() if plugin.kind == "command"})
    return f"\ncommands of plugins: {', '.join(names)}\n" if names else ""


def _plugin_command(name: str, words: list[str]) -> int:
    from vg1core.errors import UnknownPlugin, UsageError
    from vg1core.plugins import PluginHost

    try:
        command: Command = PluginHost().get("command", name)()
    except UnknownPlugin as error:
        from difflib import get_close_matches

        near = get_close_matches(name, BUILT_IN, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"{error}; vg1 --help lists the built-in ones"
        raise UsageError(f"there is no command '{name}'; {hint}") from error
    parser = argparse.ArgumentParser(prog=f"vg1 {name}", description=command.help)
    command.add_arguments(parser)
    words.remove(name)
    return command.run(parser.parse_args(words))


# vg1 plugins


def _add_plugins(parser: argparse.ArgumentParser) -> None:
    parser.description = "List installed plugins. Reads package metadata only; --health imports each in a process."
    parser.add_argument("--json", action="store_true", help="one JSON list, for programs")
    parser.add_argument(
        "--health", action="store_true", help="import each plugin in a process of its own; say what fails"
    )
    parser.add_argument("--kind", help="only one kind: dataset, benchmark, verifier, prompt, backend, reporter …")


def _plugins(arguments: argparse.Namespace) -> int:
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


# vg1 eval


def _add_eval(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = "Evaluate a model. The same command again goes on where the run was, or only reports."
    parser.epilog = (
        "what to run is `all`, a dimension (math), a glob (math*), or names with commas; a name may take an\n"
        "argument: local:my/mapping.toml, synthetic:hard. Every setting can also stand in --config FILE.toml\n"
        "or be given as --set NAME=VALUE (--set backend_options.batch_size=4)."
    )
    what = parser.add_argument_group("what")
    what.add_argument("--benchmarks", metavar="WHAT", help="benchmarks to run")
    what.add_argument("--datasets", metavar="WHAT", help="datasets to run as if they were benchmarks")
    what.add_argument("--data", metavar="WHERE", help="hub (default), fixtures (rows that ship with vg1), or a folder")
    what.add_argument("--limit", type=int, metavar="N", help="samples of each")
    what.add_argument("--repeats", type=int, metavar="N", help="responses to each sample")
    model = parser.add_argument_group("model")
    model.add_argument("--model", help="name on the hub, local path, tiny, or a file of recorded responses")
    model.add_argument("--backend", help="transformers (default), tiny, replay")
    model.add_argument("--prompt", help="cot_boxed (default), direct, vision_g1, official")
    model.add_argument("--temperature", type=float, help="0 (default) is greedy")
    model.add_argument("--max-new-tokens", type=int, metavar="N", help="longest response (default 2048)")
    model.add_argument("--seed", type=int)
    run = parser.add_argument_group("run")
    run.add_argument("--out", metavar="RUN", help="run folder (default runs/<model>)")
    run.add_argument("--config", metavar="FILE", help="settings as TOML; options of the command line win over it")
    run.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any other setting")
    run.add_argument("--cache", metavar="FILE", help="generation cache: a file, default, or off")
    run.add_argument("-p", action="append", default=[], metavar="NAME", dest="plugins",
                     help="load a plugin (ext.NAME), or switch one off (no:dataset.chartqa)")  # fmt: skip
    run.add_argument("--quiet", action="store_true", help="no progress, only the table")


def _eval(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from vg1core import config, session
    from vg1core.progress import for_terminal

    names = ("benchmarks", "datasets", "data", "limit", "repeats", "model", "backend", "prompt", "temperature",
             "max_new_tokens", "seed", "cache")  # fmt: skip
    settings = config.load(arguments.config, {name: getattr(arguments, name) for name in names}, arguments.set)
    host = _host(arguments.plugins)
    safe = "".join(
        char if char.isalnum() or char in "._-" else "-" for char in settings.model.rstrip("/").split("/")[-1]
    )
    out = Path(arguments.out or f"runs/{safe}")
    outcome = session.run(settings, out, host, for_terminal(quiet=arguments.quiet))
    return _show(outcome.report, outcome.files)


def _host(words: Sequence[str]) -> PluginHost:
    from vg1core.plugins import PluginHost

    host = PluginHost(block=[word.removeprefix("no:") for word in words if word.startswith("no:")])
    for word in words:
        if not word.startswith("no:"):
            host.load(*word.partition(".")[::2])
    return host


def _show(report: Report, files: list[Path]) -> int:
    """Print the table, what could not be done, and where the report lies; returns the exit status."""
    from vg1core.listing import print_report

    print_report(report)
    for problem in (*report.problems, *report.gates):
        print(f"vg1: {problem}", file=sys.stderr)
    page = next((file for file in files if file.suffix == ".html"), files[-1] if files else None)
    if page:
        print(f"report: {page}" + (f"   open {page.resolve().as_uri()}" if page.suffix == ".html" else ""))
    return report.exit_status


# vg1 report


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write report.json, report.md and report.html of a run again, from its records alone."
    parser.add_argument("run", metavar="RUN", help="run folder")


def _report(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from vg1core import reporting
    from vg1core.errors import UsageError
    from vg1core.plugins import PluginHost
    from vg1core.store import RunFolder

    folder = RunFolder(Path(arguments.run))
    if not folder.facts():
        raise UsageError(f"{arguments.run} is no run folder: it has no run.json")
    host = PluginHost()
    report = reporting.build(folder, host)
    return _show(report, reporting.write(folder, host, report, reporting.formats(host)))


BUILT_IN = {"plugins": _plugins, "eval": _eval, "report": _report}

if __name__ == "__main__":
    sys.exit(main())
