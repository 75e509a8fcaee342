"""The plugin host: finds plugins by entry-point metadata, loads one when its name is used, explains failures.

Listing imports no plugin. An entry point of the group `vg1` is named `<kind>.<name>` and points to a module; the
module hands its class over through the hook of its kind (`hookspecs`), and the class carries the same name.
"""

from __future__ import annotations

import importlib
import inspect
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy

from vg1core import hookspecs
from vg1core.errors import BrokenPlugin, PluginBlocked, PluginCollision, PluginError, UnknownPlugin
from vg1core.types import TARGET_KINDS

if TYPE_CHECKING:
    from vg1core.types import Record

GROUP = "vg1"


@dataclass(frozen=True, slots=True)
class Plugin:
    """What package metadata says of an installed plugin."""

    kind: str
    name: str
    distribution: str
    version: str
    module: str

    @property
    def full_name(self) -> str:
        """`<kind>.<name>`, the name of its entry point."""
        return f"{self.kind}.{self.name}"

    @property
    def origin(self) -> str:
        """Distribution and version: `vg1-plugin-math 0.1.0`."""
        return f"{self.distribution} {self.version}"


def installed() -> list[Plugin]:
    """Every installed plugin, sorted by kind and name. Reads metadata only."""
    found = [_plugin(entry) for entry in entry_points(group=GROUP)]
    return sorted(found, key=lambda plugin: (plugin.kind, plugin.name, plugin.distribution))


def _plugin(entry: EntryPoint) -> Plugin:
    kind, _, name = entry.name.partition(".")
    dist = entry.dist
    # Several broken or half-removed distributions carry no name; they are listed, not hidden.
    distribution, version = (dist.name or "unknown", dist.version or "?") if dist else ("unknown", "?")
    return Plugin(kind, name, distribution, version, entry.value)


def source_path(plugin: Plugin) -> str | None:
    """Where the plugin's module lies, without importing it or its package."""
    from importlib.machinery import PathFinder

    path: Sequence[str] | None = None
    spec, parts = None, plugin.module.split(".")
    for depth in range(len(parts)):
        spec = PathFinder.find_spec(".".join(parts[: depth + 1]), path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec.origin if spec else None


class PluginHost:
    """Loads plugins by name and knows which distribution each object came from.

    :param block: full names or patterns (`dataset.*`) that must not be loaded; VG1_DISABLE_PLUGINS adds to them.
    :param plugins: the plugins to choose from; those installed, unless a test gives its own.
    """

    def __init__(self, *, block: Iterable[str] = (), plugins: Iterable[Plugin] | None = None) -> None:
        environment = os.environ.get("VG1_DISABLE_PLUGINS", "").split(",")
        self.blocked = tuple(name.strip() for name in (*block, *environment) if name.strip())
        self._plugins: defaultdict[str, list[Plugin]] = defaultdict(list)
        for plugin in installed() if plugins is None else plugins:
            self._plugins[plugin.full_name].append(plugin)
        self._classes: dict[str, type[Any]] = {}
        self._loaded: dict[str, Plugin] = {}
        self._warned: set[str] = set()
        self._manager = pluggy.PluginManager("vg1")
        self._manager.add_hookspecs(hookspecs)

    @property
    def hook(self) -> Any:
        """Hooks of the loaded plugins, to be called with keywords."""
        return self._manager.hook

    @property
    def loaded(self) -> list[Plugin]:
        """Plugins that were imported so far, sorted by name."""
        return [self._loaded[name] for name in sorted(self._loaded)]

    def names(self, kind: str) -> list[str]:
        """Installed names of a kind that are not blocked."""
        return sorted(p[0].name for name, p in self._plugins.items() if p[0].kind == kind and not self.is_blocked(name))

    def all(self) -> list[Plugin]:
        """Every plugin the host chooses from."""
        return [plugin for name in sorted(self._plugins) for plugin in self._plugins[name]]

    def is_blocked(self, full_name: str) -> bool:
        """Whether a plugin was switched off."""
        return any(fnmatchcase(full_name, pattern) for pattern in self.blocked)

    def find(self, kind: str, name: str) -> Plugin:
        """The plugin behind a name, not yet imported.

        :raises UnknownPlugin: nothing installed has the name; says the nearest one, or what to install.
        :raises PluginCollision: two distributions have it.
        :raises PluginBlocked: it was switched off.
        """
        full_name = f"{kind}.{name}"
        found = self._plugins.get(full_name, [])
        if self.is_blocked(full_name):
            by = ", ".join(self.blocked)
            raise PluginBlocked(f"{kind} '{name}' is switched off (by -p no: or VG1_DISABLE_PLUGINS: {by})")
        if len(found) > 1:
            raise PluginCollision(
                f"{kind} '{name}' is offered by {' and by '.join(p.origin for p in found)}; "
                f"uninstall one of them: pip uninstall {found[-1].distribution}"
            )
        if not found:
            raise UnknownPlugin(self._unknown(kind, name))
        return found[0]

    def get(self, kind: str, name: str) -> type[Any]:
        """The class a plugin registered under a name, imported now if it was not before.

        :raises PluginError: see `find`; `BrokenPlugin` where it cannot be imported or keeps a rule badly.
        """
        full_name = f"{kind}.{name}"
        if full_name not in self._classes:
            self.load(kind, name)
        return self._classes[full_name]

    def load(self, kind: str, name: str) -> Plugin:
        """Import a plugin of any kind and register its hooks."""
        plugin = self.find(kind, name)
        if plugin.full_name in self._loaded:
            return plugin
        module = _import(plugin)
        _check_hookimpls(plugin, module)
        self._check_twice(plugin, module)
        self._register(plugin, module)
        try:
            if hook := hookspecs.REGISTERING.get(kind):
                self._collect(plugin, module, hook)
            elif kind == "prompt" and not hasattr(module, "vg1_build_prompt"):
                raise BrokenPlugin(f"{_who(plugin)}: a prompt needs a hookimpl named vg1_build_prompt")
        except BaseException:
            self._manager.unregister(module)
            raise
        self._loaded[plugin.full_name] = plugin
        return plugin

    def describe(self, kind: str, name: str) -> str:
        """Distribution and version of a plugin, for records and messages."""
        return self.find(kind, name).origin

    def broadcast(self, hook: str, **arguments: Any) -> list[Any]:
        """Call a watching hook on every loaded plugin; what one raises is told once and stops nobody else."""
        results = []
        for impl in getattr(self.hook, hook).get_hookimpls():
            try:
                results.append(impl.function(*(arguments[name] for name in impl.argnames)))
            except Exception as error:  # a watcher must not take the run down
                key = f"{impl.plugin_name}.{hook}"
                if key not in self._warned:
                    self._warned.add(key)
                    import logging

                    what = f"plugin '{impl.plugin_name}' failed in {hook} and is ignored there"
                    logging.getLogger("vg1").warning("%s: %s: %s", what, type(error).__name__, error)
        return results

    def record_done(self, record: Record) -> None:
        """Tell watching plugins that a record landed."""
        if self.hook.vg1_record_done.get_hookimpls():
            self.broadcast("vg1_record_done", record=record)

    # Loading, step by step

    def _register(self, plugin: Plugin, module: ModuleType) -> None:
        try:
            self._manager.register(module, name=plugin.full_name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            if self._manager.is_registered(module):
                self._manager.unregister(module)
            known = [name for name in vars(hookspecs) if name.startswith("vg1_")]
            wrong = str(error).partition("unknown hook '")[2].partition("'")[0]
            near = _nearest(wrong, known) if wrong else ""
            raise BrokenPlugin(f"{_who(plugin)}: {str(error).splitlines()[0]}{near}") from error

    def _check_twice(self, plugin: Plugin, module: ModuleType) -> None:
        other = self._manager.get_name(module)
        if other:
            raise BrokenPlugin(
                f"{_who(plugin)}: its module {plugin.module} is also the module of '{other}'; "
                "each plugin needs a module of its own"
            )

    def _collect(self, plugin: Plugin, module: ModuleType, hook: str) -> None:
        given: list[type[Any]] = []
        impl = next((i for i in getattr(self.hook, hook).get_hookimpls() if i.plugin is module), None)
        if impl is None:
            raise BrokenPlugin(f"{_who(plugin)}: a {plugin.kind} needs a hookimpl named {hook}(register)")
        try:
            impl.function(register=given.append)
        except Exception as error:
            raise BrokenPlugin(f"{_who(plugin)}: {hook} raised {type(error).__name__}: {error}") from error
        if len(given) != 1:
            raise BrokenPlugin(f"{_who(plugin)}: {hook} has to register one class; it registered {len(given)}")
        cls, base = given[0], _base(plugin.kind)
        if not (isinstance(cls, type) and issubclass(cls, base)):
            what = f"an instance of {type(cls).__name__}" if not isinstance(cls, type) else f"{cls.__name__}"
            wanted = f"{base.__module__}.{base.__name__}"
            raise BrokenPlugin(f"{_who(plugin)}: register takes a subclass of {wanted}, not {what}")
        if inspect.isabstract(cls):
            missing = ", ".join(sorted(cls.__abstractmethods__))
            raise BrokenPlugin(f"{_who(plugin)}: {cls.__name__} lacks {missing}")
        name = name_of(cls)
        if name != plugin.name:
            raise BrokenPlugin(
                f"{_who(plugin)}: the class {cls.__name__} is named '{name}', its entry point '{plugin.name}'; "
                "make them equal"
            )
        if plugin.kind == "verifier":
            for target in cls.targets:
                known = TARGET_KINDS.setdefault(target.kind, target)
                if known is not target:
                    owner = known.__module__
                    raise BrokenPlugin(f"{_who(plugin)}: target kind '{target.kind}' belongs to {owner} already")
        self._classes[plugin.full_name] = cls

    def _unknown(self, kind: str, name: str) -> str:
        from vg1core import catalog

        if kind not in hookspecs.KINDS:
            return f"there is no kind of plugin named '{kind}'{_nearest(kind, hookspecs.KINDS)}"
        if row := catalog.find(kind, name):
            return f"{kind} '{name}' is in {row.distribution}, which is not installed: pip install {row.distribution}"
        near = _nearest(name, self.names(kind))
        more = _nearest(name, [row.name for row in catalog.load() if row.kind == kind]) if not near else ""
        return f"no {kind} named '{name}'{near or more} (vg1 plugins --kind {kind} lists them)"


def name_of(cls: type[Any]) -> str:
    """The name on a plugin class: `info.name` of a dataset or benchmark, `name` of any other."""
    info = getattr(cls, "info", None)
    return str(info.name if info is not None else getattr(cls, "name", ""))


def expand(host: PluginHost, kind: str, wanted: str, dimension_of: Callable[[str], str | None]) -> list[str]:
    """Names behind `all`, a dimension, a glob or a comma-separated list of these, in order, each once.

    :param dimension_of: the dimension of an installed plugin, by name.
    :raises UnknownPlugin: a part names nothing.
    """
    found: dict[str, None] = {}
    names = host.names(kind)
    for part in (piece.strip() for piece in wanted.split(",")):
        if not part:
            continue
        if part == "all":
            matches = names
        elif any(char in part for char in "*?["):
            matches = [name for name in names if fnmatchcase(name, part)]
        elif part.partition(":")[0] in names or ":" in part:
            matches = [part]
        else:
            matches = [name for name in names if dimension_of(name) == part]
        if not matches:
            host.find(kind, part.partition(":")[0])
        found.update(dict.fromkeys(matches))
    return list(found)


def health(plugin: Plugin, *, timeout: float = 120.0) -> str:
    """Import a plugin in a child process; `ok`, or what failed."""
    import subprocess
    import sys

    code = "import sys; from vg1core.plugins import PluginHost; PluginHost().load(sys.argv[1], sys.argv[2])"
    try:
        child = subprocess.run(
            [sys.executable, "-c", code, plugin.kind, plugin.name],
            capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"did not finish importing within {timeout:g} s"
    if child.returncode == 0:
        return "ok"
    lines = [line for line in child.stderr.strip().splitlines() if line.strip()]
    said = lines[-1].removeprefix("vg1core.errors.") if lines else ""
    return said or f"the process ended with status {child.returncode}"


def _who(plugin: Plugin) -> str:
    return f"plugin '{plugin.full_name}' ({plugin.origin})"


def _import(plugin: Plugin) -> ModuleType:
    try:
        return importlib.import_module(plugin.module)
    except (KeyboardInterrupt, PluginError):
        raise
    except BaseException as error:  # a plugin may even call sys.exit while it is imported
        hint = ""
        if isinstance(error, ModuleNotFoundError) and error.name and not plugin.module.startswith(error.name):
            hint = f"; install what it needs: pip install {plugin.distribution}"
        raise BrokenPlugin(f"{_who(plugin)} failed to import: {type(error).__name__}: {error}{hint}") from error


def _check_hookimpls(plugin: Plugin, module: ModuleType) -> None:
    """Refuse what pluggy accepts and then calls wrongly, or never."""
    for name, function in vars(module).items():
        if not name.startswith("vg1_") or not callable(function):
            continue
        if getattr(function, "vg1_impl", None) is None:
            raise BrokenPlugin(f"{_who(plugin)}: {name} lacks the @hookimpl decorator, so it would never be called")
        for parameter in inspect.signature(function).parameters.values():
            if parameter.default is not parameter.empty:
                raise BrokenPlugin(f"{_who(plugin)}: argument '{parameter.name}' of {name} must not have a default")
            if parameter.kind is parameter.KEYWORD_ONLY:
                raise BrokenPlugin(f"{_who(plugin)}: argument '{parameter.name}' of {name} must not be keyword-only")


def _base(kind: str) -> type[Any]:
    homes: Mapping[str, tuple[str, str]] = {
        "dataset": ("datasets", "Dataset"),
        "verifier": ("verifiers", "Verifier"),
        "selector": ("selection", "Selector"),
        "benchmark": ("benchmarks", "Benchmark"),
        "backend": ("backends", "Backend"),
        "trainer": ("trainers", "Trainer"),
        "reporter": ("report", "Reporter"),
        "command": ("cli", "Command"),
    }
    module, name = homes[kind]
    base: type[Any] = getattr(importlib.import_module(f"vg1core.{module}"), name)
    return base


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
