"""Tests of `vg1core.images`: every sort of picture one meets, and every way in which one is broken."""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
import warnings
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from vg1core import images
from vg1core.errors import PictureError, UsageError
from vg1core.images import (
    MAX_BYTES,
    PixelBudget,
    decode,
    open_picture,
    prepare,
    read_bytes,
    sha256_of,
    size_of,
    smart_resize,
)
from vg1core.types import Media

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def encoded(image: Image.Image, form: str, **options) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, depth: int, colour: int, rows: bytes, extra: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def close(pixel, wanted, by=6) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel, wanted, strict=True))


def corners() -> Image.Image:
    """Four by two: red at the top left, green at the top right, blue at the bottom left, white elsewhere."""
    image = Image.new("RGB", (4, 2), WHITE)
    image.putpixel((0, 0), RED)
    image.putpixel((3, 0), GREEN)
    image.putpixel((0, 1), BLUE)
    return image


# Where each corner of the stored picture must be shown, from the EXIF 2.3 standard, 4.6.4 A, tag 274:
# the visual position of the stored row 0 and column 0.
ORIENTATIONS = {
    1: ("top", "left"), 2: ("top", "right"), 3: ("bottom", "right"), 4: ("bottom", "left"),
    5: ("left", "top"), 6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_exif_orientation(orientation, form):
    exif = Image.Exif()
    exif[274] = orientation
    data = encoded(corners(), form, exif=exif)
    shown = decode(data, "x")
    assert size_of(data, "x") == shown.size
    row0, column0 = ORIENTATIONS[orientation]
    swapped = row0 in ("left", "right")
    assert shown.size == ((2, 4) if swapped else (4, 2))
    right = "right" in (row0, column0)
    bottom = "bottom" in (row0, column0)
    at = (shown.width - 1 if right else 0, shown.height - 1 if bottom else 0)
    assert shown.getpixel(at) == RED  # row 0, column 0
    along_row = (at[0], shown.height - 1 - at[1]) if swapped else (shown.width - 1 - at[0], at[1])
    assert shown.getpixel(along_row) == GREEN  # row 0, last column


def test_exif_of_a_jpeg_turns_prepared_picture_and_sizes():
    exif = Image.Exif()
    exif[274] = 6
    data = encoded(Image.new("RGB", (280, 140), RED), "JPEG", exif=exif)
    picture = prepare(Media(ref="x", data=data), factor=28, pixels=PixelBudget())
    assert (picture.original_size, picture.sent_size) == ((140, 280), (140, 280))


@pytest.mark.parametrize("exif", [b"Exif\x00\x00garbage", b"Exif\x00\x00II*\x00\xff\xff\xff\xff", b"Exif\x00\x00"])
def test_broken_exif_is_no_broken_picture(exif):
    data = encoded(Image.new("RGB", (40, 20), RED), "JPEG", exif=exif)
    assert decode(data, "x").size == (40, 20)


def test_palette():
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putdata([0, 1])
    shown = decode(encoded(image, "PNG"), "x")
    assert [shown.getpixel((x, 0)) for x in (0, 1)] == [RED, BLUE]


@pytest.mark.parametrize("transparency", [0, b"\x00\xff", b"\x00"])
def test_palette_with_transparency_lies_on_white(transparency):
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putdata([0, 1])
    shown = decode(encoded(image, "PNG", transparency=transparency), "x")
    assert [shown.getpixel((x, 0)) for x in (0, 1)] == [WHITE, BLUE]


@pytest.mark.parametrize(
    ("mode", "colour", "wanted"),
    [
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (0, 0, 0, 128), (127, 127, 127)),
        ("LA", (0, 0), WHITE),
        ("LA", (0, 255), BLACK),
        ("L", 90, (90, 90, 90)),
        ("1", 1, WHITE),
        ("1", 0, BLACK),
    ],
)
def test_modes_of_png(mode, colour, wanted):
    shown = decode(encoded(Image.new(mode, (3, 3), colour), "PNG"), "x")
    assert shown.mode == "RGB"
    assert shown.getpixel((1, 1)) == wanted


@pytest.mark.parametrize(("mode", "key", "wanted"), [("RGB", (9, 9, 9), WHITE), ("L", 9, WHITE), ("1", 0, WHITE)])
def test_colour_that_stands_for_transparency(mode, key, wanted):
    shown = decode(encoded(Image.new(mode, (3, 3), key), "PNG", transparency=key), "x")
    assert shown.getpixel((0, 0)) == wanted


@pytest.mark.parametrize("mode", ["La", "RGBa", "PA", "HSV", "YCbCr", "LAB", "RGBX"])
def test_modes_that_only_other_formats_have(mode):
    assert images._to_rgb(Image.new(mode, (2, 2))).mode == "RGB"


@pytest.mark.parametrize("colour", [RED, GREEN, (30, 60, 90), WHITE, BLACK])
def test_cmyk_jpeg(colour):
    data = encoded(Image.new("RGB", (16, 16), colour).convert("CMYK"), "JPEG", quality=95)
    assert close(decode(data, "x").getpixel((8, 8)), colour)


def test_16_bit_grey_stays_a_gradient():
    rows = b"\x00" + b"".join(struct.pack(">H", 257 * x) for x in range(256))
    shown = decode(png(256, 1, depth=16, colour=0, rows=rows), "x")
    assert [shown.getpixel((x, 0)) for x in range(256)] == [(x, x, x) for x in range(256)]


def test_16_bit_grey_with_alpha_and_16_bit_rgb():
    half = struct.pack(">HH", 257 * 90, 65535)
    assert decode(png(1, 1, depth=16, colour=4, rows=b"\x00" + half), "x").getpixel((0, 0)) == (90, 90, 90)
    colour = struct.pack(">HHH", 257 * 10, 257 * 20, 257 * 30)
    assert decode(png(1, 1, depth=16, colour=2, rows=b"\x00" + colour), "x").getpixel((0, 0)) == (10, 20, 30)


def grey_row(mode: str, values: list[float]) -> list[int]:
    image = Image.new(mode, (len(values), 1))
    image.putdata(values)
    shown = decode(encoded(image, "TIFF"), "x")
    return [shown.getpixel((x, 0))[0] for x in range(len(values))]


@pytest.mark.parametrize(
    ("mode", "values", "wanted"),
    [
        ("I", [0, 32896, 65535], [0, 128, 255]),
        ("I", [0, 100, 255], [0, 100, 255]),
        ("I", [-5, 0, 2_000_000_000], [0, 0, 255]),
        ("F", [0.0, 0.5, 1.0], [0, 128, 255]),
        ("F", [0.0, 128.0, 255.0], [0, 128, 255]),
        ("F", [-1.0, 0.0, 65535.0], [0, 0, 255]),
    ],
)
def test_32_bit_and_float_grey(mode, values, wanted):
    assert grey_row(mode, values) == wanted


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "TIFF"])
def test_first_frame_of_an_animation(form):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    lossless = {"lossless": True} if form == "WEBP" else {}
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:], **lossless)
    assert decode(data, "x").getpixel((4, 4)) == RED


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "JPEG2000", "AVIF"])
def test_formats_by_content_not_by_ending(form, tmp_path):
    if form not in images._formats():
        pytest.skip(f"this PIL was built without {form}")
    path = tmp_path / "picture.png"
    path.write_bytes(encoded(Image.new("RGB", (16, 16), RED), form))
    assert close(open_picture(Media(ref=str(path))).getpixel((8, 8)), RED)


def test_formats_that_start_programs_are_not_opened():
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n"
    assert Image.open(BytesIO(eps)).format == "EPS"
    with pytest.raises(PictureError, match="x: the file is not a picture"):
        decode(eps, "x")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "pictures/a.png: the file is empty. Fetch the file again"),
        (b"Not a picture at all\n", "the file is not a picture .value: b'Not a picture a"),
        (b"<html><body>404</body></html>", "the file is not a picture .value: b'<html>"),
        (b"\x89PNG\r\n\x1a\n", "not a picture|damaged"),
        (encoded(Image.effect_noise((64, 64), 50), "PNG")[:900], "the picture is damaged: .*truncated"),
        (encoded(Image.effect_noise((64, 64), 50), "PNG")[:40], "the picture is damaged|not a picture"),
        (encoded(Image.effect_noise((64, 64), 50), "JPEG")[:900], "the picture is damaged: .*truncated"),
        (encoded(Image.effect_noise((64, 64), 50), "GIF")[:900], "the picture is damaged"),
        (encoded(Image.effect_noise((64, 64), 50), "WEBP")[:900], "the picture is damaged|not a picture"),
        (encoded(Image.effect_noise((64, 64), 50), "TIFF")[:900], "the picture is damaged|not a picture"),
    ],
)
def test_broken_files_say_so(data, problem):
    with pytest.raises(PictureError, match=problem):
        decode(data, "pictures/a.png")


def test_every_cut_of_a_file_gives_a_picture_or_a_picture_error():
    for form in ("PNG", "JPEG", "GIF", "BMP", "TIFF"):
        data = encoded(Image.effect_noise((24, 24), 50), form)
        for end in range(0, len(data), 7):
            try:
                shown = decode(data[:end], "x")
            except PictureError:
                continue
            assert shown.mode == "RGB"


def test_missing_file_folder_and_bad_names(tmp_path):
    with pytest.raises(PictureError, match=r"nope\.png: the picture cannot be read: .*No such file.*data folder compl"):
        read_bytes(Media(ref=str(tmp_path / "nope.png")))
    with pytest.raises(PictureError, match="the picture is not a file"):
        read_bytes(Media(ref=str(tmp_path)))
    with pytest.raises(PictureError, match="null byte"):
        read_bytes(Media(ref="a\0b.png"))
    with pytest.raises(PictureError, match="cannot be read"):
        read_bytes(Media(ref="x" * 5000))
    with pytest.raises(PictureError, match="the picture is not a file"):
        read_bytes(Media(ref="/dev/zero"))


def test_other_media_are_refused():
    with pytest.raises(PictureError, match="media of kind 'video' is not supported; pictures are"):
        read_bytes(Media(ref="a.mp4", kind="video"))


def test_large_file_is_not_read(tmp_path):
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PictureError, match=r"large\.png: the file has 268,435,457 bytes; at most 268,435,456 are read"):
        read_bytes(Media(ref=str(path)))


def huge_png(width: int, height: int) -> bytes:
    return png(width, height, depth=8, colour=2, rows=b"\x00" * 100)


@pytest.mark.parametrize(
    ("size", "problem"),
    [
        ((60_000, 60_000), "the picture is too large: .*3600000000 pixels.*at most 64,000,000 pixels are decoded"),
        ((10_000, 10_000), "the picture is 10000 × 10000; at most 64,000,000 pixels are decoded; make it smaller"),
        ((8_001, 8_000), "the picture is 8001 × 8000"),
    ],
)
def test_large_pictures_are_refused(size, problem):
    with pytest.raises(PictureError, match=problem):
        decode(huge_png(*size), "x")


def test_huge_picture_takes_no_memory(tmp_path):
    (tmp_path / "huge.png").write_bytes(huge_png(60_000, 60_000))
    script = f"""
from pathlib import Path
def peak():  # kilobytes; ru_maxrss would hold what the parent had when it forked
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
from vg1core.images import prepare, PixelBudget, decode
from vg1core.types import Media
from vg1core.errors import PictureError
from PIL import Image
Image.init()
before = peak()
try:
    prepare(Media(ref={str(tmp_path / "huge.png")!r}), factor=28, pixels=PixelBudget())
except PictureError:
    print(peak() - before)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert int(done.stdout) < 20_000  # KiB; the picture itself would be 10.8 GB


def test_members_of_an_archive(tmp_path):
    data = encoded(corners(), "PNG")
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/b.png", data)
        archive.mkdir("folder")
    assert open_picture(Media(ref=f"{path}!a/b.png")).getpixel((0, 0)) == RED
    with pytest.raises(
        PictureError, match=r"archive\.zip!a/c\.png: the archive has no member 'a/c\.png'\. Is the data"
    ):
        read_bytes(Media(ref=f"{path}!a/c.png"))
    with pytest.raises(PictureError, match="the file is empty"):
        open_picture(Media(ref=f"{path}!folder/"))
    with pytest.raises(PictureError, match=r"No such file"):
        read_bytes(Media(ref=f"{tmp_path}/other.zip!a/b.png"))


def test_an_archive_is_read_anew_when_it_changed(tmp_path):
    path = tmp_path / "archive.zip"
    for content in (b"one", b"three"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.png", content)
        assert read_bytes(Media(ref=f"{path}!a.png")) == content


def test_broken_archives(tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(PictureError, match="not a zip file"):
        read_bytes(Media(ref=f"{path}!a.png"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", b"x" * 1000)
    content = bytearray(path.read_bytes())
    content[36:40] = b"\xff\xff\xff\xff"  # inside the deflated data
    path.write_bytes(content)
    with pytest.raises(PictureError, match="cannot be read"):
        read_bytes(Media(ref=f"{path}!a.png"))


def test_encrypted_member(tmp_path):
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", b"x")
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the local header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(content)
    with pytest.raises(PictureError, match="encrypted"):
        read_bytes(Media(ref=f"{path}!a.png"))


def test_bomb_in_an_archive_is_refused_by_its_declared_size(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.png", "w") as member:
        for _ in range(MAX_BYTES // 2**20 + 1):
            member.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(PictureError, match=r"bomb\.zip!a\.png: the file has 269,484,032 bytes; at most 268,435,456"):
        read_bytes(Media(ref=f"{path}!a.png"))


def test_bomb_that_declares_a_small_size_is_not_inflated(tmp_path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(2**22))
    content = bytearray(path.read_bytes())
    for place in (22, content.index(b"PK\x01\x02") + 24):
        content[place : place + 4] = struct.pack("<I", 10)
    path.write_bytes(content)
    with pytest.raises(PictureError, match="Bad CRC"):
        read_bytes(Media(ref=f"{path}!a.png"))


def test_warnings_do_not_leak_and_filters_are_restored():
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"
    data = encoded(Image.new("RGB", (64, 64), RED), "JPEG", exif=exif)
    before = list(warnings.filters)
    threads = [threading.Thread(target=lambda: [decode(data, "x") for _ in range(20)]) for _ in range(4)]
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with pytest.raises(PictureError, match="10000 × 10000"):
            decode(huge_png(10_000, 10_000), "x")
    assert seen == []
    assert list(warnings.filters) == before


def test_hash_is_that_of_the_file():
    data = encoded(corners(), "PNG")
    media = Media(ref="x", data=data)
    picture = prepare(media, factor=28, pixels=PixelBudget())
    assert picture.sha256 == sha256_of(media)
    assert sha256_of(Media(ref="never/opened.png", sha256="abc")) == "abc"


# width, height, factor, min and max pixels, and the size by the rule that QwenLM/Qwen2-VL states for `smart_resize`
# (sides to the nearest multiple; above the maximum both shrink by one ratio and round down, below the minimum they
# grow by one ratio and round up), worked out by hand.
SIZES = [
    (280, 140, 28, 3136, 1003520, (280, 140)),  # multiples already
    (300, 200, 28, 3136, 1003520, (308, 196)),  # 10.7 and 7.1 units
    (293, 195, 28, 3136, 1003520, (280, 196)),  # 10.46 and 6.96 units
    (294, 98, 28, 3136, 1003520, (280, 112)),  # halves round to even: 10.5 to 10, 3.5 to 4
    (2000, 1500, 28, 3136, 1003520, (1148, 840)),  # ratio 1.729: 41.31 and 30.98 units
    (1000, 1000, 28, 3136, 1003520, (980, 980)),  # 35.7 rounds to 36, above the maximum; 35.78 rounds down
    (10, 10, 28, 3136, 1003520, (56, 56)),  # 5.6 times larger
    (20, 60, 28, 3136, 1003520, (56, 112)),  # 28 × 56 is below the minimum: 32.3 × 97.0 rounds up to 56 × 112
    (4000, 20, 28, 3136, 1003520, (4004, 28)),  # exactly 200 times
    (60, 2800, 28, 3136, 78400, (28, 1904)),  # 40.99 × 1912.9
    (10000, 50, 28, 3136, 78400, (3948, 28)),  # no side is shorter than the factor, above the maximum or not
    (320, 160, 32, 4096, 1310720, (320, 160)),
    (300, 200, 32, 4096, 1310720, (288, 192)),  # 9.375 and 6.25 units
    (2000, 1500, 32, 4096, 1310720, (1312, 960)),  # ratio 1.513: 41.31 and 30.98 units
    (33, 31, 32, 4096, 1310720, (96, 64)),  # one unit by one; twice 33 × 31 is 66.0 × 62.0
    (1, 1, 32, 4096, 1310720, (64, 64)),
]


@pytest.mark.parametrize(("width", "height", "factor", "low", "high", "size"), SIZES)
def test_smart_resize(width, height, factor, low, high, size):
    budget = PixelBudget(min_pixels=low, max_pixels=high)
    assert smart_resize(width, height, factor=factor, pixels=budget) == size
    assert smart_resize(height, width, factor=factor, pixels=budget) == size[::-1]


def test_smart_resize_equals_the_one_in_transformers():
    theirs = pytest.importorskip("transformers.models.qwen2_vl.image_processing_pil_qwen2_vl").smart_resize
    budget = PixelBudget(min_pixels=3136, max_pixels=200_704)
    for factor in (28, 32):
        for width in range(factor, 3000, 61):  # below one unit theirs starts from zero units
            for height in range(max(factor, -(-width // 200)), min(200 * width, 3000), 127):
                ours = smart_resize(width, height, factor=factor, pixels=budget)
                assert ours == theirs(height, width, factor, 3136, 200_704)[::-1], (width, height, factor)


def test_extreme_ratio_names_the_file():
    data = encoded(Image.new("RGB", (2010, 10), RED), "PNG")
    with pytest.raises(PictureError, match=r"a\.png: the picture is 2010 × 10; sides may differ by at most 200 times"):
        prepare(Media(ref="a.png", data=data), factor=28, pixels=PixelBudget())


@pytest.mark.parametrize(("low", "high"), [(0, 10), (-1, 10), (11, 10)])
def test_pixel_budget_is_checked(low, high):
    with pytest.raises(UsageError, match=rf"min_pixels \({low}\) must be positive and not larger than max_pixels"):
        PixelBudget(min_pixels=low, max_pixels=high)


def test_prepare_resizes_once_and_keeps_what_fits():
    plain = prepare(
        Media(ref="x", data=encoded(corners().resize((280, 140), 0), "PNG")), factor=28, pixels=PixelBudget()
    )
    assert (plain.sent_size, plain.original_size) == ((280, 140), (280, 140))
    assert plain.image.getpixel((0, 0)) == RED
    large = prepare(
        Media(ref="x", data=encoded(Image.new("RGB", (2000, 1500), RED), "PNG")), factor=28, pixels=PixelBudget()
    )
    assert (large.sent_size, large.original_size) == ((1148, 840), (2000, 1500))
    assert large.image.getpixel((500, 500)) == RED


def test_real_pictures_open(vg1_test_data: Path):
    found = sorted(path for path in vg1_test_data.glob("data/**/*") if path.suffix.lower() in (".png", ".jpg", ".jpeg"))
    assert found
    for path in found[:: max(1, len(found) // 25)]:
        picture = prepare(Media(ref=str(path)), factor=28, pixels=PixelBudget(max_pixels=100_352))
        assert picture.image.mode == "RGB"
        assert all(side % 28 == 0 for side in picture.sent_size)
