"""Any uploaded file -> an upright 8-bit sRGB array, or one sentence to the visitor; and a picture -> a PNG."""

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageCms, TiffImagePlugin, UnidentifiedImageError

MAX_BYTES = 30_000_000
MAX_PIXELS = Image.MAX_IMAGE_PIXELS = 100_000_000  # Pillow's own limit would warn from 89 megapixels on
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
KINDS = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC"
NOTHING = f"Choose a picture first: a {KINDS} file."
UNREADABLE = "This picture could not be read: choose it again."
EMPTY = "This picture is empty: choose another one."
TOO_LARGE = "This file is larger than 30 MB: save the picture smaller or as JPEG, then choose it again."
TOO_MANY_PIXELS = "This picture has more than 100 megapixels: make it smaller, then choose it again."
SVG = "This is an SVG drawing: save it as PNG, then choose that file."
UNKNOWN = f"This file is no picture that can be opened here, or it is damaged: choose a {KINDS} file."
DAMAGED = "This picture is damaged or incomplete: save it again as JPEG or PNG, or choose another one."
ARRAY = "An array must be (H, W) or (H, W, 1, 3 or 4) of uint8, uint16 or floats in [0, 1]: convert it first."

# The picture itself is asked for, not a thumbnail that the file carries and that may show another one.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

# Parts of which no honest file has so many, and with whose number, or its square, decoding time grows: scans
# and EXIF blocks of a JPEG, comments of a GIF. 500 scans over 99 Mpx (half a megabyte) decode for 45 seconds.
_REPEATED = {b"\xff\xd8": ((b"\xff\xda\x00", 100), (b"Exif\0\0", 4)), b"GI": ((b"\0!\xfe", 100),)}
# Of a TIFF's strips and tiles Pillow makes Python objects, and of each directory entry's values a copy.
_PLACES = (TiffImagePlugin.STRIPOFFSETS, TiffImagePlugin.TILEOFFSETS)
_MAX_STRIPS = 100_000
_TIFF = tuple(TiffImagePlugin.PREFIXES)

# Pillow decodes the high bytes of 16 bits a channel; asked for the other byte order, it decodes the low ones.
_OTHER_BYTES = {
    f"{mode};16{order}": f"{mode};16{other}" for mode in ("RGB", "RGBA") for order, other in ("BL", "LB", "NB")
}

_SRGB = ImageCms.createProfile("sRGB")
_PROBE = Image.fromarray((51 * np.indices((6, 6, 6))).astype(np.uint8).reshape(3, 36, 6).transpose(1, 2, 0))
_TURN = Image.Transpose
_UPRIGHT = {2: _TURN.FLIP_LEFT_RIGHT, 3: _TURN.ROTATE_180, 4: _TURN.FLIP_TOP_BOTTOM}
_UPRIGHT |= {5: _TURN.TRANSPOSE, 6: _TURN.ROTATE_270, 7: _TURN.TRANSVERSE, 8: _TURN.ROTATE_90}


class PictureError(ValueError):
    """A picture that cannot be had; its text is one sentence for the visitor, which names the remedy."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture.

    pixels: uint8 (H, W, 3), RGB in sRGB, upright, transparency flattened over white; where the source was opened
    as `exact`, the colours beneath its transparency, and uint16 if it has 16 bits a channel.
    alpha: uint8 (H, W), 255 is opaque; None if the picture cannot be transparent.
    size: (width, height) of the original, upright, before it was reduced.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None
    size: tuple[int, int]


@dataclass(frozen=True)
class Crop:
    """A square window of a picture.

    zoom: 1 for the largest square that fits, 4 for a quarter of its side.
    x, y: where its centre lies in the room that it has, from 0 (left, top) to 1.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in pixels of a picture of this size."""
        side = min(width, height) / max(1.0, self.zoom)
        left, top = (width - side) * self.x, (height - side) * self.y
        return left, top, left + side, top + side


def open(source, *, longest: int = 2048, exact: bool = False) -> Picture:
    """Decode a picture; one with a side longer than `longest` pixels is reduced to that.

    source: a path (str or Path), bytes, an open binary file, a Pillow image, or an array (H, W), (H, W, 1),
    (H, W, 3) or (H, W, 4) of uint8, uint16, or floats in [0, 1]. Files: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF
    or HEIC, at most 30 MB and 100 megapixels, of which the first frame or page is taken. Pixels stay exact if
    they are not reduced and no colour profile but sRGB is given. Grey of more than 8 bits is scaled by its
    depth, floats outside [0, 1] from their lowest to their highest. exact: keep what most demos have no use for,
    16 bits a channel (of arrays, PNG, and TIFF, if they are not reduced and no colour profile but sRGB is given) and
    the colours beneath transparency.
    Raises PictureError for whatever is wrong with the source.
    """
    try:
        return _picture(_image(source), longest, exact)
    except PictureError:
        raise
    except Exception:  # hostile bytes make decoders raise anything, from struct.error to MemoryError
        raise PictureError(DAMAGED) from None


def _image(source) -> Image.Image:
    """Source -> an image of a bounded number of pixels, which a file has not yet been decoded to."""
    if source is None:
        raise PictureError(NOTHING)
    if isinstance(source, np.ndarray):
        return _from_array(source)
    if isinstance(source, Image.Image):
        _check_pixels(source.size)
        return source.copy()
    data = _read(source)
    repeated = any(data.count(mark) > most for mark, most in _REPEATED.get(data[:2], ()))
    if repeated or (data.startswith(_TIFF) and not _honest_directory(data)):
        raise PictureError(DAMAGED)
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
        array, values = _from_16_bit(array), array
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
    except Exception:  # it is not there, not allowed, closed, opened as text, or nothing of that kind
        raise PictureError(UNREADABLE) from None
    if not data:
        raise PictureError(EMPTY)
    if len(data) > MAX_BYTES:
        raise PictureError(TOO_LARGE)
    return data


def _honest_directory(data: bytes) -> bool:
    """Whether the values of the first directory of a TIFF (or EXIF) would fit into it without overlap."""
    order = "<" if data[:2] == b"II" else ">"
    header, number, entry = ("8xQ", "Q", "HHQ8x") if data[2:3] == b"+" else ("4xL", "H", "HHL4x")
    try:
        (start,) = struct.unpack_from(order + header, data)
        (entries,) = struct.unpack_from(order + number, data, start)
        start += struct.calcsize(order + number)
        table = data[start : start + entries * struct.calcsize(order + entry)]
        counts = [(tag, count) for tag, _, count in struct.iter_unpack(order + entry, table)]
    except struct.error:
        return False
    strips = sum(count for tag, count in counts if tag in _PLACES)
    return strips <= _MAX_STRIPS and sum(count for _, count in counts) <= len(data)


def _picture(original: Image.Image, longest: int, exact: bool) -> Picture:
    size = original.size
    high, low = _bytes(original) if exact and longest >= max(size) else (None, None)
    image = high or _reduce(_eight_bit(original), longest)
    image.load()
    orientation = _orientation(original)  # not known earlier: a PNG may carry it behind its pixels
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
        low = low and low.transpose(_UPRIGHT[orientation])
        size = size[::-1] if orientation >= 5 else size
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image if alpha is None else image.convert(image.mode[:-1])
    profile = original.info.get("icc_profile")
    image = _srgb(colours, profile)
    if alpha is not None and not exact:
        image = Image.composite(image, Image.new("RGB", image.size, "white"), alpha)
    pixels = np.array(image)
    if low and (not profile or image is colours):
        pixels = pixels.astype(np.uint16) << 8 | np.asarray(low.convert("RGB"))
    return Picture(pixels, None if alpha is None else np.array(alpha), size)


def _bytes(original: Image.Image) -> tuple[Image.Image | None, Image.Image | None]:
    """The high and the low bytes of 16 bits a channel, as images of one mode; None where a source has fewer."""
    if isinstance(values := original.info.get("values"), np.ndarray):
        return _halves(values if values.dtype == np.uint16 else np.rint(values * 65535).astype(np.uint16))
    if original.mode.startswith("I;16"):
        tags = original.tag_v2 if original.format == "TIFF" else {}
        whole = tags.get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0] == 16
        upright = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) != 0
        return _halves(np.asarray(original)) if whole and upright else (None, None)
    modes = {tile.args if isinstance(tile.args, str) else tile.args[0] for tile in getattr(original, "tile", ())}
    if len(modes) != 1 or not modes <= _OTHER_BYTES.keys():
        return None, None
    low = Image.open(io.BytesIO(original.fp.getvalue()), formats=FORMATS)
    other = _OTHER_BYTES[modes.pop()]
    low.tile = [
        tile._replace(args=other if isinstance(tile.args, str) else (other, *tile.args[1:])) for tile in low.tile
    ]
    low.load()
    return original, low


def _halves(values: np.ndarray) -> tuple[Image.Image, Image.Image]:
    return tuple(Image.fromarray((part & 255).astype(np.uint8)) for part in (values >> 8, values))


def _eight_bit(image: Image.Image) -> Image.Image:
    """Any mode -> L, LA, RGB, RGBA, CMYK or LAB; a file that has one of them is not decoded yet."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _deep_grey(image)
    if image.mode not in ("LA", "RGBA") and image.has_transparency_data:
        return image.convert("LA" if image.mode in ("L", "La") else "RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _deep_grey(image: Image.Image) -> Image.Image:
    tags = image.tag_v2 if image.format == "TIFF" else {}
    if image.mode in ("I", "F"):
        grey = _stretch(np.array(image, np.float32), (1,) if image.mode == "F" else (255, 65535))
    else:
        grey = _from_16_bit(np.asarray(image), tags.get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0])
    white_is_zero = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0  # Pillow leaves it so
    return Image.fromarray(255 - grey if white_is_zero else grey)


def _from_16_bit(values: np.ndarray, bits: int = 16) -> np.ndarray:
    """Values of so many bits -> uint8: of 16, rint(values / 257), within 16 bits to spare memory."""
    values = np.minimum(values << (16 - bits), 65535 - 128)
    values += 128
    values //= 257
    return values.astype(np.uint8)


def _stretch(values: np.ndarray, ceilings: tuple[int, ...]) -> np.ndarray:
    """float32 -> uint8: from 0 to the first ceiling that no value exceeds, else from lowest to highest."""
    finite = np.isfinite(values)
    low = max(float(np.min(values, where=finite, initial=np.inf)), -1e38)
    high = min(float(np.max(values, where=finite, initial=-np.inf)), 1e38)
    if low >= 0:
        low, high = next(((0.0, float(ceiling)) for ceiling in ceilings if high <= ceiling), (low, high))
    np.nan_to_num(values, copy=False, nan=low, posinf=high, neginf=low)
    np.clip(values, low, high, out=values)
    values -= low
    values *= 255 / max(high - low, 1e-30)
    return np.rint(values, out=values).astype(np.uint8)


def _reduce(image: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = tuple(max(1, round(side * scale)) for side in image.size)
    # A JPEG can decode to an eighth, a quarter or half of its size; resampling by 1.5 and more hides which.
    drafted = image.draft(None, tuple(int(side * 1.5) for side in size))
    return image.resize(size, Image.Resampling.BICUBIC, drafted and drafted[1], reducing_gap=3.0)


def _orientation(image: Image.Image) -> int:
    try:
        exif = image.info.get("exif", b"").removeprefix(b"Exif\0\0")
        return int(image.getexif()[ExifTags.Base.Orientation]) if not exif or _honest_directory(exif) else 1
    except Exception:  # none, or broken EXIF, which raises anything: the picture is worth showing without it
        return 1


def _srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """L, RGB, CMYK or LAB -> RGB in sRGB; a profile that is broken or of another colour space is ignored."""
    if image.mode != "LAB" and not icc:
        return image.convert("RGB")
    try:
        profile = ImageCms.createProfile("LAB") if image.mode == "LAB" else io.BytesIO(icc)
        intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
        transform = ImageCms.buildTransform(profile, _SRGB, image.mode, "RGB", intent, flags)
        if image.mode == "RGB" and np.allclose(transform.apply(_PROBE), _PROBE, rtol=0, atol=2):
            return image  # the profile is sRGB, whatever it is called: pixels stay exact
        return transform.apply(image)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image.convert("RGB")


def png(pixels: np.ndarray, alpha: np.ndarray | None = None) -> bytes:
    """A PNG of uint8 or uint16 (H, W, 3), RGB in sRGB; alpha: uint8 (H, W), 255 is opaque."""
    if alpha is not None:
        alpha = alpha if pixels.dtype == np.uint8 else alpha * np.uint16(257)
        pixels = np.dstack([pixels, alpha])
    if pixels.dtype == np.uint8:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=3)
        return file.getvalue()
    return _deep_png(pixels)


def jpeg(pixels: np.ndarray, quality: int = 92) -> bytes:
    """A JPEG of uint8 or uint16 (H, W, 3), with colours at full resolution."""
    file = io.BytesIO()
    pixels = pixels if pixels.dtype == np.uint8 else _from_16_bit(pixels)
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling="4:4:4")
    return file.getvalue()


def _deep_png(pixels: np.ndarray) -> bytes:
    """A PNG of 16 bits a channel, uint16 (H, W, 3 or 4), which Pillow cannot write."""
    height, width, channels = pixels.shape
    rows = pixels.astype(">u2").view(np.uint8).reshape(height, -1)
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), rows - above])  # 2: each row less the one above
    header = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
