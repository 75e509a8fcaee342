"""What is installed: plugins as package metadata tells of them. Nothing here imports a plugin into this process."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

GROUP = "vg1"
"""The entry-point group of every plugin."""


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
    # A half-removed distribution carries no name; what is left of it is listed, not hidden.
    distribution, version = (dist.name or "unknown", dist.version or "?") if dist else ("unknown", "?")
    return Plugin(kind, name, distribution, version, entry.value)


def source_path(plugin: Plugin) -> str | None:
    """Where the plugin's module lies, without importing it or its package; None where there is no such file."""
    path: Sequence[str] | None = None
    origin, parts = None, plugin.module.split(".")
    for depth in range(len(parts)):
        name = ".".join(parts[: depth + 1])
        # Every finder is asked, since editable installs of setuptools bring one of their own.
        specs = (finder.find_spec(name, path) for finder in sys.meta_path)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is None:
            return None
        origin, path = spec.origin, spec.submodule_search_locations
        if path is None and depth + 1 < len(parts):
            return None
    return origin


_CHILD = """
import sys
from vg1core.errors import PluginBlocked, VG1Error
from vg1core.plugins import PluginHost
try:
    PluginHost().load(*sys.argv[1:])
except PluginBlocked:
    sys.exit("switched off")
except VG1Error as error:
    sys.exit(" ".join(str(error).split()))
print("\\nloaded")
"""


def health(plugin: Plugin, *, timeout: float = 120.0) -> str:
    """Load an installed plugin in a child process; `ok`, `switched off` (VG1_DISABLE_PLUGINS), or what failed.

    Always one line.
    """
    import subprocess

    try:
        child = subprocess.run(
            # -P: like the vg1 command, take no module from the working directory.
            [sys.executable, "-P", "-c", _CHILD, plugin.kind, plugin.name],
            capture_output=True, text=True, errors="replace", timeout=timeout, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"did not finish importing within {timeout:g} s"
    # The word is asked for because a module that leaves by os._exit(0) ends with status 0 as well.
    if child.returncode == 0 and child.stdout.rstrip().endswith("loaded"):
        return "ok"
    if child.returncode < 0:
        return f"its import was ended by signal {-child.returncode}"
    lines = [line for line in child.stderr.splitlines() if line.strip()]
    return (
        lines[-1].strip() if lines and child.returncode else f"its import ended Python with status {child.returncode}"
    )
