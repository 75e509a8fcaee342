"""A small client for one question and one answer over `POST /v1/chat/completions`, with the standard library alone.

What the server sends is not trusted: no redirect is followed, no more than `MAX_BODY` is read, only JSON is taken.
The key goes into the request's header and nowhere else; whatever the server says is shown without it.
"""

from __future__ import annotations

import http.client
import json
import random
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

from vg1core.errors import BackendError, shorten
from vg1core.judging import pause, seconds_left

MAX_BODY = 1 << 20
"""Bytes read of one answer."""
FIRST_PAUSE, MAX_PAUSE = 0.5, 60.0
"""Seconds between attempts: doubled from the first at each, unless the server asks for more."""
RETRIED = frozenset({408, 425, 429})
"""Statuses after which another attempt may succeed, beside 5xx."""


class _TryAgain(Exception):
    """An attempt failed in a way that may pass."""

    def __init__(self, problem: str, after: float = 0.0) -> None:
        super().__init__(problem)
        self.after = after


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that speaks the chat-completions protocol, and how patient to be with it."""

    base_url: str
    """Up to and without `/chat/completions`."""
    key: str = field(default="", repr=False)
    key_variable: str
    """Where the key comes from, for messages."""
    timeout: float
    """Seconds for one attempt."""
    retries: int
    """Attempts after the first."""

    def complete(self, payload: Mapping[str, Any]) -> tuple[str, str]:
        """Text and `finish_reason` of the first choice.

        :raises BackendError: there is none after all attempts; names the server and says why.
        """
        attempts = self.retries + 1
        for attempt in range(attempts):
            try:
                return self._read(self._ask(payload))
            except _TryAgain as error:
                problem, after = str(error), error.after
            wait = max(after, random.uniform(0.5, 1.0) * min(MAX_PAUSE, FIRST_PAUSE * 2**attempt))
            if after > MAX_PAUSE:
                raise self._error(f"{problem}; it asks to wait {after:.0f} s, which is too long")
            if attempt + 1 < attempts:
                if wait >= seconds_left():
                    raise self._error(f"{problem}; no time is left to try again")
                pause(wait)
        tries = f", {attempts} times" if attempts > 1 else ""
        raise self._error(f"{problem}{tries}")

    def _ask(self, payload: Mapping[str, Any]) -> bytes:
        """The body of one answer."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        url, body = f"{self.base_url}/chat/completions", json.dumps(payload).encode()
        deadline = time.monotonic() + min(self.timeout, seconds_left())
        late = f"did not answer within {self.timeout:g} s"
        try:
            seconds = max(0.01, deadline - time.monotonic())
            request = urllib.request.Request(url, data=body, headers=headers, method="POST")
            with _opener().open(request, timeout=seconds) as response:
                return self._body(response, deadline, late)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except TimeoutError:
            raise _TryAgain(late) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise _TryAgain(late) from None
            raise _TryAgain(f"cannot be reached: {error.reason}") from None
        except (OSError, http.client.HTTPException) as error:
            raise _TryAgain(f"broke the connection off ({type(error).__name__})") from None

    def _body(self, response: http.client.HTTPResponse, deadline: float, late: str) -> bytes:
        """The whole body, or nothing of it."""
        kind = response.headers.get_content_type()
        if kind != "application/json":
            raise self._error(f"answered with {kind}, where application/json is expected; is the address right?")
        parts: list[bytes] = []
        size = 0
        while part := response.read1(1 << 16):
            parts.append(part)
            size += len(part)
            if size > MAX_BODY:
                raise self._error(f"sent more than {MAX_BODY:,} bytes")
            if time.monotonic() > deadline:
                raise _TryAgain(late)
        expected = response.headers.get("Content-Length", "")
        if expected.isdecimal() and size < int(expected):
            raise _TryAgain(f"sent {size:,} of {int(expected):,} bytes and closed the connection")
        return b"".join(parts)

    def _refusal(self, error: urllib.error.HTTPError) -> Exception:
        """What to raise for a status that is no success."""
        if 300 <= error.code < 400:
            return self._error(
                f"answered with a redirect ({error.code}), which is not followed; name the address itself"
            )
        try:
            said = error.read(2_000).decode("utf-8", "replace").strip()
        except (OSError, http.client.HTTPException):
            said = ""
        problem = f"answered with status {error.code}" + (f": {shorten(self._shown(said), 300)}" if said else "")
        if error.code in RETRIED or error.code >= 500:
            return _TryAgain(problem, _retry_after(error.headers.get("Retry-After", "")))
        if error.code in (401, 403):
            problem += f"; set the variable {self.key_variable} to a key that it takes"
        return self._error(problem)

    def _read(self, body: bytes) -> tuple[str, str]:
        try:
            choice = json.loads(body)["choices"][0]
            text, reason = choice["message"]["content"], choice.get("finish_reason")
        except (ValueError, RecursionError, KeyError, IndexError, TypeError, AttributeError):
            said = shorten(self._shown(body.decode("utf-8", "replace")), 120)
            raise self._error(f"did not answer with a chat completion: {said}") from None
        if not isinstance(text, str):
            raise self._error("answered without any text")
        return self._shown(text), str(reason)

    def _shown(self, text: str) -> str:
        """The text without the key. Short keys are placeholders such as EMPTY, and words of their own."""
        return text.replace(self.key, "[key]") if len(self.key) >= 8 else text

    def _error(self, problem: str) -> BackendError:
        return BackendError(f"the server {self.base_url} {problem}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves redirects as the errors they are here: the key must not travel on."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none."""


@cache
def _opener() -> urllib.request.OpenerDirector:
    """One for all: certificates are read once. Proxies are taken from the environment, as everywhere."""
    return urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=ssl.create_default_context()))


def _retry_after(value: str) -> float:
    """Seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3: a number, or a date); 0 without one."""
    if value.strip().isdecimal():
        return float(value[:12])
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, date.replace(tzinfo=date.tzinfo or UTC).timestamp() - time.time())
