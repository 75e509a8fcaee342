"""Pictures: one way to open them, for evaluation and training alike.

Whatever a file's ending says, its content decides. EXIF orientation is applied, palettes, CMYK, 16-bit and
transparent pictures become 8-bit RGB (transparency over white), and nothing larger than `MAX_PIXELS` is ever decoded.
"""

from __future__ import annotations

import hashlib
import math
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from vg1core.errors import DataError, PictureError, UsageError
from vg1core.types import Media, Size

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 64_000_000
"""Largest picture that is decoded; 8,000 × 8,000."""
MAX_BYTES = 256 * 2**20
"""Largest encoded file that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelBudget:
    """Between how many pixels a picture is resized before a model sees it."""

    min_pixels: int = 4 * 28 * 28
    max_pixels: int = 1280 * 28 * 28
    """Vision-G1 trained with 1280 · 28 · 28 (training/examples/…/single_node_vision_g1.sh)."""

    def __post_init__(self) -> None:
        if not 0 < self.min_pixels <= self.max_pixels:
            raise UsageError(
                f"min_pixels ({self.min_pixels}) must be positive and not larger than max_pixels ({self.max_pixels})"
            )


@dataclass(frozen=True, slots=True)
class Picture:
    """An opened picture, ready for a model."""

    image: Image
    """RGB, at the size that is sent."""
    original_size: Size
    sha256: str
    """Hash of the encoded file."""

    @property
    def sent_size(self) -> Size:
        """Width and height of what the model sees."""
        return self.image.size


def read_bytes(media: Media) -> bytes:
    """The encoded file behind a reference.

    :raises PictureError: it is missing, too large, or not a file.
    """
    if media.kind != "image":
        raise PictureError(f"media of kind '{media.kind}' is not supported; pictures are", file=media.ref)
    if media.data is not None:
        _check_bytes(len(media.data), media)
        return media.data
    path, separator, member = media.ref.partition(".zip!")
    try:
        if separator:
            with zipfile.ZipFile(f"{path}.zip") as archive:
                _check_bytes(archive.getinfo(member).file_size, media)
                return archive.read(member)
        _check_bytes(Path(media.ref).stat().st_size, media)
        return Path(media.ref).read_bytes()
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        hint = "Is the data folder complete? References are relative to the file that holds the row"
        raise PictureError(f"the picture cannot be read: {error}", file=media.ref, hint=hint) from error


def _check_bytes(size: int, media: Media) -> None:
    if size > MAX_BYTES:
        raise PictureError(f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read", file=media.ref)


def sha256_of(media: Media) -> str:
    """Hash of the encoded file."""
    return media.sha256 or hashlib.sha256(read_bytes(media)).hexdigest()


def open_picture(media: Media) -> Image:
    """Decode a picture to 8-bit RGB at its own size.

    :raises PictureError: it is missing, no picture, truncated, or larger than `MAX_PIXELS`.
    """
    return decode(read_bytes(media), media.ref)


def decode(data: bytes, ref: str) -> Image:
    """Decode an encoded picture to 8-bit RGB. `ref` names it in errors."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    too_large = f"at most {MAX_PIXELS:,} pixels are decoded; make it smaller or leave the row out"
    try:
        image = Image.open(BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise PictureError(f"the picture is {image.width} × {image.height}; {too_large}", file=ref)
        image.load()
        turned = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"{error}; {too_large}", file=ref) from error
    except UnidentifiedImageError as error:
        hint = "Its first bytes are shown"
        raise PictureError("the file is not a picture", file=ref, value=data[:16], hint=hint) from error
    except PictureError:
        raise
    except Exception as error:  # PIL raises OSError, SyntaxError, ValueError, struct.error … on broken files
        raise PictureError(f"the picture is damaged: {error}", file=ref, hint="Fetch the file again") from error
    return _to_rgb(turned)


def _to_rgb(image: Image) -> Image:
    """8-bit RGB; transparency over white; 16-bit and float grey scaled instead of clipped."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        image = image.convert("I")
        return image.point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if image.mode in ("I", "F"):
        low, high = image.getextrema()
        assert isinstance(low, int | float)
        assert isinstance(high, int | float)
        if high > 255:  # a 16-bit scale; PIL opens 16-bit PNGs as "I" in some versions
            top = 65535.0 if high <= 65535 else float(high)
            image = image.point(lambda value: value * (255.0 / top))
        return image.convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def smart_resize(width: int, height: int, *, factor: int, pixels: PixelBudget) -> Size:
    """The size Qwen2-VL's rule gives a picture: sides are multiples of `factor`, the area within the budget.

    Source: QwenLM/Qwen2-VL, qwen-vl-utils/src/qwen_vl_utils/vision_process.py, `smart_resize`.

    :param factor: patch size times merge size: 28 for Qwen2.5-VL, 32 for Qwen3-VL.
    :raises PictureError: the sides differ by more than 200 times.
    """
    if max(width, height) > 200 * min(width, height):
        raise PictureError(f"the picture is {width} × {height}; sides may differ by at most 200 times")
    new_width = max(factor, round(width / factor) * factor)
    new_height = max(factor, round(height / factor) * factor)
    if new_width * new_height > pixels.max_pixels:
        shrink = math.sqrt(width * height / pixels.max_pixels)
        new_width = max(factor, math.floor(width / shrink / factor) * factor)
        new_height = max(factor, math.floor(height / shrink / factor) * factor)
    elif new_width * new_height < pixels.min_pixels:
        grow = math.sqrt(pixels.min_pixels / (width * height))
        new_width = math.ceil(width * grow / factor) * factor
        new_height = math.ceil(height * grow / factor) * factor
    return new_width, new_height


def prepare(media: Media, *, factor: int, pixels: PixelBudget) -> Picture:
    """Read, decode and resize a picture once, as every backend and the trainer show it to a model."""
    from PIL import Image

    data = read_bytes(media)
    image = decode(data, media.ref)
    try:
        size = smart_resize(*image.size, factor=factor, pixels=pixels)
    except DataError as error:
        raise PictureError(error.problem, file=media.ref) from error
    resized = image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)
    return Picture(resized, image.size, hashlib.sha256(data).hexdigest())
