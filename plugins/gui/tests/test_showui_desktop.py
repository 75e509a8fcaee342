"""ShowUI-desktop's boxes."""

import struct

import pytest

from vg1_plugin_gui.showui_desktop import ShowUIDesktop
from vg1core.types import ClickTarget, Skipped

ROW = {
    "image_url": "screen.png", "image": {"bytes": b"png", "path": None}, "instruction": " Galerie ",
    "bbox": [0.6125, 0.3565, 0.6818, 0.375], "point": [0.65, 0.37], "type": "text",
}  # fmt: skip


def float32(number):
    """The number as a float32 column gives it back."""
    return struct.unpack("f", struct.pack("f", number))[0]


def test_the_box_in_fractions_of_the_picture():
    sample = ShowUIDesktop().to_sample(ROW, 5)
    assert sample.target == ClickTarget(space="unit", box=(0.6125, 0.3565, 0.6818, 0.375))
    assert sample.question == "Find this on the screen: Galerie"
    assert sample.metadata == {"group": "screen.png", "element": "text"}


def test_float32_gives_back_what_was_written():
    row = ROW | {"bbox": [float32(edge) for edge in ROW["bbox"]]}
    assert row["bbox"] != ROW["bbox"]
    assert ShowUIDesktop().to_sample(row, 0).target == ShowUIDesktop().to_sample(ROW, 0).target


@pytest.mark.parametrize(
    ("bbox", "reason"),
    [
        ([0.2, 0.4, 0.2, 0.5], "box without an area"),
        ([0.2, 0.5, 0.3, 0.4], "box without an area"),
        ([0.2, 0.4, 1.02, 0.5], "box outside the picture"),
        ([-0.1, 0.4, 0.2, 0.5], "box outside the picture"),
        ([12, 40, 80, 60], "box outside the picture"),
        ([float("nan"), 0.4, 0.2, 0.5], "box outside the picture"),
    ],
)
def test_boxes_that_cannot_be_clicked_are_left_out(bbox, reason):
    skipped = ShowUIDesktop().to_sample(ROW | {"bbox": bbox}, 7)
    assert skipped == Skipped(id="dataset:showui_desktop/default/train/7", reason=reason, detail=f"bbox {bbox}")


def test_the_whole_screen_is_a_box():
    assert ShowUIDesktop().to_sample(ROW | {"bbox": [0, 0, 1, 1]}, 0).target.box == (0, 0, 1, 1)


@pytest.mark.parametrize("bbox", [[0.1, 0.2, 0.3], ["a", "b", "c", "d"], None])
def test_what_is_no_box_is_a_fault(bbox):
    source = ShowUIDesktop()
    source.load = lambda data: iter([ROW | {"bbox": bbox}])
    (skipped,) = source.samples()
    assert skipped.fault
