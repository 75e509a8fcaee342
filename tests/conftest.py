"""Fixtures of the core's own tests: made-up plugins, as modules in a temporary folder."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from vg1core.errors import BrokenPlugin
from vg1core.installed import Plugin
from vg1core.plugins import PluginHost
from vg1core.types import TARGET_KINDS

MakePlugin = Callable[..., Plugin]


@pytest.fixture
def make_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePlugin]:
    """Write a plugin's module and return what its metadata would say: `make_plugin("ext.counter", source)`.

    Modules and kinds of targets that a test brought into this process are gone after it.
    """
    folder = tmp_path / "made_up"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    modules, kinds = set(sys.modules), dict(TARGET_KINDS)

    def make(
        full_name: str,
        source: str,
        *,
        module: str | None = None,
        distribution: str = "made-up",
        version: str = "1.0",
    ) -> Plugin:
        kind, _, name = full_name.partition(".")
        module = module or f"made_up_{kind}_{name}"
        path = folder / f"{module.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(source), encoding="utf-8")
        importlib.invalidate_caches()
        return Plugin(kind, name, distribution, version, module)

    yield make
    for name in set(sys.modules) - modules:
        if name.startswith("made_up"):
            del sys.modules[name]
    TARGET_KINDS.clear()
    TARGET_KINDS.update(kinds)


@pytest.fixture
def refusal(make_plugin: MakePlugin) -> Callable[..., str]:
    """Load a plugin that is broken and return what its author reads: `refusal("ext.counter", source)`."""

    def refuse(full_name: str, source: str, **more: str) -> str:
        plugin = make_plugin(full_name, source, **more)
        host = PluginHost(plugins=[plugin])
        with pytest.raises(BrokenPlugin) as caught:
            host.load(plugin.kind, plugin.name)
        assert host.loaded == []
        return str(caught.value)

    return refuse


@pytest.fixture
def verifier_source() -> str:
    """The module of a verifier plugin named `half`, right in every way; tests break it by replacing a part."""
    return dedent(
        """
        from vg1core import Verifier, hookimpl
        from vg1core.types import Score, TextTarget

        class Half(Verifier):
            name = "half"
            targets = (TextTarget,)

            def verify(self, response, sample):
                return Score(value=0.5, status="partial")

        @hookimpl
        def vg1_register_verifiers(register):
            register(Half)
        """
    )
