"""The public names: sorted, complete, importable, and imported late."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import vg1core


def typed_names() -> dict[str, str]:
    """Public name → module, as type checkers read it."""
    tree = ast.parse(Path(vg1core.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    return {alias.name: str(one.module) for one in block.body for alias in one.names}


def test_all_is_sorted_and_the_same_for_people_and_type_checkers():
    assert vg1core.__all__ == sorted(vg1core.__all__)
    assert vg1core.__all__ == sorted(typed_names())


@pytest.mark.parametrize("name", vg1core.__all__)
def test_every_name_is_importable_from_where_it_is_said_to_live(name):
    home = importlib.import_module(typed_names()[name])
    assert getattr(vg1core, name) is getattr(home, name)
    if inspect.isclass(value := getattr(vg1core, name)) or inspect.isfunction(value):
        assert inspect.getdoc(value), f"{name} has no docstring"


def test_dir_lists_what_was_not_imported_yet():
    code = "import vg1core; print(set(vg1core.__all__) <= set(dir(vg1core)), 'PluginHost' in vars(vg1core))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_importing_vg1core_imports_nothing_else():
    code = "import sys; before = set(sys.modules); import vg1core; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    foreign = [name for name in done.stdout.split() if name.split(".")[0] not in sys.stdlib_module_names]
    assert foreign == ["vg1core"]


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match="module 'vg1core' has no attribute 'Verifyer'"):
        vg1core.Verifyer  # noqa: B018  # looking the name up is the test


def test_star_import_gives_all():
    names: dict[str, object] = {}
    exec("from vg1core import *", names)
    assert set(vg1core.__all__) <= set(names)
