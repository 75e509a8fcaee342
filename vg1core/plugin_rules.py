"""The rules that a plugin's module and class keep, checked as it is loaded.

pluggy accepts several mistakes silently and then calls the plugin wrongly, or never; here each is a `BrokenPlugin`
that names the plugin, its distribution and the way out.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from types import FunctionType, ModuleType
from typing import Any, TypeGuard

from vg1core import hookspecs
from vg1core.errors import BrokenPlugin, did_you_mean, what_failed
from vg1core.installed import Plugin
from vg1core.types import TARGET_KINDS, Target

HOOKS: Mapping[str, FunctionType] = {
    name: hook for name, hook in vars(hookspecs).items() if name.startswith("vg1_") and isinstance(hook, FunctionType)
}
"""Every hook specification by name."""

_BASES = {
    "dataset": ("datasets", "Dataset"),
    "verifier": ("verifiers", "Verifier"),
    "selector": ("selection", "Selector"),
    "benchmark": ("benchmarks", "Benchmark"),
    "backend": ("backends", "Backend"),
    "trainer": ("trainers", "Trainer"),
    "reporter": ("report", "Reporter"),
    "command": ("cli", "Command"),
}


def broken(plugin: Plugin, problem: str) -> BrokenPlugin:
    """The error that attributes a problem to a plugin."""
    return BrokenPlugin(f"plugin '{plugin.full_name}' ({plugin.origin}): {problem}")


def import_module(plugin: Plugin) -> ModuleType:
    """Import the module behind an entry point; whatever its import raises becomes a `BrokenPlugin`."""
    if plugin.kind not in hookspecs.KINDS:
        hint = did_you_mean(plugin.kind, hookspecs.KINDS) or f"; the kinds are: {', '.join(hookspecs.KINDS)}"
        raise broken(plugin, f"there is no kind of plugin named '{plugin.kind}'{hint}")
    module, colon, _ = plugin.module.partition(":")
    if colon:
        raise broken(plugin, f"its entry point names '{plugin.module}'; it has to name the module alone: '{module}'")
    try:
        return importlib.import_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a module may even call sys.exit while it is imported
        way_out = f"Switch it off with -p no:{plugin.full_name}, or report it to the authors of {plugin.distribution}"
        own = isinstance(error, ImportError) and f"{module}.".startswith(f"{error.name}.")
        if own and isinstance(error, ModuleNotFoundError):
            way_out = f"Install it again: pip install --force-reinstall --no-deps {plugin.distribution}"
        elif isinstance(error, ImportError) and not own:
            way_out = f"Install what it needs: pip install {plugin.distribution}"
        raise broken(plugin, f"failed to import: {what_failed(error)}. {way_out}") from error


def hooks_of(plugin: Plugin, module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Name of the hook → the module's implementation of it, each held to the rules.

    :raises BrokenPlugin: one that would be called wrongly or never, or the hook of its kind is missing.
    """
    hooks: dict[str, Callable[..., Any]] = {}
    for name, function in vars(module).items():
        options = getattr(function, "vg1_impl", None) if inspect.isroutine(function) else None
        if options is not None:
            hook = options["specname"] or name
            hooks[hook] = function
            if hook in HOOKS or not options["optionalhook"]:
                _check_implementation(plugin, hook, function)
        elif name.startswith("vg1_") and callable(function):
            raise broken(plugin, f"{name} lacks the @hookimpl decorator, so it would never be called")
    needed = hookspecs.REGISTERING.get(plugin.kind) or ("vg1_build_prompt" if plugin.kind == "prompt" else "")
    if needed and needed not in hooks:
        raise broken(plugin, f"a {plugin.kind} needs a hookimpl named {needed}")
    if not hooks:
        raise broken(plugin, f"{plugin.module} implements no hook; decorate functions at its top level with @hookimpl")
    for kind, hook in hookspecs.REGISTERING.items():
        if hook in hooks and hook != needed:
            way_out = f"give it a module and an entry point '{kind}.<name>' of its own"
            raise broken(plugin, f"{hook} is never called for plugins of the kind {plugin.kind}; {way_out}")
    return hooks


def _check_implementation(plugin: Plugin, hook: str, function: Callable[..., Any]) -> None:
    if hook not in HOOKS:
        raise broken(plugin, f"there is no hook {hook}{did_you_mean(hook, HOOKS)}")
    known = inspect.signature(HOOKS[hook]).parameters
    parameters = inspect.signature(function).parameters
    for parameter in parameters.values():
        name = parameter.name
        if name not in known:
            hint = did_you_mean(name, known) or f"; its arguments are: {', '.join(known)}"
            raise broken(plugin, f"{hook} has no argument '{name}'{hint}")
        if parameter.default is not parameter.empty:
            raise broken(plugin, f"argument '{name}' of {hook} must not have a default; write {name} alone")
        if parameter.kind is parameter.KEYWORD_ONLY:
            raise broken(plugin, f"argument '{name}' of {hook} must not be keyword-only; remove the * before it")
    if "register" in known and "register" not in parameters:
        raise broken(plugin, f"{hook} has to take the argument 'register'")
    # A prompt may wrap the others, which pluggy wants written as a generator.
    generator = inspect.isgeneratorfunction(function) and hook != "vg1_build_prompt"
    if generator or inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise broken(plugin, f"{hook} has to be a plain function; called, it would only make a generator or coroutine")


def registered_class(plugin: Plugin, hook: Callable[..., Any]) -> type[Any]:
    """The one class that a registering hook hands over, held to the rules of its kind.

    :raises BrokenPlugin: the hook raises, or registers anything else.
    """
    given: list[Any] = []
    try:
        hook(register=given.append)
    except (Exception, SystemExit) as error:
        raise broken(plugin, f"{hook.__name__} raised {what_failed(error)}") from error
    if len(given) != 1:
        names = f": {', '.join(getattr(one, '__name__', repr(one)) for one in given)}" if given else ""
        raise broken(plugin, f"{hook.__name__} has to register one class; it registered {len(given)}{names}")
    cls, base = given[0], _base(plugin.kind)
    if not (isinstance(cls, type) and issubclass(cls, base)):
        what = cls.__name__ if isinstance(cls, type) else f"an instance of {type(cls).__name__}"
        raise broken(plugin, f"register takes a subclass of {base.__module__}.{base.__name__}, not {what}")
    if inspect.isabstract(cls):
        missing = getattr(cls, "__abstractmethods__", ())
        raise broken(plugin, f"{cls.__name__} lacks {', '.join(sorted(missing))}")
    where = "its info" if plugin.kind in ("dataset", "benchmark") else "its attribute 'name'"
    name = name_of(cls)
    if name != plugin.name:
        named = f"is named '{name}'" if name else "has no name"
        way_out = f"set the name in {where} to '{plugin.name}', or rename the entry point"
        raise broken(plugin, f"the class {cls.__name__} {named}, its entry point '{plugin.full_name}'; {way_out}")
    return cls


def new_target_kinds(plugin: Plugin, verifier: type[Any]) -> dict[str, type[Target]]:
    """Kinds of targets that a verifier brings, by their `kind`.

    :raises BrokenPlugin: its `targets` are not targets, or use a kind that belongs to another class.
    """
    kinds: dict[str, type[Target]] = {}
    targets: Any = getattr(verifier, "targets", None)
    if not isinstance(targets, tuple) or not targets:
        raise broken(plugin, f"{verifier.__name__}.targets has to be a tuple of the classes of targets it accepts")
    for target in targets:
        if target is Target:  # accepts every kind
            continue
        if not (_is_target(target) and target.kind):
            rule = "each has to be a dataclass derived from vg1core.types.Target with a `kind`"
            raise broken(plugin, f"{verifier.__name__}.targets holds {target!r}; {rule}")
        owner = {**TARGET_KINDS, **kinds}.get(target.kind, target)
        if owner is not target:
            whose = f"{owner.__module__}.{owner.__name__}"
            raise broken(plugin, f"its kind of target '{target.kind}' belongs to {whose} already; choose another kind")
        kinds[target.kind] = target
    return kinds


def _is_target(value: Any) -> TypeGuard[type[Target]]:
    return is_dataclass(value) and isinstance(value, type) and issubclass(value, Target)


def name_of(cls: type[Any]) -> str:
    """The name on a plugin class: `info.name` of a dataset or benchmark, `name` of any other."""
    info = getattr(cls, "info", None)
    return str(info.name if info is not None else getattr(cls, "name", ""))


def _base(kind: str) -> type[Any]:
    module, name = _BASES[kind]
    base: type[Any] = getattr(importlib.import_module(f"vg1core.{module}"), name)
    return base
