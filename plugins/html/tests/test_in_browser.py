from __future__ import annotations

import re

import pytest

from vg1_plugin_html.reporter import HtmlReporter
from vg1core.testing.browser import find_chromium, load_page, require_chromium


@pytest.fixture
def page(full, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(HtmlReporter().render(full.report(), lambda: iter(full.records), full.pictures), encoding="utf-8")
    return path


@pytest.fixture
def browser() -> str:
    return require_chromium()


def visible_cards(dom: str) -> list[str]:
    cards = re.findall(r"<article class=\"card\"[^>]*>", dom)
    return [re.search(r'data-status="(\w+)"', card)[1] for card in cards if " hidden" not in card]


@pytest.mark.browser
def test_filter_by_status_and_suite(page, browser):
    seen = load_page(browser, page, fragment="status=partial&status=crashed&suite=dataset%3Ahostile")
    assert seen.console == ()
    assert "data-owned" not in seen.dom
    assert sorted(set(visible_cards(seen.dom))) == ["crashed", "partial"]
    assert len(visible_cards(seen.dom)) == 4
    assert ">4 of 36 cards</output>" in seen.dom
    sections = re.findall(r'<section class="suite"[^>]*data-suite="([^"]+)"([^>]*)>', seen.dom)
    assert [suite for suite, rest in sections if "hidden" not in rest] == ["dataset:hostile"]


@pytest.mark.browser
def test_search(page, browser):
    seen = load_page(browser, page, fragment="q=point+outside")
    assert seen.console == ()
    assert visible_cards(seen.dom) == ["incorrect", "incorrect"]
    assert '<form id="filters" aria-label="Filter the samples" autocomplete="off">' in seen.dom


def test_without_chromium_a_test_skips_and_says_why(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("VG1_CHROMIUM", raising=False)
    monkeypatch.delenv("VG1_REQUIRE_BROWSER", raising=False)
    assert find_chromium() is None
    with pytest.raises(pytest.skip.Exception, match=r"needs Chromium: none of chromium, .* is on the path"):
        require_chromium()


def test_where_a_browser_is_required_its_absence_fails(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("VG1_CHROMIUM", "no-such-browser")
    monkeypatch.setenv("VG1_REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="VG1_REQUIRE_BROWSER=1 forbids skipping"):
        require_chromium()
