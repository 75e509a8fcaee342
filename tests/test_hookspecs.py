"""The hook specifications are documentation: typed, described, in CONTRIBUTING.md, and each with a test."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

from vg1core import hookspecs
from vg1core.plugin_rules import HOOKS

ROOT = Path(__file__).resolve().parent.parent


def test_every_hook_of_the_module_is_a_specification():
    names = {name for name in vars(hookspecs) if name.startswith("vg1_")}
    assert names == set(HOOKS) == {name for name, hook in HOOKS.items() if hasattr(hook, "vg1_spec")}
    assert set(hookspecs.REGISTERING.values()) < names
    assert (*hookspecs.REGISTERING, "prompt", "ext") == hookspecs.KINDS


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_typed_and_described(name):
    hook = HOOKS[name]
    signature = inspect.signature(hook)
    doc = inspect.getdoc(hook) or ""
    assert doc.split("\n")[0].endswith(".")
    assert signature.return_annotation is not signature.empty
    for argument, parameter in signature.parameters.items():
        assert parameter.annotation is not parameter.empty
        assert parameter.default is parameter.empty
        assert re.search(rf"^:param {argument}: \S", doc, re.MULTILINE), f"{argument} of {name} is not described"


def test_the_types_that_hooks_name_exist():
    tree = ast.parse(Path(hookspecs.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [one for block in blocks for one in block.body if isinstance(one, ast.ImportFrom)]
    assert len(imports) > 5
    for one in imports:
        for alias in one.names:
            assert hasattr(importlib.import_module(one.module), alias.name), f"{one.module} has no {alias.name}"


def test_every_hook_has_a_test():
    folders = [ROOT / "tests", *ROOT.glob("plugins/*/tests"), ROOT / "benchmarks" / "tests"]
    tests = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("test_*.py"))
    assert [name for name in HOOKS if f"def test_hook_{name}(" not in tests] == []


def test_every_hook_is_in_the_guide_for_contributors():
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in HOOKS if name not in guide] == []
