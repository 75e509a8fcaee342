"""`judge`: a language model decides whether a response gives the target's answer.

For answers that no rule can compare: sentences, explanations, names with many spellings. The model stands behind an
address that speaks the OpenAI chat-completions protocol; it is shown the question, the target and the response as
text, no pictures. It answers with one JSON object; anything else is `judge_failed`, which is nobody's answer.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from vg1_plugin_judge.client import Server
from vg1_plugin_judge.conversation import VERDICTS, conversation, new_check, verdict_of
from vg1core import Register, Response, Sample, Score, Verifier, hookimpl
from vg1core.errors import TargetError, UsageError
from vg1core.types import ChoiceTarget, ItemsTarget, MathTarget, NumberTarget, TextTarget
from vg1core.verifiers import describe, note, status_of

URL, MODEL, KEY = "VG1_JUDGE_URL", "VG1_JUDGE_MODEL", "VG1_JUDGE_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOptions:
    """Options of `judge`. None of them holds the key."""

    base_url: str = field(default_factory=lambda: os.environ.get(URL, ""))
    """Such as `http://localhost:8000/v1`; by default the variable VG1_JUDGE_URL."""
    model: str = field(default_factory=lambda: os.environ.get(MODEL, ""))
    """Its name at that server; by default the variable VG1_JUDGE_MODEL."""
    api_key_env: str = KEY
    """Name of the variable that holds the key; servers that want none need none."""
    temperature: float = 0
    max_tokens: int = 1024
    """Longest answer of the judge, with its reasoning where it reasons."""
    timeout: float = 60
    """Seconds for one attempt."""
    retries: int = 3
    """Attempts after the first: after 408, 425, 429, 5xx and broken connections."""
    grades: Literal["binary", "graded"] = "binary"
    """`binary`: correct or incorrect; `graded`: partly correct as well, which is 0.5."""
    rule_first: str | None = None
    """Name of a verifier that is asked before the model; where it says correct, the model is not asked."""

    def __post_init__(self) -> None:
        """Refuse what cannot work. Values that might hold a secret are not repeated."""
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", self.api_key_env):
            raise UsageError("option api_key_env of verifier 'judge' names a variable; it must not be the key itself")
        if self.base_url:
            _check_url(self.base_url)
        if self.grades not in VERDICTS:
            raise UsageError(f"option grades of verifier 'judge' is {' or '.join(VERDICTS)}, not {self.grades!r}")
        for name, least in (("temperature", 0), ("max_tokens", 1), ("timeout", 0.1), ("retries", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < 1e6:
                raise UsageError(f"option {name} of verifier 'judge' has to be a number from {least}, not {value!r}")


class Judge(Verifier):
    """Asks a model behind an OpenAI-compatible address whether a response gives the target's answer."""

    name = "judge"
    targets = (TextTarget, MathTarget, NumberTarget, ChoiceTarget, ItemsTarget)
    runs_in = "backend"
    Options = JudgeOptions

    def warm_up(self) -> None:
        """Say what is not set, before anything is asked."""
        self._server()

    def check_target(self, sample: Sample) -> None:
        """The target has to hold something."""
        super().check_target(sample)
        if not describe(sample.target).strip():
            raise TargetError("the target is empty")

    def verify(self, response: Response, sample: Sample) -> Score:
        """Ask the model, unless there is nothing to ask about.

        :raises BackendError: the server gave no answer, or one that is no verdict.
        :raises UsageError: address or model are not set.
        """
        self.check_target(sample)
        if not response.text.strip():
            return Score(value=0.0, status="no_answer", reason="the response is empty")
        options, check = self.options, new_check()
        asked = conversation(sample, response.text, check, options.grades)
        payload = {
            "model": options.model, "messages": asked, "temperature": options.temperature,
            "max_tokens": options.max_tokens,
        }  # fmt: skip
        for message in asked:
            note(f"{message['role']} to the judge {options.model}:\n{message['content']}")
        text, finish_reason = self._server().complete(payload)
        note(f"the judge's answer:\n{text}")
        value, verdict, why = verdict_of(text, check, options.grades, options.model, cut=finish_reason == "length")
        return Score(value=value, status=status_of(value), reason=f"judge {options.model}: {verdict}: {why}")

    def _server(self) -> Server:
        """The server, with the key as the environment has it now."""
        options = self.options
        for value, option, variable in ((options.base_url, "base_url", URL), (options.model, "model", MODEL)):
            if not value:
                raise UsageError(
                    f"verifier 'judge' needs {option}: set the variable {variable}, or the option {option}"
                )
        key = os.environ.get(options.api_key_env, "").strip()
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise UsageError(f"the variable {options.api_key_env} holds characters that no key has")
        return Server(
            base_url=options.base_url.rstrip("/").removesuffix("/chat/completions"), key=key,
            key_variable=options.api_key_env, timeout=options.timeout, retries=int(options.retries),
        )  # fmt: skip


def _check_url(url: str) -> None:
    """An address without anything secret in it, since it stands in records and messages."""
    problem = "has to look like http://host:port/v1"
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if fine and ("@" in parts.netloc or parts.query or parts.fragment):
        fine, problem = False, "takes no user, password, query or fragment; the key stands in the variable api_key_env"
    if not fine or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError(f"the address of verifier 'judge' (base_url or {URL}) {problem}")


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Judge)
