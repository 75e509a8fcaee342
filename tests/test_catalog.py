"""The catalogue, package metadata and the classes say the same."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from vg1core import catalog
from vg1core.errors import DataError
from vg1core.installed import installed
from vg1core.plugins import PluginHost, name_of

ROOT = Path(__file__).resolve().parent.parent
MEMBERS = [*sorted(ROOT.glob("plugins/*/pyproject.toml")), ROOT / "benchmarks" / "pyproject.toml"]
PROJECTS = {tomllib.loads(path.read_text(encoding="utf-8"))["project"]["name"]: path for path in MEMBERS}
FIRST_PARTY = [plugin for plugin in installed() if plugin.distribution in PROJECTS]


def test_the_generator_has_nothing_to_write():
    command = [sys.executable, str(ROOT / "registry" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_installed_plugin_has_a_row_and_every_row_is_installed():
    here = {(plugin.kind, plugin.name, plugin.distribution) for plugin in FIRST_PARTY}
    installed_distributions = {plugin.distribution for plugin in FIRST_PARTY}
    rows = {(row.kind, row.name, row.distribution) for row in catalog.load()}
    assert here - rows == set()
    assert {row for row in rows if row[2] in installed_distributions} - here == set()
    assert {row[2] for row in rows} <= set(PROJECTS)


def test_metadata_is_what_pyproject_says():
    written = {
        (name, entry)
        for name, path in PROJECTS.items()
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["project"]["entry-points"]["vg1"].items()
    }
    assert {(plugin.distribution, (plugin.full_name, plugin.module)) for plugin in FIRST_PARTY} == written


@pytest.mark.parametrize("plugin", FIRST_PARTY, ids=lambda plugin: plugin.full_name)
def test_the_class_says_what_its_row_says(plugin):
    host = PluginHost(plugins=[plugin])
    host.load(plugin.kind, plugin.name)
    if plugin.kind in ("prompt", "ext"):
        assert plugin.module.rpartition(".")[2] == plugin.name
        return
    cls, row = host.get(plugin.kind, plugin.name), catalog.find(plugin.kind, plugin.name)
    assert (name_of(cls), row.summary) == (plugin.name, cls.__doc__.strip().split("\n")[0])
    if plugin.kind == "verifier":
        assert row.facts["targets"] == [target.kind for target in cls.targets]
    for name, value in row.facts.items():
        if plugin.kind in ("dataset", "benchmark"):
            said = getattr(cls.info, name)
            assert value == (list(said) if isinstance(said, tuple) else said)


SOURCES = [plugin for plugin in FIRST_PARTY if plugin.kind in ("dataset", "benchmark")]


@pytest.mark.parametrize("plugin", SOURCES, ids=lambda plugin: plugin.full_name)
def test_the_licence_was_written_down_not_left_at_its_default(plugin):
    """`unknown` is allowed, but somebody has to have looked and said so. Your own rows have the licence you say."""
    cls = PluginHost(plugins=[plugin]).get(plugin.kind, plugin.name)
    assert cls.info.licence.strip()
    if not cls.info.hub_id:
        return
    owner = next(base for base in cls.__mro__ if "info" in vars(base))
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "licence" in {keyword.arg for call in calls for keyword in call.keywords}


def test_a_row_is_found_by_kind_and_name():
    row = catalog.find("dataset", "geometry3k")
    assert (row.distribution, row.facts["licence"]) == ("vg1-plugin-math", "mit")
    assert catalog.find("benchmark", "geometry3k") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[dataset.x\n", r"broken\.toml: not TOML: "),
        ("[dataset.x]\nsummary = 'a'\n", r"broken\.toml, row \[dataset\.x\]: a row is a table .* \(value: \{'summ"),
        ("[dataset]\nx = 3\n", r"row \[dataset\.x\]: a row is a table \[<kind>\.<name>\] that says its distribution"),
        ("dataset = 3\n", r"row \[dataset\.\?\]: a row is a table"),
    ],
)
def test_a_bad_row_is_named(tmp_path, text, expected):
    (tmp_path / "broken.toml").write_text(text)
    with pytest.raises(DataError, match=expected):
        catalog.load(tmp_path)


def test_rows_of_third_parties_may_lie_beside_the_generated_ones(tmp_path):
    (tmp_path / "others.toml").write_text("[verifier.colour]\ndistribution = 'somebody-s'\nhomepage = 'https://x'\n")
    (row,) = catalog.load(tmp_path)
    assert (row.kind, row.name, row.distribution, row.facts) == (
        "verifier", "colour", "somebody-s", {"homepage": "https://x"},
    )  # fmt: skip


# The generator itself


@pytest.fixture
def generate(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "registry"))
    return importlib.import_module("generate")


MODULE = '''"""Made up."""
from vg1core import hookimpl

@hookimpl
def vg1_record_done(record):
    pass

@hookimpl
def vg1_register_reporters(register):
    class Thing:
        """A thing of "quotes" and \\\\ strokes."""
        name = "thing"
    register(Thing)
'''


def member(tmp_path: Path, package: str, modules: dict[str, str]) -> Path:
    folder = tmp_path / package / "src" / package
    folder.mkdir(parents=True)
    (folder.parent.parent / "pyproject.toml").write_text(
        f'[project]\nname = "{package}"\n\n[project.entry-points.vg1]\n"old.entry" = "gone"\n'
    )
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    return folder.parent.parent


def test_entry_points_and_rows_are_made_from_the_modules(generate, tmp_path, monkeypatch):
    folder = member(tmp_path, "made_up_gen_a", {"things": MODULE, "plain": "x = 1\n", "__init__": ""})
    monkeypatch.setattr(generate, "members", lambda: [folder])
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert generate.entry_points(folder).endswith(
        '[project.entry-points.vg1]\n"reporter.thing" = "made_up_gen_a.things"\n'
    )
    (text,) = generate.registry_rows().values()
    assert tomllib.loads(text)["reporter"]["thing"] == {
        "distribution": "made_up_gen_a", "summary": 'A thing of "quotes" and \\ strokes.',
    }  # fmt: skip


def test_two_plugins_of_one_name_are_refused(generate, tmp_path, monkeypatch):
    folders = [member(tmp_path, f"made_up_gen_{letter}", {"things": MODULE}) for letter in "bc"]
    monkeypatch.setattr(generate, "members", lambda: folders)
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(SystemExit, match=r"two plugins claim \[reporter\.thing\]; the second is made_up_gen_c\.things"):
        generate.registry_rows()


def test_a_plugin_without_a_docstring_is_refused(generate, tmp_path, monkeypatch):
    source = "from vg1core import hookimpl\n\n@hookimpl\ndef vg1_record_done(record):\n    pass\n"
    folder = member(tmp_path, "made_up_gen_d", {"silent": source})
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(SystemExit, match=r"made_up_gen_d/src/made_up_gen_d/silent\.py: the module has no docstring"):
        generate.plugins_of(folder)
