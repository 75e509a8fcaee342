"""Importing a plugin: what can fail there, and the kinds of targets that a verifier brings along."""

from __future__ import annotations

import json
import sys

import pytest

from vg1core import io
from vg1core.errors import BrokenPlugin, DataError
from vg1core.plugins import Plugin, PluginHost
from vg1core.types import TARGET_KINDS, Sample

# Imports that fail

IMPORTS = {
    "missing package": (
        "import a_package_nobody_has",
        "ModuleNotFoundError: No module named 'a_package_nobody_has'. Install what it needs: pip install made-up",
    ),
    "too old a package": (
        "from json import of_tomorrow",
        "ImportError: cannot import name 'of_tomorrow' from 'json' (FILE). Install what it needs: pip install made-up",
    ),
    "syntax": (
        "def broken(:\n",
        "SyntaxError: invalid syntax (made_up_ext_bad.py, line 1). "
        "Switch it off with -p no:ext.bad, or report it to the authors of made-up",
    ),
    "leaves Python": (
        "import sys; sys.exit(4)",
        "SystemExit: 4. Switch it off with -p no:ext.bad, or report it to the authors of made-up",
    ),
    "raises": (
        "1 / 0",
        "ZeroDivisionError: division by zero. Switch it off with -p no:ext.bad, or report it to the authors of made-up",
    ),
}


@pytest.mark.parametrize(("source", "expected"), IMPORTS.values(), ids=IMPORTS)
def test_a_failing_import_names_the_way_out(refusal, source, expected):
    said = refusal("ext.bad", source)
    assert said.replace(str(json.__file__), "FILE") == f"plugin 'ext.bad' (made-up 1.0): failed to import: {expected}"
    assert "made_up_ext_bad" not in sys.modules


def test_a_module_that_is_gone_has_to_be_installed_again():
    gone = Plugin("ext", "gone", "made-up", "1.0", "made_up_package_that_left.module")
    with pytest.raises(BrokenPlugin) as caught:
        PluginHost(plugins=[gone]).load("ext", "gone")
    assert str(caught.value) == (
        "plugin 'ext.gone' (made-up 1.0): failed to import: ModuleNotFoundError: No module named "
        "'made_up_package_that_left'. Install it again: pip install --force-reinstall --no-deps made-up"
    )


def test_an_interrupt_during_an_import_is_not_swallowed(make_plugin):
    plugin = make_plugin("ext.slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        PluginHost(plugins=[plugin]).load("ext", "slow")


# Kinds of targets

OWN_KIND = """
    from dataclasses import dataclass
    from typing import ClassVar
    from vg1core import Verifier, hookimpl
    from vg1core.types import Score, Target, TextTarget

    @dataclass(frozen=True, slots=True, kw_only=True)
    class ColourTarget(Target):
        red: int
        names: tuple[str, ...] = ()
        kind: ClassVar[str] = "colour"

    class Colour(Verifier):
        name, targets = "colour", (ColourTarget, TextTarget)

        def verify(self, response, sample):
            return Score(value=0.0, status="incorrect")

    @hookimpl
    def vg1_register_verifiers(register):
        register(Colour)
    """
LINE = b'{"id":"a","dimension":"math","messages":[],"target":{"kind":"colour","red":3},"verifier":"colour"}'


def test_a_verifier_brings_a_kind_of_target(make_plugin):
    host = PluginHost(plugins=[make_plugin("verifier.colour", OWN_KIND)])
    with pytest.raises(DataError, match=r"unknown kind of target 'colour'; known: boxes, .* once that verifier is"):
        io.from_json(LINE, Sample)
    cls = host.get("verifier", "colour")
    sample = io.from_json(LINE, Sample)
    assert sample.target == cls.targets[0](red=3)
    assert io.from_json(io.to_json(sample, Sample), Sample) == sample
    with pytest.raises(DataError, match=r"field 'target\.red': Input should be a valid integer.*\(value: 'blue'\)"):
        io.from_json(LINE.replace(b"3", b'"blue"'), Sample)
    PluginHost(plugins=host.all()).load("verifier", "colour")  # a second host meets the same class again


def test_two_verifiers_cannot_share_a_kind_of_target(make_plugin):
    rival = make_plugin("verifier.rival", OWN_KIND.replace('"colour", (C', '"rival", (C'), distribution="rival")
    host = PluginHost(plugins=[make_plugin("verifier.colour", OWN_KIND), rival])
    host.load("verifier", "colour")
    with pytest.raises(BrokenPlugin) as caught:
        host.load("verifier", "rival")
    assert str(caught.value) == (
        "plugin 'verifier.rival' (rival 1.0): its kind of target 'colour' belongs to "
        "made_up_verifier_colour.ColourTarget already; choose another kind"
    )
    assert TARGET_KINDS["colour"].__module__ == "made_up_verifier_colour"


def test_a_refused_verifier_leaves_no_kind_behind(refusal):
    clash = OWN_KIND.replace("(ColourTarget, TextTarget)", "(ColourTarget, Other)").replace(
        "class Colour(Verifier)",
        "@dataclass\n    class Other(Target):\n        kind: ClassVar[str] = 'text'\n\n    class Colour(Verifier)",
    )
    said = refusal("verifier.colour", clash)
    assert said.endswith("its kind of target 'text' belongs to vg1core.types.TextTarget already; choose another kind")
    assert "colour" not in TARGET_KINDS


def test_a_verifier_may_accept_every_kind(make_plugin, verifier_source):
    source = verifier_source.replace("TextTarget", "Target")
    PluginHost(plugins=[make_plugin("verifier.half", source)]).load("verifier", "half")
    assert "" not in TARGET_KINDS
