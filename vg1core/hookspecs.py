"""The hooks a plugin can implement.

A plugin is a module behind an entry point of the group `vg1`, named `<kind>.<name>`. It decorates functions
with `hookimpl`; their arguments carry the names below, no defaults, and none of them is keyword-only.
Most plugins need one function of one line:

    from vg1core import Register, hookimpl

    @hookimpl
    def vg1_register_verifiers(register: Register) -> None:
        register(MyVerifier)

Registering hooks take classes, never instances: the name stands on the class, and the host instantiates it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import pluggy

if TYPE_CHECKING:
    from vg1core.backends import Backend
    from vg1core.benchmarks import Benchmark
    from vg1core.cli import Command
    from vg1core.datasets import Dataset, RowSource
    from vg1core.report import Report, Reporter
    from vg1core.selection import Selector
    from vg1core.trainers import Trainer
    from vg1core.types import Prompt, Record, Sample, Space
    from vg1core.verifiers import Verifier

hookspec = pluggy.HookspecMarker("vg1")
hookimpl = pluggy.HookimplMarker("vg1")

Register: TypeAlias = Callable[[type[Any]], None]
"""What a registering hook is given: call it with your class."""

REGISTERING = {
    "dataset": "vg1_register_datasets",
    "verifier": "vg1_register_verifiers",
    "selector": "vg1_register_selectors",
    "benchmark": "vg1_register_benchmarks",
    "backend": "vg1_register_backends",
    "trainer": "vg1_register_trainers",
    "reporter": "vg1_register_reporters",
    "command": "vg1_register_commands",
}
"""Kind of plugin → the hook by which it hands over its class."""

KINDS = (*REGISTERING, "prompt", "ext")
"""Every kind. `prompt.*` answers `vg1_build_prompt`; `ext.*` watches runs and is loaded with `-p ext.NAME`."""


@hookspec
def vg1_register_datasets(register: Callable[[type[Dataset]], None]) -> None:
    """Hand over one subclass of `vg1core.datasets.Dataset`.

    :param register: takes the class; bound to this plugin, so that the dataset's distribution is known.
    """


@hookspec
def vg1_register_verifiers(register: Callable[[type[Verifier]], None]) -> None:
    """Hand over one subclass of `vg1core.verifiers.Verifier`.

    :param register: takes the class. Kinds of targets in its `targets` that vg1 does not know become known.
    """


@hookspec
def vg1_register_selectors(register: Callable[[type[Selector]], None]) -> None:
    """Hand over one subclass of `vg1core.selection.Selector`.

    :param register: takes the class.
    """


@hookspec
def vg1_register_benchmarks(register: Callable[[type[Benchmark]], None]) -> None:
    """Hand over one subclass of `vg1core.benchmarks.Benchmark`.

    :param register: takes the class.
    """


@hookspec
def vg1_register_backends(register: Callable[[type[Backend]], None]) -> None:
    """Hand over one subclass of `vg1core.backends.Backend`.

    :param register: takes the class.
    """


@hookspec
def vg1_register_trainers(register: Callable[[type[Trainer]], None]) -> None:
    """Hand over one subclass of `vg1core.trainers.Trainer`.

    :param register: takes the class.
    """


@hookspec
def vg1_register_reporters(register: Callable[[type[Reporter]], None]) -> None:
    """Hand over one subclass of `vg1core.report.Reporter`.

    :param register: takes the class.
    """


@hookspec
def vg1_register_commands(register: Callable[[type[Command]], None]) -> None:
    """Hand over one subclass of `vg1core.cli.Command`, which becomes `vg1 <name>`.

    :param register: takes the class. The plugin is imported only when its command is typed.
    """


@hookspec(firstresult=True)
def vg1_build_prompt(style: str, sample: Sample, source: RowSource, space: Space) -> Prompt | None:
    """Turn a sample into what the model is shown. Stops at the first result that is not None.

    :param style: name of the prompt that was asked for; a plugin answers None to any name but its own,
        unless it means to override every prompt.
    :param sample: the sample; its messages hold the question without any instruction on how to answer.
    :param source: the dataset or benchmark it came from, for prompts that ask it (`official`).
    :param space: the coordinate space the model answers in, which the prompt has to name to the model.
    """


@hookspec
def vg1_report_header(config: Mapping[str, Any]) -> str | list[str] | None:
    """Add a line or lines to the head of a run and of its report.

    :param config: the run's configuration as plain values; called once, before the first sample.
    """


@hookspec
def vg1_record_done(record: Record) -> None:
    """Watch a record land in the run folder. What this raises is reported once and does not stop the run.

    :param record: the record, as it was written.
    """


@hookspec
def vg1_run_finished(report: Report) -> None:
    """Called once after the reports are written.

    :param report: the finished report.
    """
