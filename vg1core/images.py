"""Pictures: one way to open them, for evaluation and training alike.

Whatever a file's ending says, its content decides. EXIF orientation is applied, palettes, CMYK, 16-bit and
transparent pictures become 8-bit RGB (transparency over white), of an animation the first frame is taken, and nothing
larger than `MAX_PIXELS` is ever decoded.
"""

from __future__ import annotations

import hashlib
import math
import os
import stat
import threading
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vg1core.errors import DataError, PictureError, UsageError
from vg1core.types import Media, Size

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

MAX_PIXELS = 64_000_000
"""Largest picture that is decoded; 8,000 × 8,000."""
MAX_BYTES = 256 * 2**20
"""Largest encoded file that is read."""
TOO_LARGE = f"at most {MAX_PIXELS:,} pixels are decoded; make it smaller or leave the row out"
FORMATS = ("PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "DIB", "TIFF", "PPM", "JPEG2000", "AVIF")
"""Formats that are opened, by PIL's names. Others are left out on purpose: for EPS, for one, PIL starts Ghostscript."""

_warnings_lock = threading.Lock()


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
    hint = "Is the data folder complete? References are relative to the file that holds the row"
    try:
        return _read_member(f"{path}.zip", member, media) if separator else _read_file(Path(media.ref), media)
    except PictureError:
        raise
    except KeyError as error:
        raise PictureError(f"the archive has no member '{member}'", file=media.ref, hint=hint) from error
    except Exception as error:  # OSError, and for archives RuntimeError, BadZipFile, zlib.error, EOFError …
        raise PictureError(f"the picture cannot be read: {error}", file=media.ref, hint=hint) from error


def _read_file(path: Path, media: Media) -> bytes:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):  # a folder, or a pipe that would never end
        raise PictureError("the picture is not a file", file=media.ref)
    _check_bytes(about.st_size, media)
    return path.read_bytes()


def _read_member(path: str, member: str, media: Media) -> bytes:
    about = os.stat(path)
    archive = _archive(path, about.st_size, about.st_mtime_ns, os.getpid())
    _check_bytes(archive.getinfo(member).file_size, media)  # zipfile never inflates more than this
    return archive.read(member)


@lru_cache(maxsize=8)
def _archive(path: str, size: int, mtime_ns: int, pid: int) -> zipfile.ZipFile:
    """An open archive, kept because reading its directory anew for every picture costs more than the picture.

    Size and time notice a changed file; `pid` keeps a forked process from sharing the file position.
    """
    return zipfile.ZipFile(path)


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
    with _named(data, ref):
        image = _opened(data, ref)
        image.load()
        turn = _turn(image)
        return _to_rgb(image if turn is None else image.transpose(turn))


def size_of(data: bytes, ref: str) -> Size:
    """The size `decode` would give a picture, read off its header."""
    from PIL.Image import Transpose

    with _named(data, ref):
        image = _opened(data, ref)
        if image.format == "TIFF":  # PIL turns these itself, when it loads them
            image.load()
        lying = (Transpose.TRANSPOSE, Transpose.ROTATE_270, Transpose.TRANSVERSE, Transpose.ROTATE_90)
        return (image.height, image.width) if _turn(image) in lying else image.size


def _opened(data: bytes, ref: str) -> Image:
    """A picture whose header was read and found small enough."""
    from PIL import Image

    with _without_warnings():
        image = Image.open(BytesIO(data), formats=_formats())
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(f"the picture is {image.width} × {image.height}; {TOO_LARGE}", file=ref)
    return image


@contextmanager
def _named(data: bytes, ref: str) -> Iterator[None]:
    """Whatever PIL raises over a broken file, as a `PictureError` that names it."""
    from PIL import Image, UnidentifiedImageError

    if not data:
        raise PictureError("the file is empty", file=ref, hint="Fetch the file again")
    try:
        yield
    except Image.DecompressionBombError as error:
        raise PictureError(f"the picture is too large: {error}; {TOO_LARGE}", file=ref) from error
    except UnidentifiedImageError as error:
        hint = f"Its first bytes are shown; formats that are read: {', '.join(_formats())}"
        raise PictureError("the file is not a picture", file=ref, value=data[:16], hint=hint) from error
    except PictureError:
        raise
    except Exception as error:  # PIL raises OSError, SyntaxError, ValueError, struct.error … on broken files
        raise PictureError(f"the picture is damaged: {error}", file=ref, hint="Fetch the file again") from error


@cache
def _formats() -> tuple[str, ...]:
    """Those of `FORMATS` that this PIL was built with."""
    from PIL import Image

    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep PIL's remarks on large pictures and odd metadata, which decide nothing here, from being printed.

    `catch_warnings` changes the whole process, so only one thread at a time may be inside; decoding happens outside.
    """
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _turn(image: Image) -> Transpose | None:
    """How a picture has to be turned by its EXIF orientation; unreadable EXIF data count as none."""
    from PIL import ExifTags
    from PIL.Image import Transpose

    with _without_warnings():
        try:
            orientation = image.getexif().get(ExifTags.Base.Orientation)
        except Exception:  # SyntaxError, struct.error, ValueError … : metadata may be broken, the picture is not
            orientation = None
    turns: dict[Any, Transpose] = {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
    }  # fmt: skip
    return turns.get(orientation)


def _to_rgb(image: Image) -> Image:
    """8-bit RGB; transparency over white; 16-bit and float grey scaled instead of clipped."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        return _grey(image.convert("I"), 65535.0)
    if image.mode in ("I", "F"):
        high = float(image.getextrema()[1])  # type: ignore[arg-type]  # two numbers for pictures of one band
        if image.mode == "F" and high <= 1:
            return _grey(image, 1.0)
        return _grey(image, 255.0 if high <= 255 else max(high, 65535.0))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("LA" if image.mode == "La" else "RGBA").convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _grey(image: Image, top: float) -> Image:
    """Grey values from 0 to `top` as 8-bit RGB. PIL truncates, so half a step is added."""
    return image.point(lambda value: value * (255.0 / top) + 0.5).convert("L").convert("RGB")


def smart_resize(width: int, height: int, *, factor: int, pixels: PixelBudget) -> Size:
    """The size Qwen2-VL's rule gives a picture: sides are multiples of `factor`, the area within the budget.

    As in the rule, no side is shorter than `factor`; a very long picture may exceed a small budget for that.
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
