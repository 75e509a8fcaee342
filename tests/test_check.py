"""`vg1 plugins check NAME`: what it finds, and what it says."""

from __future__ import annotations

import pytest

from vg1core.cli import main
from vg1core.installed import Plugin
from vg1core.plugins import PluginHost
from vg1core.scoring import Limits
from vg1core.testing import checking, verifier_conformance

HEAD = "from vg1core import AnswerVerifier, hookimpl\nfrom vg1core.types import Answer, TextTarget\n"
TAIL = "@hookimpl\ndef vg1_register_verifiers(register):\n    register(Mine)\n"
SOUND = '''
class Mine(AnswerVerifier):
    """1 where the response holds the target's text."""
    name, targets = "mine", (TextTarget,)
    def extract(self, response, sample):
        at = response.text.find(sample.target.text)
        return Answer(value=response.text[at:at + 99], rule="found", span=(at, at + 1)) if at >= 0 else None
    def compare(self, answer, sample):
        return 1.0
'''


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """Check a verifier written as text: `problems(source)` gives what failed, by check."""

    def check(source):
        name = f"mine_{abs(hash(source))}"
        (tmp_path / f"{name}.py").write_text(HEAD + source + TAIL)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setattr(verifier_conformance, "LIMITS", Limits(cpu_seconds=0.3))
        info = tmp_path / f"{name}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[vg1]\nverifier.mine = {name}\n")
        host = PluginHost(plugins=[Plugin("verifier", "mine", name, "1", name)])
        return {one.check: one.problem for one in checking.check(host, "verifier.mine") if one.problem}

    return check


def test_a_sound_verifier_passes(problems):
    assert problems(SOUND) == {}


@pytest.mark.parametrize(
    ("old", "new", "check", "problem"),
    [
        ('"""1 where the response holds the target\'s text."""', "", "The class says", "Mine has no docstring"),
        ("(TextTarget,)", "()", "It can be loaded.", "targets"),
        ("return 1.0", "return 0.5", "A right answer", "is right, but: Score(value=0.5"),
        ("if at >= 0 else None", "", "A wrong answer", "is wrong, but: Score(value=1.0, status='correct'"),
        ("at = ", "assert response.text\n        at = ", "Whatever", "empty (''): crashed: the verifier raised"),
        ("at = ", "while '\\x00' in response.text: pass\n        at = ", "Whatever", "NULs"),
        (
            "return 1.0",
            "import itertools\n        self.n = getattr(self, 'n', itertools.count())\n        return next(self.n) % 2",
            "A right answer", "is right, but",
        ),
        ("class Mine", "import sympy\nclass Mine", "Importing its module", "gives 'sympy'"),
        ("\nclass Mine", "\nraise KeyError('x')\nclass Mine", "It can be loaded.", "KeyError"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(problems, old, new, check, problem):
    assert old in SOUND
    found = problems(SOUND.replace(old, new))
    (told,) = [text for name, text in found.items() if name.startswith(check)]
    assert problem in told


def test_the_command_says_which_failed_and_ends_with_1(monkeypatch, capsys):
    told = [checking.Result("This holds."), checking.Result("This does not.", "because\nof this")]
    monkeypatch.setattr(checking, "check", lambda host, name: iter(told))
    assert main(["plugins", "check", "exact"]) == 1
    assert capsys.readouterr().out == (
        "ok      This holds.\nfailed  This does not.\n        because\n        of this\nexact: 1 of 2 checks passed\n"
    )


@pytest.mark.parametrize("name", ["verifier.exact", "benchmark.chartqa"])
def test_ours_pass(name, capsys):
    assert main(["plugins", "check", name]) == 0
    said = capsys.readouterr().out
    assert "failed" not in said
    assert said.count("ok ") >= 6


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("chartqa", "'chartqa' is a benchmark and a dataset: say benchmark.chartqa or dataset.chartqa"),
        ("prompt.direct", "a prompt has no rules to be checked; dataset, benchmark, verifier have"),
        ("nothing", "no installed dataset, benchmark or verifier is named 'nothing'"),
        ("verifier.exat", "no verifier named 'exat'; did you mean 'exact'?"),
    ],
)
def test_names_that_mean_nothing_or_too_much(name, message, capsys):
    assert main(["plugins", "check", name]) == 2
    assert message in capsys.readouterr().err


def test_what_asks_a_model_is_not_run():
    class Asking(verifier_conformance.Verifier):
        runs_in = "backend"

    assert verifier_conformance.check_hostile not in verifier_conformance.checks_for(Asking)
