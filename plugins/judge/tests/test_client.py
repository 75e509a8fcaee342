"""What becomes of each fault of a server."""

from __future__ import annotations

import json
import socket
import struct
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from vg1_plugin_judge import client

KEY = "sk-loopback-0123456789abcdef"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(client, "FIRST_PAUSE", 0.001)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_429_is_tried_again_after_the_time_it_asks_for(judge_server, verdict, form, judge):
    def answer(handler, body):
        if len(handler.server.asked) == 1:
            later = datetime.now(UTC) + timedelta(seconds=2)  # dates have whole seconds
            after = "1" if form == "seconds" else format_datetime(later, usegmt=True)
            return handler.reply(429, '{"error": "slow down"}', Retry_After=after)
        return verdict(body, "correct")

    server = judge_server(answer)
    began = time.monotonic()
    assert judge("blue").status == "correct"
    assert time.monotonic() - began >= 0.95
    assert len(server.asked) == 2


def test_a_wait_that_is_too_long_is_not_waited_for(judge_server, failure):
    server = judge_server(lambda handler, body: handler.reply(429, "{}", Retry_After="3600"))
    assert "answered with status 429: '{}'; it asks to wait 3600 s, which is too long" in failure()
    assert len(server.asked) == 1


@pytest.mark.parametrize("after", ["", "soon", "-5", "Thu, 99 Foo 2026", "Wed, 21 Oct 2015 07:28:00 GMT", "²"])
def test_a_strange_retry_after_means_no_wait(after):
    assert client._retry_after(after) == 0


@pytest.mark.parametrize("retries", [0, 2])
def test_500_is_tried_as_often_as_said(judge_server, retries, failure):
    server = judge_server(lambda handler, body: handler.reply(500, "out of memory"))
    tries = ", 3 times" if retries else ""
    said = failure(retries=retries)
    assert said == f"the server {server.url} answered with status 500: 'out of memory'{tries}"
    assert len(server.asked) == retries + 1


def reset(handler, body):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def half(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"message": {"content": "')


def half_a_chunk(handler, body):
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ff\r\nshort")


def rubbish(handler, body):
    handler.wfile.write(b"hello\r\n\r\n")


def silence(handler, body):
    handler.server.ended.wait(20)


def drip(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    while not handler.server.ended.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (reset, "broke the connection off (ConnectionResetError), 2 times"),
        (half, "sent 38 of 1,000 bytes and closed the connection, 2 times"),
        (half_a_chunk, "broke the connection off (IncompleteRead), 2 times"),
        (rubbish, "broke the connection off (BadStatusLine), 2 times"),
        (silence, "did not answer within 0.3 s, 2 times"),
        (drip, "did not answer within 0.3 s, 2 times"),
    ],
)
def test_broken_answers_are_tried_again_and_then_told(judge_server, answer, problem, failure):
    server = judge_server(answer)
    assert failure(retries=1, timeout=0.3) == f"the server {server.url} {problem}"
    assert len(server.asked) == 2


def complete(**message):
    return json.dumps({"choices": [{"message": message}]})


@pytest.mark.parametrize(
    ("status", "body", "kind", "problem"),
    [
        (200, "<html>Welcome", "text/html", "answered with text/html, where application/json is expected"),
        (200, '{"choices": [', "application/json", "did not answer with a chat completion"),
        (200, '{"choices": []}', "application/json", "did not answer with a chat completion"),
        (200, '{"error": "no"}', "application/json", 'did not answer with a chat completion: \'{"error": "no"}\''),
        (200, "[" * 50_000, "application/json", "did not answer with a chat completion"),
        (200, complete(content=None), "application/json", "answered without any text"),
        (200, complete(content=[{"text": "correct"}]), "application/json", "answered without any text"),
        (200, '{"a": "' + "x" * (1 << 20), "application/json", "sent more than 1,048,576 bytes"),
        (404, '{"error": "no such model"}', "application/json", 'answered with status 404: \'{"error": "no such'),
        (401, "who?", "text/plain", "status 401: 'who?'; set the variable VG1_JUDGE_KEY to a key that it takes"),
    ],
)
def test_what_another_attempt_would_not_mend_is_told_at_once(judge_server, status, body, kind, problem, failure):
    server = judge_server(lambda handler, _: handler.reply(status, body, kind))
    said = failure()
    assert problem in said
    assert said.startswith(f"the server {server.url} ")
    assert len(said) < 600
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(judge_server, monkeypatch, status, failure):
    monkeypatch.setenv("VG1_JUDGE_KEY", KEY)
    other = judge_server()
    server = judge_server(lambda handler, _: handler.reply(status, "", Location=other.url + "/chat/completions"))
    assert f"answered with a redirect ({status}), which is not followed" in failure()
    assert (len(server.asked), other.asked) == (1, [])


def test_no_server(judge_server, monkeypatch, failure):
    judge_server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1"
    assert failure(base_url=url, retries=1).startswith(f"the server {url} cannot be reached: ")
