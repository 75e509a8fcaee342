"""NLVR2 through the Cauldron's reader."""

from pathlib import Path

from vg1_plugin_cross_image.nlvr2 import NLVR2

ROW = {
    "images": [{"bytes": b"left", "path": None}, {"bytes": b"right", "path": None}],
    "texts": [{"user": 'Is "There are two flutes." valid? Answer yes or no.', "assistant": "Yes.", "source": "NLVR2"}],
}


def test_left_comes_before_right():
    (sample,) = NLVR2().to_sample(ROW, 0)
    assert [picture.data for picture in sample.images] == [b"left", b"right"]
    for sample in NLVR2().samples("fixtures"):
        left, right = (Path(picture.ref).stem for picture in sample.images)
        assert (left[-5:], right[-6:]) == ("-left", "-right")


def test_the_instruction_on_the_same_line_goes():
    (sample,) = NLVR2().to_sample(ROW, 0)
    assert sample.question == 'Is "There are two flutes." valid?'


def test_a_pair_with_one_picture_is_a_fault():
    source = NLVR2()
    source.load = lambda data: iter([ROW | {"images": ROW["images"][:1]}])
    (skipped,) = source.samples()
    assert skipped.fault
    assert "a row of 'nlvr2' has 2 picture(s), this one 1" in skipped.detail
