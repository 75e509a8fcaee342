"""Every hook, exercised once through a made-up plugin, and how hooks are called."""

from __future__ import annotations

import logging

import pytest

from vg1core import prompts
from vg1core.errors import BrokenPlugin
from vg1core.hookspecs import REGISTERING
from vg1core.plugins import PluginHost
from vg1core.types import Message, Prompt, Record, Sample, Text, TextTarget

SAMPLE = Sample(
    id="dataset:shapes/default/train/0",
    dimension="math",
    messages=(Message(role="user", parts=(Text(text="How many?"),)),),
    target=TextTarget(text="two"),
    verifier="exact",
)
RECORD = Record(id=SAMPLE.id, suite="dataset:shapes", dimension="math", target=SAMPLE.target, verifier="exact")

CLASSES = {
    "dataset": """
        from vg1core import Dataset as Base, DatasetInfo
        class Thing(Base):
            info = DatasetInfo(name="thing", dimension="math", verifier="exact")
            def to_sample(self, row, index): ...
        """,
    "verifier": """
        from vg1core import Verifier as Base
        from vg1core.types import TextTarget
        class Thing(Base):
            name, targets = "thing", (TextTarget,)
            def verify(self, response, sample): ...
        """,
    "selector": """
        from vg1core import Selector as Base
        class Thing(Base):
            name = "thing"
            def score(self, samples, rollouts): ...
            def choose(self, scores, *, budget, seed): ...
        """,
    "benchmark": """
        from vg1core import Benchmark as Base, BenchmarkInfo
        class Thing(Base):
            info = BenchmarkInfo(name="thing", dimension="math", verifier="exact")
            def to_sample(self, row, index): ...
        """,
    "backend": """
        from vg1core import Backend as Base
        class Thing(Base):
            name = "thing"
            coordinate_space = "pixel"
            def identity(self): ...
            def generate(self, requests): ...
        """,
    "trainer": """
        from vg1core import Trainer as Base
        class Thing(Base):
            name = "thing"
            def train(self, samples, reward, *, config, output, resume): ...
        """,
    "reporter": """
        from vg1core import Reporter as Base
        class Thing(Base):
            name, suffix = "thing", ".txt"
            def render(self, report, records, pictures): ...
        """,
    "command": """
        from vg1core import Command as Base
        class Thing(Base):
            name = "thing"
            def run(self, arguments): ...
        """,
}


def registers(make_plugin, kind: str) -> None:
    """A plugin of this kind hands its class over by its hook, and the host gives it out by name."""
    end = f"\nfrom vg1core import hookimpl\n@hookimpl\ndef {REGISTERING[kind]}(register):\n    register(Thing)\n"
    source = CLASSES[kind] + end.replace("\n", "\n        ")
    host = PluginHost(plugins=[make_plugin(f"{kind}.thing", source)])
    cls = host.get(kind, "thing")
    assert cls.__name__ == "Thing"
    assert cls.__mro__[1].__module__.startswith("vg1core.")
    assert host.describe(kind, "thing") == "made-up 1.0"


def test_hook_vg1_register_datasets(make_plugin):
    registers(make_plugin, "dataset")


def test_hook_vg1_register_verifiers(make_plugin):
    registers(make_plugin, "verifier")


def test_hook_vg1_register_selectors(make_plugin):
    registers(make_plugin, "selector")


def test_hook_vg1_register_benchmarks(make_plugin):
    registers(make_plugin, "benchmark")


def test_hook_vg1_register_backends(make_plugin):
    registers(make_plugin, "backend")


def test_hook_vg1_register_trainers(make_plugin):
    registers(make_plugin, "trainer")


def test_hook_vg1_register_reporters(make_plugin):
    registers(make_plugin, "reporter")


def test_hook_vg1_register_commands(make_plugin):
    registers(make_plugin, "command")


POLITE = """
    from vg1core import hookimpl
    from vg1core.prompts import with_instruction

    @hookimpl
    def vg1_build_prompt(style, sample):
        return with_instruction(sample, "Please.") if style == "polite" else None
    """


def test_hook_vg1_build_prompt(make_plugin):
    curt = make_plugin("prompt.curt", POLITE.replace("polite", "curt").replace("Please.", "Now!"))
    host = PluginHost(plugins=[make_plugin("prompt.polite", POLITE), curt])
    for name in ("polite", "curt"):
        host.load("prompt", name)
    for style, words in (("polite", "How many?\nPlease."), ("curt", "How many?\nNow!")):
        prompt = prompts.build(host, style, SAMPLE, None, "pixel")
        assert isinstance(prompt, Prompt)
        assert prompt.messages[-1].text == words


def test_a_plugin_may_wrap_every_prompt(make_plugin):
    source = """
        from vg1core import hookimpl
        from vg1core.types import Prompt

        @hookimpl(wrapper=True)
        def vg1_build_prompt():
            prompt = yield
            return Prompt(messages=prompt.messages * 2)
        """
    host = PluginHost(plugins=[make_plugin("prompt.polite", POLITE), make_plugin("ext.twice", source)])
    host.load("ext", "twice")
    host.load("prompt", "polite")
    assert len(prompts.build(host, "polite", SAMPLE, None, "pixel").messages) == 2


def test_a_prompt_that_builds_nothing_is_named(make_plugin):
    host = PluginHost(plugins=[make_plugin("prompt.shy", POLITE)])
    host.load("prompt", "shy")
    with pytest.raises(BrokenPlugin) as caught:
        prompts.build(host, "shy", SAMPLE, None, "pixel")
    assert str(caught.value) == (
        "prompt 'shy' (made-up 1.0) built nothing for dataset:shapes/default/train/0: "
        "its vg1_build_prompt has to return a Prompt when style is its own name"
    )


def watcher(make_plugin, hook: str, argument: str, name: str, body: str):
    source = f"from vg1core import hookimpl\n\nseen = []\n\n@hookimpl\ndef {hook}({argument}):\n    {body}\n"
    return make_plugin(f"ext.{name}", source)


def test_hook_vg1_report_header(make_plugin):
    body = "return f'model {config[\"model\"]}'"
    host = PluginHost(plugins=[watcher(make_plugin, "vg1_report_header", "config", "head", body)])
    assert host.broadcast("vg1_report_header", config={"model": "m"}) == []
    host.load("ext", "head")
    assert host.broadcast("vg1_report_header", config={"model": "m"}) == ["model m"]


def test_hook_vg1_record_done(make_plugin, caplog):
    """What one watcher raises is told once; the others still run, and so does the run."""
    names = ("first", "raises", "leaves", "last")
    bodies = ("seen.append(record)", "raise ValueError('no room')", "raise SystemExit", "seen.append(record)")
    plugins = [watcher(make_plugin, "vg1_record_done", "record", *pair) for pair in zip(names, bodies, strict=True)]
    host = PluginHost(plugins=plugins)
    host.record_done(RECORD)
    for name in names:
        host.load("ext", name)
    with caplog.at_level(logging.WARNING, logger="vg1"):
        host.record_done(RECORD)
        host.record_done(RECORD)
    import made_up_ext_first
    import made_up_ext_last

    assert made_up_ext_first.seen == made_up_ext_last.seen == [RECORD, RECORD]
    assert sorted(caplog.messages) == [
        "plugin 'ext.leaves' (made-up 1.0) failed in vg1_record_done, "
        "which is told once and does not stop the run: SystemExit",
        "plugin 'ext.raises' (made-up 1.0) failed in vg1_record_done, "
        "which is told once and does not stop the run: ValueError: no room",
    ]


def test_hook_vg1_run_finished(make_plugin):
    host = PluginHost(plugins=[watcher(make_plugin, "vg1_run_finished", "report", "end", "seen.append(report)")])
    host.load("ext", "end")
    assert host.broadcast("vg1_run_finished", report="the report") == []
    import made_up_ext_end

    assert made_up_ext_end.seen == ["the report"]


def test_watchers_are_called_in_the_order_of_pluggy(make_plugin):
    """Last loaded first, but for one that asked to be tried first."""
    plugins = [watcher(make_plugin, "vg1_report_header", "config", name, f"return '{name}'") for name in "abc"]
    keen = "from vg1core import hookimpl\n@hookimpl(tryfirst=True)\ndef vg1_report_header():\n    return 'keen'\n"
    host = PluginHost(plugins=[make_plugin("ext.keen", keen), *plugins])
    for name in ("keen", "a", "b", "c"):
        host.load("ext", name)
    assert host.broadcast("vg1_report_header", config={}) == ["keen", "c", "b", "a"]
    assert host.hook.vg1_report_header(config={}) == ["keen", "c", "b", "a"]


def test_hooks_are_called_by_keyword():
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        PluginHost(plugins=[]).hook.vg1_record_done(RECORD)
