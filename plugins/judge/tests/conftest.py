"""A judge on loopback: a small OpenAI-compatible server that answers as a test says."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vg1_plugin_judge.judge import Judge
from vg1core.errors import BackendError
from vg1core.types import Message, Response, Sample, Text, TextTarget

Answer = Callable[["Handler", dict], str | None]


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.asked: list[dict] = []
        self.headers_seen: list[dict[str, str]] = []
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request, client_address):
        """Connections that the client gave up are no errors here."""


class Handler(BaseHTTPRequestHandler):
    """`server.answer` returns the text of a completion, or sends something else itself and returns None."""

    server: Server

    def do_POST(self):  # the base class names it
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.asked.append(body)
            self.server.headers_seen.append({"path": self.path, **self.headers})
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        try:
            text = self.server.answer(self, body)
            if text is not None:
                choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
                self.reply(200, json.dumps({"object": "chat.completion", "choices": [choice]}))
        finally:
            with self.server.lock:
                self.server.now -= 1

    def reply(self, status: int, body: str, kind: str = "application/json", **headers: str) -> None:
        data = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Keep quiet."""


def check_of(body: dict) -> str:
    return re.search(r"The check number is (\w+)\.$", body["messages"][-1]["content"])[1]


def response_of(body: dict) -> str:
    return re.search(
        r"<<<response (\w+)>>>\n(.*)\n<<<end of response \1>>>", body["messages"][-1]["content"], re.DOTALL
    )[2]


def verdict(body: dict, verdict: str, reason: str = "as asked") -> str:
    return json.dumps({"check": check_of(body), "reason": reason, "verdict": verdict})


def honest(handler: Handler, body: dict) -> str:
    """Right where the response holds the word blue."""
    return verdict(body, "correct" if "blue" in response_of(body) else "incorrect", "looked for blue")


@pytest.fixture
def judge_server(monkeypatch):
    """Start a server: `judge_server(answer)`. Its address and model are what the variables name."""
    started = []

    def start(answer: Answer = honest) -> Server:
        server = Server(answer)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        started.append(server)
        monkeypatch.setenv("VG1_JUDGE_URL", server.url)
        monkeypatch.setenv("VG1_JUDGE_MODEL", "small-judge")
        return server

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"VG1_JUDGE_{name}", raising=False)
    yield start
    for server in started:
        server.ended.set()
        server.shutdown()
        server.server_close()


@pytest.fixture(name="verdict")
def verdict_fixture():
    """`verdict(body, "correct", "reason")`: what a good judge answers."""
    return verdict


@pytest.fixture(name="response_of")
def response_of_fixture():
    """`response_of(body)`: the response that a request to the judge shows."""
    return response_of


BLUE = TextTarget(text="blue", aliases=("azure",))


@pytest.fixture(name="judge")
def judge_fixture():
    """`judge(response, target, choices, **options)`: the score."""

    def judge(text, target=BLUE, choices=(), **options):
        message = Message(role="user", parts=(Text(text="Which colour is the sky in the picture?"),))
        sample = Sample(
            id="dataset:x/default/test/1", dimension="science", messages=(message,), target=target, verifier="judge",
            choices=choices,
        )  # fmt: skip
        return Judge(options).verify(Response(text=text), sample)

    return judge


@pytest.fixture
def failure(judge):
    """`failure(response, **options)`: what is said where there is no verdict."""

    def failure(text="It is blue.", **options):
        with pytest.raises(BackendError) as caught:
            judge(text, **options)
        return str(caught.value)

    return failure
