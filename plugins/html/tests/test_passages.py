from __future__ import annotations

import pytest

from vg1_plugin_html.passages import FOLD, KEEP, Piece, clip, passage


@pytest.mark.parametrize(
    ("text", "span", "pieces"),
    [
        ("It is 5.", (6, 7), [("text", "It is "), ("mark", "5"), ("text", ".")]),
        ("5", (0, 1), [("mark", "5")]),
        ("5 it is", (0, 1), [("mark", "5"), ("text", " it is")]),
        ("It is 5.", None, [("text", "It is 5.")]),
        ("It is 5.", (3, 3), [("text", "It is 5.")]),
        ("It is 5.", (-2, 3), [("text", "It is 5.")]),
        ("It is 5.", (6, 90), [("text", "It is 5.")]),
        ("", None, []),
    ],
)
def test_short_text_is_shown_whole_with_its_answer_marked(text, span, pieces):
    shown = passage(text, span)
    assert shown.pieces == tuple(Piece(*piece) for piece in pieces)
    assert shown.whole == ()


def test_fold_shows_both_ends_and_the_answer():
    text = "a" * 5000 + "42" + "b" * 5000
    shown = passage(text, (5000, 5002))
    kinds = [piece.kind for piece in shown.pieces]
    assert kinds == ["text", "gap", "text", "mark", "text", "gap", "text"]
    assert shown.pieces[3].text == "42"
    assert [piece.text for piece in shown.pieces if piece.kind == "gap"] == ["4,100", "4,100"]
    assert "".join(piece.text for piece in shown.whole) == text
    assert shown.kept == shown.length == 10_002


def test_unfolded_text_is_limited():
    shown = passage("x" * 1_000_000, (0, 1_000_000))
    assert shown.kept <= KEEP + KEEP // 10 < shown.length
    assert len("".join(piece.text for piece in shown.pieces)) < 2 * FOLD


def test_gap_counts_what_it_leaves_out():
    shown = passage("y" * 50_000, None)
    gaps = [int(piece.text.replace(",", "")) for piece in shown.whole if piece.kind == "gap"]
    assert sum(gaps) + shown.kept == 50_000


def test_clip():
    assert clip("abc", 3) == "abc"
    assert clip("abcd" * 500, 3) == "abc… (2,000 characters)"
