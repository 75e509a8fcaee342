"""The Hub-compatible server for tests: commits, error codes, ranges and faults."""

import urllib.error
import urllib.request

import pytest

from vg1core.testing.hub import Hub


@pytest.fixture(scope="module")
def hub():
    with Hub() as server:
        yield server


def get(url, headers=None, timeout=5.0):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=timeout) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_commits_follow_from_contents(hub):
    one = hub.add("bob/x", {"a.txt": "1"})
    two = hub.add("bob/x", {"a.txt": "2"})
    assert hub.add("bob/x", {"a.txt": "1"}) == one
    for commit, text in ((one, b"1"), (two, b"2"), ("main", b"1")):
        assert get(f"{hub.url}/datasets/bob/x/resolve/{commit}/a.txt")[2] == text
    assert hub.add("bob/x", {"b.txt": "3"}, branch="dev") != one
    assert get(f"{hub.url}/datasets/bob/x/resolve/dev/b.txt")[2] == b"3"
    hub.add("bob/m", {"config.json": "{}"}, kind="models")
    assert get(f"{hub.url}/bob/m/resolve/main/config.json")[2] == b"{}"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/datasets/no/body", "RepoNotFound"),
        ("/datasets/no/body/resolve/main/x", "RepoNotFound"),
        ("/api/datasets/bob/r/revision/v2", "RevisionNotFound"),
        ("/datasets/bob/r/resolve/v2/a.txt", "RevisionNotFound"),
        ("/datasets/bob/r/resolve/main/b.txt", "EntryNotFound"),
        ("/api/datasets/bob/r/tree/main/gone", "EntryNotFound"),
        ("/api/agent-harnesses", "NotFound"),
    ],
)
def test_missing_things_carry_the_clients_error_code(hub, path, code):
    hub.add("bob/r", {"a.txt": "1"})
    status, headers, _ = get(hub.url + path)
    assert (status, headers["X-Error-Code"]) == (404, code)


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        ("bytes=0-1", 206, b"01", "bytes 0-1/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_ranges(hub, asked, status, body, content_range):
    hub.add("bob/range", {"a.zip": "0123456789"})
    answer = get(f"{hub.url}/datasets/bob/range/resolve/main/a.zip", {"Range": asked})
    assert (answer[0], answer[2], answer[1].get("Content-Range")) == (status, body, content_range)


def test_faults_end(vg1_hub):
    hub = vg1_hub
    hub.add("bob/x", {"a.txt": "0123456789"})
    url = f"{hub.url}/datasets/bob/x/resolve/main/a.txt"
    hub.fail(1, status=429, matching="bob/x")
    hub.hang(1, matching="never")
    assert [get(url)[0] for _ in range(2)] == [429, 200]
    hub.cut(1)
    with pytest.raises(Exception, match="IncompleteRead"):
        get(url)
    assert get(url)[2] == b"0123456789"
    with pytest.raises(TimeoutError):
        get(f"{hub.url}/never", timeout=0.2)
    assert get(url)[0] == 200
    assert [seen.status for seen in hub.seen] == [429, 200, 200, 200, 0, 200]
