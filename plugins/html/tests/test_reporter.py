from __future__ import annotations

import hashlib
import random
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from vg1_plugin_html.reporter import HtmlReporter
from vg1core.plugins import PluginHost
from vg1core.report import Report
from vg1core.types import STATUSES, NumberTarget

FIVE = NumberTarget(value="5")


class Parsed(HTMLParser):
    """Elements, attributes and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def render(run, reporter: HtmlReporter | None = None, **fields: object) -> str:
    return (reporter or HtmlReporter()).render(run.report(**fields), lambda: iter(run.records), run.pictures)


def test_host_finds_the_reporter():
    cls = PluginHost().get("reporter", "html")
    assert (cls, cls.suffix) == (HtmlReporter, ".html")


def test_page_shows_every_status_suite_and_verdict(full):
    page = Parsed(render(full))
    assert set(page.values("data-status")) == {*STATUSES, "not_run"}
    assert page.values("data-suite") == [suite.suite for suite in full.suites]
    assert page.elements["article"] == len(full.records)
    for said in ("Qwen/Qwen2.5-VL-7B-Instruct", "cot_boxed", "transformers", "18,204", "missing field 'answer'",
                 "test.parquet, row 7: field 'answer' is missing", "cut off by the token limit", "none extracted",
                 "the point lies in the box", "Not run (picture)", "augmented", "repeat 1", "4 left out"):  # fmt: skip
        assert said in page.text, said


def test_answer_is_marked_in_the_response(full):
    assert r"Its label reads D. \boxed{<mark>D</mark>}" in render(full)


def test_text_of_models_and_data_makes_no_element_and_no_attribute(full, harmless):
    page, plain = Parsed(render(full)), Parsed(render(harmless))
    assert page.elements == plain.elements
    assert Counter((tag, name) for tag, name, _ in page.attributes) == Counter(
        (tag, name) for tag, name, _ in plain.attributes
    )
    assert page.elements["script"] == page.elements["style"] == 1
    for text in (text for text in full.hostile if text.isprintable()):
        assert page.text.count(text) >= 6, text


def test_page_reaches_for_nothing(full):
    page = Parsed(render(full))
    names = {name for _, name, _ in page.attributes}
    assert not [name for name in names if name.startswith("on")]
    assert not names & {"style", "action", "formaction", "srcdoc", "srcset", "ping", "background"}
    assert all(src.startswith("data:image/jpeg;base64,") for src in page.values("src"))
    assert all(href.startswith("#") for href in page.values("href"))
    assert set(page.values("http-equiv")) == {"Content-Security-Policy"}


def test_policy_allows_the_style_and_script_that_stand_in_the_page_and_nothing_else(full):
    page = render(full)
    policy = next(value for value in Parsed(page).values("content") if value.startswith("default-src"))
    wanted = ["default-src 'none'", "img-src data:"]
    for tag in ("style", "script"):
        found = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert found is not None
        wanted.append(f"{tag}-src 'sha256-{b64encode(hashlib.sha256(found[1].encode()).digest()).decode()}'")
    assert policy.split("; ") == [*wanted, "base-uri 'none'", "form-action 'none'"]


def test_what_cannot_be_seen_is_named(full):
    page = render(full)
    assert "⟨U+202E⟩gnp.exe⟨U+2066⟩ NUL:⟨U+0000 ×3⟩ ESC:⟨U+001B⟩[31m" in page
    assert "⟨U+DC80⟩ lone surrogate" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    page.encode()


def test_same_records_give_the_same_bytes_in_whatever_order_they_arrive(full):
    page = render(full)
    full.records[:] = random.Random(7).sample(full.records, len(full.records))
    assert render(full) == page


def test_long_response_is_folded_and_says_its_length(full):
    page = Parsed(render(full))
    assert re.search(r"More of it, (\d\d,\d{3}) of 112,019 characters", page.text)
    assert "101,115 characters left out" in page.text
    assert "A" * 20_000 not in page.text


def test_counts_of_the_filter_are_those_of_the_summary(full):
    page = render(full)
    chips = dict(re.findall(r'name="status" value="(\w+)"><i></i>[\w ]+ <b>([\d,]+)</b>', page))
    wanted = Counter()
    for suite in full.suites:
        wanted.update(suite.statuses)
        wanted["not_run"] += sum(suite.not_run.values())
    assert {status: int(count) for status, count in chips.items()} == dict(+wanted)
    suites = re.findall(r'name="suite" value="([^"]+)">[^<]+<b>([\d,]+)</b>', page)
    assert dict(suites) == {"benchmark:chartqa": "16", "benchmark:screenspot": "5", "dataset:hostile": "15",
                            "dataset:empty": "0"}  # fmt: skip


def test_large_suite_shows_some_and_says_so(run):
    for n in range(1200):
        status = "correct" if n % 10 else "incorrect"
        run.record("benchmark:big", n, "math", f"Question {n}", "5", FIVE, status=status, value=n % 10 and 1.0)
    run.add_suite("benchmark:big", "math")
    page = Parsed(render(run, HtmlReporter(per_suite=40)))
    assert "showing 40 of 1,200; the rest is in records/*.jsonl" in page.text
    assert Counter(page.values("data-status")) == {"incorrect": 38, "correct": 2}


def test_page_works_without_script(full):
    page = Parsed(render(full))
    hidden = [tag for tag, name, _ in page.attributes if name == "hidden"]
    assert sorted(hidden) == ["form", "p"]
    assert "Filtering and searching need JavaScript" in page.text


def test_fixture_rows_are_announced_only_where_there_are_any(full):
    page = Parsed(render(full)).text
    assert "These scores mean nothing" in page
    full.suites = [suite for suite in full.suites if suite.data != "fixtures"]
    assert "These scores mean nothing" not in Parsed(render(full)).text


def test_head_shows_problems_and_lines_of_plugins(full):
    page = Parsed(render(full, problems=("2 <b>rows</b> are broken",), headers=("cuda 12.8 & more",)))
    assert "What could not be done" in page.text
    assert "2 <b>rows</b> are broken" in page.text
    assert "cuda 12.8 & more" in page.text
    assert "What could not be done" not in Parsed(render(full)).text


def test_several_turns_are_shown_and_only_the_last_answer_is_marked(full):
    before = Parsed(render(full))
    record = full.records[0]
    full.records[0] = replace(record, turns=record.turns * 2)
    page = Parsed(render(full))
    assert page.text.count("Its label reads B") == before.text.count("Its label reads B") + 1
    assert page.elements["mark"] == before.elements["mark"]
    assert page.elements["img"] == before.elements["img"]


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0 torn"])
def test_thumbnail_that_is_no_jpeg_is_left_out(full, data):
    full.thumbnails = dict.fromkeys(full.thumbnails, data)
    page = Parsed(render(full))
    assert "img" not in page.elements
    assert "no thumbnailpictures/dfe8f2.png" in page.text


def test_empty_run_is_a_page_too(run):
    page = Parsed(render(run))
    assert "No suite ran." in page.text


def test_hostile_report_fields_are_escaped(run):
    text = "<script>alert(1)</script>\u202e"
    for n in range(3):
        run.record(text, n, text, text, text, FIVE, status="correct", value=1.0, metadata={text: text})
    run.add_suite(text, text, data=text, table=text, not_run={text: 1}, examples={text: text})
    report: Report = run.report(name=text, model=text, backend=text, headers=(text,), problems=(text,),
                                config={text: text}, versions={text: text})  # fmt: skip
    page = Parsed(HtmlReporter().render(report, lambda: iter(run.records), run.pictures))
    assert page.elements["script"] == 1
    assert "\u202e" not in page.text
