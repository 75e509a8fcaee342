"""The plugin host: finding by name, blocking, collisions, loading one at a time, expanding what a person asked for."""

from __future__ import annotations

import sys

import pytest

from vg1core.errors import BrokenPlugin, PluginBlocked, PluginCollision, UnknownPlugin
from vg1core.plugins import Plugin, PluginHost, expand

EXT = "from vg1core import hookimpl\n\n@hookimpl\ndef vg1_report_header(config):\n    return __name__\n"


def rows(*full_names: str, distribution: str = "made-up") -> list[Plugin]:
    """Metadata of plugins that are never imported."""
    return [Plugin(*name.split("."), distribution, "1.0", f"made_up_{name.replace('.', '_')}") for name in full_names]


def said(error: type[Exception], act, *arguments) -> str:
    with pytest.raises(error) as caught:
        act(*arguments)
    return str(caught.value)


# Finding


def test_names_are_listed_by_kind_without_importing():
    host = PluginHost(plugins=rows("dataset.b", "dataset.a", "ext.c"))
    assert host.names("dataset") == ["a", "b"]
    assert [plugin.full_name for plugin in host.all()] == ["dataset.a", "dataset.b", "ext.c"]
    assert host.loaded == []


def test_describe_says_distribution_and_version():
    assert PluginHost(plugins=rows("dataset.a", distribution="vg1-plugin-x")).describe("dataset", "a") == (
        "vg1-plugin-x 1.0"
    )


def test_an_unknown_name_brings_the_nearest_installed_one():
    host = PluginHost(plugins=rows("dataset.triangles", "verifier.triangle"))
    assert said(UnknownPlugin, host.get, "dataset", "triangels") == (
        "no dataset named 'triangels'; did you mean 'triangles'?"
    )


def test_an_unknown_name_that_the_catalogue_knows_brings_its_distribution():
    host = PluginHost(plugins=[])
    assert said(UnknownPlugin, host.get, "dataset", "geometry3k") == (
        "dataset 'geometry3k' is in vg1-plugin-math, which is not installed: pip install vg1-plugin-math"
    )
    assert said(UnknownPlugin, host.get, "dataset", "geometry-3k") == (
        "no dataset named 'geometry-3k'; did you mean 'geometry3k'? It is not installed: pip install vg1-plugin-math"
    )


def test_an_older_distribution_that_lacks_the_name_has_to_be_upgraded():
    host = PluginHost(plugins=rows("dataset.older", distribution="vg1-plugin-math"))
    assert said(UnknownPlugin, host.get, "dataset", "geometry3k") == (
        "dataset 'geometry3k' is in vg1-plugin-math, the installed vg1-plugin-math 1.0 lacks it: "
        "pip install --upgrade vg1-plugin-math"
    )


def test_a_name_like_nothing_brings_the_listing():
    assert said(UnknownPlugin, PluginHost(plugins=[]).get, "dataset", "qqqqqqq") == (
        "no dataset named 'qqqqqqq'; `vg1 plugins` lists what is installed"
    )


def test_an_unknown_kind_is_named():
    host = PluginHost(plugins=[])
    assert said(UnknownPlugin, host.get, "datset", "a") == (
        "there is no kind of plugin named 'datset'; did you mean 'dataset'?"
    )
    assert said(UnknownPlugin, host.get, "zzz", "a").endswith(
        "the kinds are: dataset, verifier, selector, benchmark, backend, trainer, reporter, command, prompt, ext"
    )


# Blocking


def test_what_is_blocked_is_neither_named_nor_loaded(make_plugin):
    plugin = make_plugin("ext.noisy", "raise RuntimeError('imported')")
    host = PluginHost(plugins=[plugin, *rows("ext.calm")], block=["ext.noisy"])
    assert host.names("ext") == ["calm"]
    assert said(PluginBlocked, host.load, "ext", "noisy") == (
        "ext 'noisy' is switched off by 'ext.noisy' (-p no:ext.noisy, or in VG1_DISABLE_PLUGINS)"
    )
    assert plugin.module not in sys.modules


def test_the_environment_blocks_too(monkeypatch):
    monkeypatch.setenv("VG1_DISABLE_PLUGINS", " dataset.a , ext.*,")
    host = PluginHost(plugins=rows("dataset.a", "dataset.b", "ext.c", "ext.d"), block=["dataset.b"])
    assert (host.names("dataset"), host.names("ext")) == ([], [])
    assert said(PluginBlocked, host.find, "ext", "d") == (
        "ext 'd' is switched off by 'ext.*' (-p no:ext.*, or in VG1_DISABLE_PLUGINS)"
    )


def test_a_blocked_name_is_not_offered_as_the_nearest():
    host = PluginHost(plugins=rows("dataset.triangles"), block=["dataset.tri*"])
    assert "did you mean" not in said(UnknownPlugin, host.get, "dataset", "square_triangles")


# Collisions


def test_two_distributions_with_one_name_are_both_named():
    host = PluginHost(plugins=[*rows("ext.a", distribution="first"), *rows("ext.a", "ext.b", distribution="second")])
    for act in (host.find, host.load, host.get):
        assert said(PluginCollision, act, "ext", "a") == (
            "ext 'a' is offered by first 1.0 and by second 1.0; uninstall one of them: pip uninstall second"
        )
    assert host.names("ext") == ["a", "b"]
    assert host.find("ext", "b").distribution == "second"


def test_one_module_under_two_names_is_refused(make_plugin):
    first = make_plugin("ext.first", EXT, module="made_up_shared")
    second = make_plugin("ext.second", EXT, module="made_up_shared")
    host = PluginHost(plugins=[first, second])
    host.load("ext", "first")
    assert said(BrokenPlugin, host.load, "ext", "second") == (
        "plugin 'ext.second' (made-up 1.0): its module made_up_shared is also the module of 'ext.first'; "
        "each plugin needs one of its own"
    )
    assert [plugin.name for plugin in host.loaded] == ["first"]


# Loading


def test_loading_one_plugin_imports_only_its_module(make_plugin):
    one = make_plugin("ext.one", EXT, module="made_up_package.one")
    make_plugin("ext.two", EXT, module="made_up_package.two")
    host = PluginHost(plugins=[one, *rows("ext.two")])
    assert host.load("ext", "one") == one
    assert host.load("ext", "one") == one  # a second time is nothing
    assert host.loaded == [one]
    assert "made_up_package.one" in sys.modules
    assert "made_up_package.two" not in sys.modules


def test_a_class_is_loaded_once(make_plugin, verifier_source):
    host = PluginHost(plugins=[make_plugin("verifier.half", verifier_source)])
    assert host.get("verifier", "half") is host.get("verifier", "half")


def test_a_broken_plugin_does_not_keep_others_from_loading(make_plugin, verifier_source):
    broken = make_plugin("ext.broken", "import a_package_nobody_has")
    host = PluginHost(plugins=[broken, make_plugin("verifier.half", verifier_source)])
    assert "a_package_nobody_has" in said(BrokenPlugin, host.load, "ext", "broken")
    assert host.get("verifier", "half").name == "half"
    assert [plugin.full_name for plugin in host.loaded] == ["verifier.half"]


@pytest.mark.parametrize("mistake", ["1 / 0\n", EXT.replace("_header", "_headr"), EXT.replace("config", "confg"),
                                     EXT.replace("hookimpl\ndef", "hookimpl(wrapper=True)\ndef")])  # fmt: skip
def test_what_failed_can_be_loaded_once_it_is_mended(make_plugin, mistake):
    host = PluginHost(plugins=[make_plugin("ext.a", mistake)])
    said(BrokenPlugin, host.load, "ext", "a")
    assert host.broadcast("vg1_report_header", config={}) == []
    sys.modules.pop("made_up_ext_a", None)
    make_plugin("ext.a", EXT)
    host.load("ext", "a")
    assert host.broadcast("vg1_report_header", config={}) == ["made_up_ext_a"]


# What a person asked for

DIMENSION = {"lines": "math", "planes": "math", "cells": "medical", "local": "science"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("all", ["cells", "lines", "local", "planes"]),
        ("math", ["lines", "planes"]),
        ("*e*s", ["cells", "lines", "planes"]),
        ("[cl]*", ["cells", "lines", "local"]),
        ("planes,cells", ["planes", "cells"]),
        (" planes , math,", ["planes", "lines"]),
        ("local:my/rows.toml", ["local:my/rows.toml"]),
        ("local:my/*.jsonl,local:b", ["local:my/*.jsonl", "local:b"]),
    ],
)
def test_expand(wanted, expected):
    host = PluginHost(plugins=rows(*(f"dataset.{name}" for name in DIMENSION), "benchmark.other"))
    assert expand(host, "dataset", wanted, DIMENSION.get) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("lines,plane", "no dataset named 'plane'; did you mean 'planes'?"),
        ("lcal:my/rows.toml", "no dataset named 'lcal'; did you mean 'local'?"),
        ("geometry3k", "dataset 'geometry3k' is in vg1-plugin-math, which is not installed: pip install"),
        ("zz*", "no installed dataset matches 'zz*', or it is switched off"),
        ("gui", "no installed dataset matches 'gui', or it is switched off"),
        (" , ", "no dataset was named; give a name, a dimension, a pattern or all"),
    ],
)
def test_expand_says_what_is_not_there(wanted, expected):
    host = PluginHost(plugins=rows(*(f"dataset.{name}" for name in DIMENSION)))
    assert said(UnknownPlugin, expand, host, "dataset", wanted, DIMENSION.get).startswith(expected)


def test_expand_leaves_blocked_names_out_of_all_but_refuses_them_by_name():
    host = PluginHost(plugins=rows("dataset.lines", "dataset.planes"), block=["dataset.planes"])
    assert expand(host, "dataset", "all", DIMENSION.get) == ["lines"]
    assert expand(host, "dataset", "math", DIMENSION.get) == ["lines"]
    assert said(PluginBlocked, expand, host, "dataset", "planes", DIMENSION.get).startswith(
        "dataset 'planes' is switched off by 'dataset.planes'"
    )


def test_expand_names_the_distributions_of_a_dimension_that_is_not_installed():
    message = said(UnknownPlugin, expand, PluginHost(plugins=[]), "dataset", "math", DIMENSION.get)
    assert message.startswith("no installed dataset matches 'math', or it is switched off: pip install ")
    assert "vg1-plugin-math" in message
    assert said(UnknownPlugin, expand, PluginHost(plugins=[]), "dataset", "all", DIMENSION.get).startswith(
        "no dataset is installed, or it is switched off: pip install "
    )
