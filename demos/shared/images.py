"""Any uploaded file -> an upright 8-bit sRGB array, or one sentence to the visitor; and a picture -> a file."""

import functools
import io
import operator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pillow_heif
from PIL import Image, UnidentifiedImageError

from demos.shared import bmp, coding, deep
from demos.shared import jpeg as jpegs
from demos.shared.budget import Budget
from demos.shared.colour import to_srgb
from demos.shared.crop import Box, Crop, scale_box
from demos.shared.errors import DAMAGED, PictureError, log_unusual, sentences
from demos.shared.hostile import is_held_whole, is_hostile, weigh
from demos.shared.orientation import UPRIGHT, read_orientation
from demos.shared.recent import Recent

MAX_BYTES = 30_000_000
MAX_PIXELS = Image.MAX_IMAGE_PIXELS = 100_000_000  # Pillow's own limit would warn from 89 megapixels on
QUICK_SIDE = 1024  # pixels of the longer side, of a picture for such an answer
QUICK_PIXELS = 50_000_000  # that are decoded for an answer within a second: of most JPEG files fewer than they have
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
HIDDEN = ("TIFF", "HEIF")  # of these, what browsers do not show
KINDS = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC"
NOTHING = f"Choose a picture first: a {KINDS} file."
UNREADABLE = "This picture could not be read: choose it again."
EMPTY = "This picture is empty: choose another one."
TOO_LARGE = "This file is larger than 30 MB: save the picture smaller or as JPEG, then choose it again."
TOO_MANY = "This picture has more than {} megapixels: make it smaller, then choose it again."
TOO_MANY_PIXELS = TOO_MANY.format(MAX_PIXELS // 1_000_000)
SVG = "This is an SVG drawing: save it as PNG, then choose that file."
UNKNOWN = f"This file is no picture that can be opened here, or it is damaged: choose a {KINDS} file."
CUT = "The end of this file is missing: what is there of the picture is shown and answered."
ARRAY = "An array must be (H, W) or (H, W, 1, 3 or 4) of uint8, uint16 or floats in [0, 1]: convert it first."

# The picture itself is asked for, not a thumbnail that the file carries and that may show another one.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
bmp.register()

# Pixels of all pictures that are being decoded in this process; they take four bytes each, some kinds several times.
budget = Budget(MAX_PIXELS, seconds=10)
recent = Recent()


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture.

    pixels: uint8 (H, W, 3), RGB in sRGB, upright, transparency flattened over white. If the source was opened with
    `exact`: the colours beneath the transparency, and uint16 (H, W, 3) if the source has 16 bits a channel.
    alpha: uint8 (H, W), 255 is opaque; None if the source cannot be transparent.
    size: (width, height) of the source, upright, before it was reduced.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None
    size: tuple[int, int]

    @functools.cached_property
    def image(self) -> Image.Image:
        """The pixels, 8 bits a channel, for Pillow; made once, so nobody may change it."""
        return Image.fromarray(self.pixels)

    def locate(self, crop: Crop | None = None) -> tuple[Box, tuple[int, int, int, int]]:
        """The box of a crop, or of the whole picture, in `pixels`; and the same in whole pixels of the source."""
        size = self.pixels.shape[1::-1]
        box = crop.box(*size) if crop else (0, 0, *size)
        return box, scale_box(box, size, self.size)


# All that `open` takes.
Source = str | Path | bytes | BinaryIO | Image.Image | np.ndarray | Picture


def open(source: Source, *, longest: int = 2048, exact: bool = False, most: int = MAX_PIXELS) -> Picture:
    """Decode a picture, and reduce it if a side is longer than `longest` pixels. A Picture is returned unchanged.

    source: a path (str or Path), bytes, an open binary file, a Pillow image, or an array (H, W), (H, W, 1),
    (H, W, 3) or (H, W, 4) of uint8, uint16, or floats in [0, 1]. Files are JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF
    or HEIC, at most 30 MB and 100 megapixels. Of several frames or pages the first is taken.
    exact: keep 16 bits a channel and the colours beneath transparency. 16 bits come from arrays, PNG and TIFF that
    are not reduced and are in sRGB.
    most: pixels that may have to be decoded. Where other threads decode many, it waits, then says so.

    Pixels are those of the source, bit for bit, if it is lossless, not reduced and, by its profile, or by what a PNG
    says without one, in sRGB.
    Grey of more than 8 bits is scaled by its depth. Floats of a file outside [0, 1] are scaled to their range.
    Raises PictureError for whatever is wrong with the source, TypeError or ValueError for other arguments.
    """
    if operator.index(longest) < 1:
        raise ValueError(f"longest is {longest}: a picture has at least one pixel a side")
    if not isinstance(exact, bool):
        raise TypeError(f"exact is a bool, not {type(exact).__name__}")
    if isinstance(source, Picture):
        return source
    return recent.find(source, (longest, exact, most), lambda: _open(source, longest, exact, most))


def _open(source: Source, longest: int, exact: bool, most: int) -> Picture:
    with sentences():
        image = _identify(source)
        pixels = _count_decoded(image, longest)
        if pixels > most:
            raise PictureError(TOO_MANY.format(most // 1_000_000))
        with budget.hold(pixels * weigh(image, exact)):
            return _decode(image, longest, exact)


def open_quick(source: Source, longest: int = QUICK_SIDE) -> Picture:
    """As `open`, for an answer within a second. Raises PictureError."""
    return open(source, longest=longest, most=QUICK_PIXELS)


def measure(source: Source) -> tuple[int, int]:
    """(width, height) of a picture, upright, by what its file says before its pixels. Raises PictureError."""
    with sentences():
        image = _identify(source)
        return image.size[::-1] if _orientation(image) >= 5 else image.size


def is_shown_alike(source: Source) -> bool:
    """Whether browsers show a file as it is decoded here: they lack some kinds, and turn only JPEG files upright.

    Raises PictureError.
    """
    with sentences():
        image = _identify(source)
        is_marked = image.format != "PNG" or b"eXIf" in image.fp.getvalue()  # to look for it, Pillow decodes a PNG
        is_turned = image.format != "JPEG" and is_marked and _orientation(image) in UPRIGHT
        return image.format not in HIDDEN and not is_turned


def _identify(source: Source) -> Image.Image:
    """Source -> an image with a bounded number of pixels; a file is not decoded yet."""
    if source is None:
        raise PictureError(NOTHING)
    if isinstance(source, np.ndarray):
        return _from_array(source)
    if isinstance(source, Image.Image):
        _check_pixels(source.size)
        return source.copy()
    data = _read(source)
    if is_hostile(data):
        raise PictureError(DAMAGED)
    data += jpegs.END if data.startswith(jpegs.BEGIN) else b""  # one that was cut is then decoded as far as it goes
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise PictureError(SVG if b"<svg" in data[:4096].lower() else UNKNOWN) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(TOO_MANY_PIXELS) from None
    _check_pixels(image.size)
    return image


def _from_array(array: np.ndarray) -> Image.Image:
    if array.ndim not in (2, 3) or array.shape[2:] not in ((), (1,), (3,), (4,)):
        raise PictureError(ARRAY)
    _check_pixels(array.shape[1::-1])
    array, values = array[:, :, 0] if array.shape[2:] == (1,) else array, None
    if array.dtype == np.uint16:
        array, values = deep.to_8_bits(array), array
    elif np.issubdtype(array.dtype, np.floating) and array.min() >= 0 and array.max() <= 1:
        array, values = np.rint(array * 255).astype(np.uint8), array
    elif array.dtype != np.uint8:
        raise PictureError(ARRAY)
    image = Image.fromarray(array)
    image.info["values"] = values
    return image


def _check_pixels(size: tuple[int, int]) -> None:
    if 0 in size:
        raise PictureError(EMPTY)
    if size[0] * size[1] > MAX_PIXELS:
        raise PictureError(TOO_MANY_PIXELS)


def _count_decoded(image: Image.Image, longest: int) -> int:
    """About how many pixels are decoded to open an image: fewer than a JPEG has that is reduced row by row."""
    is_reduced = image.format == "JPEG" and not is_held_whole(image)
    scale = min(1, 4 * longest / max(image.size)) if is_reduced else 1
    return int(image.size[0] * image.size[1] * scale**2)


def _read(source) -> bytes:
    try:
        if isinstance(source, (str, Path)):
            if not Path(source).is_file():  # a pipe would wait for ever
                raise FileNotFoundError
            with Path(source).open("rb") as file:
                source = file.read(MAX_BYTES + 1)
        elif hasattr(source, "read"):
            if source.seekable():
                source.seek(0)
            source = source.read(MAX_BYTES + 1)
        data = bytes(memoryview(source)[: MAX_BYTES + 1])
    except (OSError, ValueError, TypeError):  # it is absent, forbidden, closed, opened as text, or no source at all
        raise PictureError(UNREADABLE) from None
    if not data:
        raise PictureError(EMPTY)
    if len(data) > MAX_BYTES:
        raise PictureError(TOO_LARGE)
    return data


def _decode(original: Image.Image, longest: int, exact: bool) -> Picture:
    size, coded = original.size, _describe(original)
    halves = deep.split_bytes(original) if exact and longest >= max(size) else None
    mask = deep.mask_colour(original)
    image, low = halves or (_reduce(_eight_bit(original), longest), None)
    image.load()
    size = image.size if max(size) <= longest else size  # a damaged header may have said another one
    if mask:
        image.putalpha(mask.resize(image.size, Image.Resampling.BOX))
    orientation = _orientation(original)  # not known earlier: a PNG may carry it behind its pixels
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
        low = low and low.transpose(UPRIGHT[orientation])
        size = size[::-1] if orientation >= 5 else size
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image if alpha is None else image.convert(image.mode[:-1])
    profile = None if coded else original.info.get("icc_profile")
    image = coded.to_srgb(colours) if coded else to_srgb(colours, profile)
    is_kept = image is colours or (not profile and coded in (None, coding.PLAIN))
    if alpha is not None and not exact:
        image = Image.composite(image, Image.new("RGB", image.size, "white"), alpha)
    is_deep = low and is_kept
    pixels = deep.join_bytes(image, low) if is_deep else np.array(image)
    picture = Picture(pixels, None if alpha is None else np.array(alpha), size)
    if not is_deep:
        vars(picture)["image"] = image  # what `image` would make again
    return picture


def _describe(image: Image.Image) -> coding.Coding | None:
    """How a PNG that is not decoded yet is coded, where it says so without a profile."""
    return coding.describe(image.info, coding.find_cicp(image.fp.getvalue())) if image.format == "PNG" else None


def _eight_bit(image: Image.Image) -> Image.Image:
    """Any mode -> L, LA, RGB, RGBA, CMYK or LAB; a file that has one of them is not decoded yet."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return deep.reduce_grey(image)
    if image.mode not in ("LA", "RGBA") and image.has_transparency_data:
        return image.convert("LA" if image.mode in ("L", "La") else "RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _reduce(image: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = tuple(max(1, round(side * scale)) for side in image.size)
    # A JPEG can decode to an eighth, a quarter or half of its size; resampling by 1.5 and more hides which.
    drafted = image.draft(None, tuple(int(side * 1.5) for side in size))
    return image.resize(size, Image.Resampling.BICUBIC, drafted and drafted[1], reducing_gap=3.0)


def _orientation(image: Image.Image) -> int:
    """As `read_orientation`. A picture is worth showing without its broken EXIF."""
    try:
        return read_orientation(image)
    except Exception as error:
        log_unusual(error)
        return 1


def png(pixels: np.ndarray, alpha: np.ndarray | None = None) -> bytes:
    """A PNG of uint8 or uint16 (H, W, 3), RGB in sRGB, of that many bits a channel; alpha: uint8 (H, W), 255 opaque."""
    if alpha is not None:
        alpha = alpha if pixels.dtype == np.uint8 else alpha * np.uint16(257)
        pixels = np.dstack([pixels, alpha])
    if pixels.dtype == np.uint8:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=3)
        return file.getvalue()
    return deep.encode_png(pixels)


def jpeg(pixels: np.ndarray, quality: int = 92) -> bytes:
    """A JPEG of uint8 or uint16 (H, W, 3), RGB in sRGB, with colours at full resolution; quality: 1 to 95."""
    file = io.BytesIO()
    pixels = pixels if pixels.dtype == np.uint8 else deep.to_8_bits(pixels)
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling="4:4:4")
    return file.getvalue()
