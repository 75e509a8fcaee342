"""What a configuration asks for: which datasets and benchmarks, with which prompts, through which backend."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from vg1core import prompts
from vg1core.backends import Backend
from vg1core.config import RunConfig
from vg1core.datasets import RowSource
from vg1core.errors import PluginError, UsageError
from vg1core.images import PixelBudget
from vg1core.plugins import PluginHost, expand


@dataclass(slots=True)
class Suite:
    """One dataset or benchmark of a run."""

    id: str
    """With its kind, and its config where it took an argument: `benchmark:chartqa`, `dataset:local/my_charts`."""
    source: RowSource
    style: str
    """Name of the prompt."""
    revision: str = "unknown"
    """What the data's revision resolved to; known once its first row was read."""
    done: set[int] = field(default_factory=set)
    """Hashes of (sample id, repeat) that are recorded."""


@dataclass(slots=True)
class Plan:
    """What will be run, and what of it cannot be."""

    suites: list[Suite]
    problems: list[str]


def plan(host: PluginHost, config: RunConfig) -> Plan:
    """Find the datasets and benchmarks a configuration asks for.

    A plugin that cannot be loaded ends the run where it was asked for by name, and is a recorded problem where it
    came with `all`, a dimension or a glob.
    """
    suites: list[Suite] = []
    problems: list[str] = []
    for kind, wanted in (("benchmark", config.benchmarks), ("dataset", config.datasets)):
        asked = [part.strip() for part in wanted.split(",")]
        for name in expand(host, kind, wanted, partial(_dimension, host, kind)) if wanted else ():
            plain, _, argument = name.partition(":")
            try:
                cls = host.get(kind, plain)
                if not cls.part_of_all and name not in asked:
                    continue
                source = cls(argument or None, overrides=config.overrides.get(plain))
                style = prompts.style_for(source, config.prompt)
                host.load("prompt", style)
            except PluginError as error:
                if name in asked:
                    raise
                problems.append(str(error))
                continue
            identity = f"{kind}:{source.label}"
            if identity in (suite.id for suite in suites):
                raise UsageError(f"two of the sources asked for are named {identity}; run them apart or rename one")
            suites.append(Suite(identity, source, style))
    if not suites:
        raise UsageError("nothing to run: name --benchmarks or --datasets (vg1 plugins lists them)")
    return Plan(suites, problems)


def _dimension(host: PluginHost, kind: str, name: str) -> str | None:
    try:
        return str(host.get(kind, name).info.dimension)
    except PluginError:
        return None


def make_backend(host: PluginHost, config: RunConfig) -> Backend:
    """The backend a configuration asks for; nothing is loaded yet."""
    pixels = PixelBudget(min_pixels=config.min_pixels, max_pixels=config.max_pixels)
    backend: Backend = host.get("backend", config.backend)(config.model, options=config.backend_options, pixels=pixels)
    return backend
