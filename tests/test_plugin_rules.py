"""Mistakes in a plugin's module or class. pluggy lets several of them pass; each has to be told to its author."""

from __future__ import annotations

import pytest

from vg1core import plugin_rules
from vg1core.errors import BrokenPlugin
from vg1core.plugins import PluginHost

WHO = "plugin 'verifier.half' (made-up 1.0): "


BREAKS = {
    "misspelt hook": (
        "def vg1_register_verifiers(", "def vg1_register_verifier(",
        "there is no hook vg1_register_verifier; did you mean 'vg1_register_verifiers'?",
    ),
    "misspelt prefix": (
        "def vg1_register_verifiers(", "def vgl_register_verifiers(",
        "there is no hook vgl_register_verifiers; did you mean 'vg1_register_verifiers'?",
    ),
    "unlike any hook": (
        "def vg1_register_verifiers(", "def setup(",
        "there is no hook setup",
    ),
    "forgotten hookimpl": (
        "@hookimpl\n", "",
        "vg1_register_verifiers lacks the @hookimpl decorator, so it would never be called",
    ),
    "misspelt argument": (
        "(register)", "(registr)",
        "vg1_register_verifiers has no argument 'registr'; did you mean 'register'?",
    ),
    "invented argument": (
        "(register):", "(register, level):",
        "vg1_register_verifiers has no argument 'level'; its arguments are: register",
    ),
    "keywords": (
        "(register):", "(register, **options):",
        "vg1_register_verifiers has no argument 'options'; its arguments are: register",
    ),
    "default": (
        "(register):", "(register=print):",
        "argument 'register' of vg1_register_verifiers must not have a default; write register alone",
    ),
    "keyword-only": (
        "(register):", "(*, register):",
        "argument 'register' of vg1_register_verifiers must not be keyword-only; remove the * before it",
    ),
    "no argument": (
        "(register):\n    register(Half)", "():\n    return None",
        "vg1_register_verifiers has to take the argument 'register'",
    ),
    "coroutine": (
        "def vg1_register", "async def vg1_register",
        "vg1_register_verifiers has to be a plain function; called, it would only make a generator or coroutine",
    ),
    "generator": (
        "    register(Half)", "    yield register(Half)",
        "vg1_register_verifiers has to be a plain function; called, it would only make a generator or coroutine",
    ),
    "wrapper that is none": (
        "@hookimpl\n", "@hookimpl(wrapper=True)\n",
        "Plugin 'verifier.half' for hook 'vg1_register_verifiers' hookimpl definition: "
        "vg1_register_verifiers(register) Declared as wrapper=True or hookwrapper=True "
        "but function is not a generator function",
    ),
    "hook raises": (
        "    register(Half)", "    raise KeyError('colour')",
        "vg1_register_verifiers raised KeyError: 'colour'",
    ),
    "hook leaves": (
        "    register(Half)", "    raise SystemExit(3)",
        "vg1_register_verifiers raised SystemExit: 3",
    ),
    "registers nothing": (
        "    register(Half)", "    pass",
        "vg1_register_verifiers has to register one class; it registered 0",
    ),
    "registers two": (
        "    register(Half)", "    register(Half); register(Verifier)",
        "vg1_register_verifiers has to register one class; it registered 2: Half, Verifier",
    ),
    "registers an instance": (
        "register(Half)", "register(Half())",
        "register takes a subclass of vg1core.verifiers.Verifier, not an instance of Half",
    ),
    "wrong base": (
        "class Half(Verifier)", "class Half",
        "register takes a subclass of vg1core.verifiers.Verifier, not Half",
    ),
    "abstract": (
        "def verify(", "def check(",
        "Half lacks verify",
    ),
    "another name": (
        'name = "half"', 'name = "third"',
        "the class Half is named 'third', its entry point 'verifier.half'; "
        "set the name in its attribute 'name' to 'half', or rename the entry point",
    ),
    "no name": (
        'name = "half"', "",
        "the class Half has no name, its entry point 'verifier.half'; "
        "set the name in its attribute 'name' to 'half', or rename the entry point",
    ),
    "no targets": (
        "targets = (TextTarget,)", "",
        "Half.targets has to be a tuple of the classes of targets it accepts",
    ),
    "targets by name": (
        "(TextTarget,)", '("text",)',
        "Half.targets holds 'text'; each has to be a dataclass derived from vg1core.types.Target with a `kind`",
    ),
    "needs its hook": (
        "def vg1_register_verifiers(register):\n    register(Half)", "def vg1_record_done(record):\n    pass",
        "a verifier needs a hookimpl named vg1_register_verifiers",
    ),
    "two kinds in one module": (
        "@hookimpl\n", "@hookimpl\ndef vg1_register_datasets(register):\n    pass\n\n@hookimpl\n",
        "vg1_register_datasets is never called for plugins of the kind verifier; "
        "give it a module and an entry point 'dataset.<name>' of its own",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("part", "instead", "expected"), BREAKS.values(), ids=BREAKS)
def test_a_broken_rule_is_told_to_the_author(refusal, verifier_source, part, instead, expected):
    assert part in verifier_source
    assert refusal("verifier.half", verifier_source.replace(part, instead)) == WHO + expected


def test_every_missing_method_is_listed(refusal):
    source = """
        from vg1core import Backend, hookimpl

        class Echo(Backend):
            name = "echo"

        @hookimpl
        def vg1_register_backends(register):
            register(Echo)
        """
    said = refusal("backend.echo", source)
    assert said == "plugin 'backend.echo' (made-up 1.0): Echo lacks coordinate_space, generate, identity"


def test_a_dataset_carries_its_name_in_info(refusal):
    source = """
        from vg1core import Dataset, DatasetInfo, hookimpl

        class Shapes(Dataset):
            info = DatasetInfo(name="forms", dimension="math", verifier="exact")

            def to_sample(self, row, index):
                return self.skip(index, "never asked")

        @hookimpl
        def vg1_register_datasets(register):
            register(Shapes)
        """
    assert refusal("dataset.shapes", source) == (
        "plugin 'dataset.shapes' (made-up 1.0): the class Shapes is named 'forms', its entry point 'dataset.shapes'; "
        "set the name in its info to 'shapes', or rename the entry point"
    )


def test_a_prompt_needs_its_hook(refusal):
    source = "from vg1core import hookimpl\n\n@hookimpl\ndef vg1_report_header(config):\n    return 'x'\n"
    assert refusal("prompt.polite", source) == (
        "plugin 'prompt.polite' (made-up 1.0): a prompt needs a hookimpl named vg1_build_prompt"
    )


def test_a_module_without_hooks_is_refused(refusal):
    """As is one whose hooks are methods of an object: only functions at the module's top are looked at."""
    source = """
        from vg1core import hookimpl

        class Watcher:
            @hookimpl
            def vg1_record_done(self, record):
                print(record)

        watcher = Watcher()
        """
    assert refusal("ext.watcher", source) == (
        "plugin 'ext.watcher' (made-up 1.0): made_up_ext_watcher implements no hook; "
        "decorate functions at its top level with @hookimpl"
    )


def test_a_kind_that_does_not_exist_is_named(refusal, verifier_source):
    assert refusal("verifiers.half", verifier_source) == (
        "plugin 'verifiers.half' (made-up 1.0): there is no kind of plugin named 'verifiers'; did you mean 'verifier'?"
    )
    assert refusal("half", verifier_source) == (
        "plugin 'half.' (made-up 1.0): there is no kind of plugin named 'half'; the kinds are: dataset, verifier, "
        "selector, benchmark, backend, trainer, reporter, command, prompt, ext"
    )


def test_hooks_of_a_later_vg1_may_be_implemented_as_optional(make_plugin, verifier_source):
    source = verifier_source + "\n@hookimpl(optionalhook=True)\ndef vg1_of_tomorrow(anything):\n    pass\n"
    plugin = make_plugin("verifier.half", source)
    assert PluginHost(plugins=[plugin]).load("verifier", "half") == plugin


def test_a_hook_may_have_a_name_of_its_own_in_the_module(make_plugin, verifier_source):
    source = verifier_source.replace("@hookimpl\ndef vg1_register_verifiers",
                                     "@hookimpl(specname='vg1_register_verifiers')\ndef hand_over")  # fmt: skip
    assert PluginHost(plugins=[make_plugin("verifier.half", source)]).get("verifier", "half").name == "half"


def test_what_only_pluggy_finds_wrong_is_attributed_and_leaves_nothing_behind(make_plugin, monkeypatch):
    """Its own check for hooks without a specification has the last word after each load."""
    monkeypatch.setitem(plugin_rules.HOOKS, "vg1_of_tomorrow", lambda config: None)
    source = "from vg1core import hookimpl\n\n@hookimpl\ndef vg1_of_tomorrow(config):\n    pass\n"
    sound = make_plugin("ext.sound", source.replace("of_tomorrow", "report_header"))
    host = PluginHost(plugins=[make_plugin("ext.early", source), sound])
    with pytest.raises(BrokenPlugin, match=r"^plugin 'ext\.early' \(made-up 1\.0\): unknown hook 'vg1_of_tomorrow' in"):
        host.load("ext", "early")
    assert host.load("ext", "sound") == sound
    assert host.loaded == [sound]


# What pluggy stumbles over in plugins that are objects cannot happen here, because a plugin is always a module: an
# entry point that names an object is refused, and what else lies in a module is not touched.


def test_an_entry_point_that_names_an_object_is_refused(make_plugin, refusal, verifier_source):
    """Only objects have properties, which pluggy 1.6 evaluates, or are unhashable, or equal one another."""
    make_plugin("verifier.half", verifier_source)
    said = refusal("verifier.half", "", module="made_up_verifier_half:Half")
    assert said == (
        WHO + "its entry point names 'made_up_verifier_half:Half'; "
        "it has to name the module alone: 'made_up_verifier_half'"
    )


def test_objects_in_a_module_are_left_alone(make_plugin, verifier_source):
    """A property that raises, an unhashable dataclass and one equal to everything do not matter in a module."""
    source = verifier_source + (
        "\nfrom dataclasses import dataclass\n"
        "class Touchy:\n"
        "    @property\n"
        "    def vg1_impl(self):\n"
        "        raise RuntimeError('evaluated')\n"
        "    def __eq__(self, other):\n"
        "        return True\n"
        "    __hash__ = None\n"
        "@dataclass\n"
        "class Settings:\n"
        "    level: int = 1\n"
        "touchy, first, second = Touchy(), Settings(), Settings()\n"
    )
    one = make_plugin("verifier.half", source)
    two = make_plugin("verifier.third", source.replace('"half"', '"third"'))
    host = PluginHost(plugins=[one, two])
    host.load("verifier", "half")
    host.load("verifier", "third")
    assert [plugin.name for plugin in host.loaded] == ["half", "third"]
