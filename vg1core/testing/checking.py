"""`vg1 plugins check NAME`: the rules of a plugin's kind, run over one installed plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from vg1core.errors import UsageError, VG1Error, what_failed
from vg1core.hookspecs import KINDS
from vg1core.plugins import Plugin, PluginHost
from vg1core.testing import conformance, verifier_conformance

CHECKED = ("dataset", "benchmark", "verifier")
"""Kinds that have rules which can be checked."""


@dataclass(frozen=True, slots=True)
class Result:
    """One check."""

    check: str
    """What has to hold: the first line of the check's docstring."""
    problem: str = ""
    """Why it does not; empty where it does."""


def check(host: PluginHost, name: str) -> Iterator[Result]:
    """Load a plugin and run the checks of its kind, one at a time.

    :param name: `verifier.exact`, or `exact` where one kind alone has the name.
    :raises UsageError: nothing, or more than one thing, has the name, or its kind has no checks.
    """
    plugin = find(host, name)
    try:
        cls = host.get(plugin.kind, plugin.name)
    except VG1Error as error:
        yield Result("It can be loaded.", str(error))
        return
    yield Result("It can be loaded.")
    for rule in verifier_conformance.checks_for(cls) if plugin.kind == "verifier" else conformance.CHECKS:
        yield _run(rule, cls)


def find(host: PluginHost, name: str) -> Plugin:
    """The plugin behind `kind.name` or a name.

    :raises VG1Error: as `check`.
    """
    kind, dot, rest = name.partition(".")
    if not (dot and kind in KINDS):
        kinds = [plugin.kind for plugin in host.all() if plugin.name == name and plugin.kind in CHECKED]
        if len(set(kinds)) > 1:
            raise UsageError(f"'{name}' is a {' and a '.join(kinds)}: say {' or '.join(f'{k}.{name}' for k in kinds)}")
        if not kinds:
            known = f"name one as `vg1 plugins` lists it, with its kind: {', '.join(f'{k}.NAME' for k in CHECKED)}"
            raise UsageError(f"no installed dataset, benchmark or verifier is named '{name}'; {known}")
        kind, rest = kinds[0], name
    if kind not in CHECKED:
        raise UsageError(f"a {kind} has no rules to be checked; {', '.join(CHECKED)} have (vg1 plugins --health loads)")
    return host.find(kind, rest)


def _run(rule: Callable[[Any], None], cls: type[Any]) -> Result:
    told = (rule.__doc__ or rule.__name__).strip().splitlines()[0]
    try:
        rule(cls)
    except AssertionError as error:
        return Result(told, str(error) or "it does not hold")
    except Exception as error:  # a plugin may raise anything; what it raised is the finding
        return Result(told, what_failed(error))
    return Result(told)
