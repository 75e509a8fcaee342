"""A verifier that needs a model, for the tests of the stage: the response tells it what to do."""

import os
import threading
import time
from dataclasses import dataclass

from vg1core import Verifier, hookimpl
from vg1core.errors import BackendError, TargetError, UsageError
from vg1core.judging import pause, seconds_left
from vg1core.types import Answer, Score, TextTarget
from vg1core.verifiers import note

LOCK, NOW, MOST, MADE = threading.Lock(), [0], [0], []
OPEN = threading.Event()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    address: str = "here"
    rule_first: str | None = None


class Oracle(Verifier):
    name, targets, runs_in = "oracle", (TextTarget,), "backend"
    Options = Options

    def warm_up(self):
        MADE.append(threading.get_ident())
        if not self.options.address:
            raise UsageError("verifier 'oracle' needs an address")
        if self.options.address == "broken":
            raise ZeroDivisionError("this address was asked to break")

    def verify(self, response, sample):
        self.check_target(sample)
        with LOCK:
            NOW[0] += 1
            MOST[0] = max(MOST[0], NOW[0])
        try:
            return self.answer(response.text)
        finally:
            with LOCK:
                NOW[0] -= 1

    def answer(self, text):
        note(f"asked about {text}")
        word, _, rest = text.partition(" ")
        match word:
            case "late":
                time.sleep(float(rest))
            case "stuck":
                OPEN.wait(60)
            case "pausing":
                pause(60)
            case "left":
                return Score(value=seconds_left(), status="partial")
            case "pid":
                return Score(value=1.0, status="correct", answer=Answer(value=os.getpid(), rule="pid"))
            case "exit":
                raise SystemExit(3)
            case "raise":
                raise ZeroDivisionError("asked to raise")
            case "server":
                raise BackendError("the server said no")
            case "target":
                raise TargetError("the target is unreadable")
            case "nan":
                return Score(value=float("nan"), status="correct")
            case "zero":
                return Score(value=None, status="correct")
            case "text":
                return "correct"
            case "long":
                return Score(value=1.0, status="correct", reason="x" * 10_000, answer=Answer(value={1}, rule="set"))
        return Score(value=float(text == "yes"), status="correct" if text == "yes" else "incorrect", reason=text)


@hookimpl
def vg1_register_verifiers(register):
    register(Oracle)
