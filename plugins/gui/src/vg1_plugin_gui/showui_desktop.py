"""ShowUI-desktop (Lin et al., CVPR 2025): where on a desktop screenshot is the element that a text describes?

{"image_url": "c12b57.png", "image": <picture>, "instruction": "Galerie", "bbox": [0.6125, 0.3565, 0.6818, 0.375],
 "point": [0.65, 0.37], "type": "text"}

Boxes are x1, y1, x2, y2 as fractions of the picture. The texts give an element's name, or were written by a model
after its look, place or purpose. About a hundred screenshots (from OmniACT's training part) stand behind all rows;
`metadata["group"]` names the screenshot.
"""

from __future__ import annotations

from typing import ClassVar

from vg1core import Register, hookimpl
from vg1core.datasets import DatasetInfo, HubDataset, Row
from vg1core.types import ClickTarget, Sample, Skipped


class ShowUIDesktop(HubDataset):
    """Elements of desktop screenshots, to be clicked."""

    info = DatasetInfo(
        name="showui_desktop",
        dimension="gui",
        hub_id="showlab/ShowUI-desktop",
        licence="unknown",
        verifier="click",
        paper="arXiv:2411.17465",
        rows=7496,
        rows_known="exact",
    )
    columns: ClassVar = {
        "image_url": "string", "image": "image", "instruction": "string", "bbox": "list[float32]",
        "point": "list[float32]?", "type": "string?",
    }  # fmt: skip

    def to_sample(self, row: Row, index: int) -> Sample | Skipped:
        """A click anywhere in the box is right. Boxes without an area, or not wholly on the screen, are left out."""
        # float32 holds about seven digits: rounding gives back what the authors wrote
        box = x1, y1, x2, y2 = tuple(round(float(edge), 6) for edge in row["bbox"])
        if not all(0 <= edge <= 1 for edge in box):
            return self.skip(index, "box outside the picture", f"bbox {row['bbox']}")
        if x1 >= x2 or y1 >= y2:
            return self.skip(index, "box without an area", f"bbox {row['bbox']}")
        return self.sample(
            index,
            images=row["image"],
            question=f"Find this on the screen: {row['instruction'].strip()}",
            target=ClickTarget(space="unit", box=box),
            group=row["image_url"],
            element=row.get("type"),
        )


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(ShowUIDesktop)
