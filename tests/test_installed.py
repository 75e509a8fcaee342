"""Listing by metadata, finding source files and checking health: made-up distributions on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vg1core.installed import Plugin, health, installed, source_path

GOOD = "from vg1core import hookimpl\n\n@hookimpl\ndef vg1_report_header(config):\n    return 'here'\n"


@pytest.fixture
def site(tmp_path, monkeypatch) -> Path:
    """A folder that this process and its children find packages in."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def distribution(site: Path, name: str, entry_points: dict[str, str], metadata: str = "Version: 2.5\n") -> None:
    info = site / f"{name.replace('-', '_')}-2.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\n{metadata}" if metadata else "")
    lines = [f"{entry} = {module}\n" for entry, module in entry_points.items()]
    (info / "entry_points.txt").write_text("[vg1]\n" + "".join(lines))


def made_up() -> dict[str, Plugin]:
    return {plugin.full_name: plugin for plugin in installed() if plugin.module.startswith("made_up")}


def test_installed_reads_metadata_and_imports_nothing(site):
    before = set(sys.modules)
    distribution(site, "made-up", {"ext.first": "made_up_a", "dataset.x": "made_up_package.b", "nonsense": "made_up_c"})
    found = made_up()
    assert found["ext.first"] == Plugin("ext", "first", "made-up", "2.5", "made_up_a")
    assert found["ext.first"].origin == "made-up 2.5"
    assert found["nonsense."].kind == "nonsense"
    assert list(found) == ["dataset.x", "ext.first", "nonsense."]
    assert set(sys.modules) == before


def test_a_distribution_without_metadata_is_listed_all_the_same(site):
    distribution(site, "made-up", {"ext.first": "made_up_a"}, metadata="")
    assert made_up()["ext.first"].origin == "unknown ?"


def test_source_path_imports_neither_the_module_nor_its_package(site):
    before = set(sys.modules)
    package = site / "made_up_package"
    (package / "inner").mkdir(parents=True)
    for file in ("__init__.py", "inner/__init__.py", "inner/deep.py", "flat.py"):
        (package / file).write_text("raise RuntimeError('imported')\n")
    expected = {
        "made_up_package": "__init__.py",
        "made_up_package.flat": "flat.py",
        "made_up_package.inner.deep": "inner/deep.py",
    }
    for module, file in expected.items():
        assert source_path(Plugin("ext", "a", "made-up", "1.0", module)) == str(package / file)
    assert set(sys.modules) == before


@pytest.mark.parametrize("module", ["made_up_nowhere", "made_up_nowhere.deep", "json.nowhere", "this.below"])
def test_source_path_of_what_is_not_there(module):
    assert source_path(Plugin("ext", "a", "made-up", "1.0", module)) is None


def test_every_installed_plugin_has_a_source_file():
    assert [plugin for plugin in installed() if not Path(source_path(plugin) or "?").is_file()] == []


HEALTH = {
    "good": (GOOD, "ok"),
    "talks": ("print('loading', end='')\nimport sys; print('note', file=sys.stderr)\n" + GOOD, "ok"),
    "raises": ("raise ValueError('first line\\nsecond line')\n", "plugin 'ext.raises' (made-up 2.5): failed to import: "
               "ValueError: first line second line. Switch it off with -p no:ext.raises, "
               "or report it to the authors of made-up"),
    "rule": (GOOD.replace("config", "setup"), "plugin 'ext.rule' (made-up 2.5): vg1_report_header has no argument "
             "'setup'; its arguments are: config"),
    "exits": ("import sys; sys.exit()\n", "plugin 'ext.exits' (made-up 2.5): failed to import: SystemExit. "
              "Switch it off with -p no:ext.exits, or report it to the authors of made-up"),
    "leaves": ("import os; os._exit(0)\n", "its import ended Python with status 0"),
    "dies": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n", "its import was ended by signal 9"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEALTH)
def test_health(site, name):
    source, expected = HEALTH[name]
    distribution(site, "made-up", {f"ext.{name}": f"made_up_{name}"})
    (site / f"made_up_{name}.py").write_text(source)
    assert health(made_up()[f"ext.{name}"]) == expected
    assert f"made_up_{name}" not in sys.modules


def test_health_of_an_import_that_never_ends(site):
    distribution(site, "made-up", {"ext.slow": "made_up_slow"})
    (site / "made_up_slow.py").write_text("import time; time.sleep(600)\n")
    assert health(made_up()["ext.slow"], timeout=1.5) == "did not finish importing within 1.5 s"


def test_health_takes_no_module_from_the_working_directory(site, tmp_path, monkeypatch):
    """As the command `vg1` does not."""
    distribution(site, "made-up", {"ext.good": "made_up_good"})
    (site / "made_up_good.py").write_text(GOOD)
    (tmp_path / "pluggy.py").write_text("raise RuntimeError('not the one')\n")
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    assert health(made_up()["ext.good"]) == "ok"


def test_health_of_what_is_switched_off(site, monkeypatch):
    distribution(site, "made-up", {"ext.noisy": "made_up_noisy"})
    (site / "made_up_noisy.py").write_text("1 / 0\n")
    monkeypatch.setenv("VG1_DISABLE_PLUGINS", "ext.*")
    assert health(made_up()["ext.noisy"]) == "switched off"


def test_health_of_a_name_that_two_distributions_claim(site):
    for name in ("made-up", "made-up-too"):
        distribution(site, name, {"ext.both": "made_up_both"})
    assert health(made_up()["ext.both"]) == (
        "ext 'both' is offered by made-up 2.5 and by made-up-too 2.5; uninstall one of them: pip uninstall made-up-too"
    )
