"""More than 8 bits a channel: 16 bits in and out, which Pillow decodes to 8 and cannot write, and grey down to 8.

Of each 16-bit value, Pillow's decoder keeps the high byte and drops the low one. It takes the order of the two bytes
from the name of a mode: `RGB;16B` for big-endian. If that name is replaced by `RGB;16L`, the other order, the decoder
takes the low byte for the high one. So a second pass over the same file gives the bytes that the first one dropped.

    >>> pixel = np.array([[[0x1234, 0x00FF, 0xFF00]]], np.uint16)
    >>> file = encode_png(pixel)
    >>> Image.open(io.BytesIO(file)).tile[0].args
    'RGB;16B'
    >>> high, low = split_bytes(Image.open(io.BytesIO(file)))
    >>> [f"{byte:#04x}" for byte in high.getpixel((0, 0))]
    ['0x12', '0x00', '0xff']
    >>> [f"{byte:#04x}" for byte in low.getpixel((0, 0))]
    ['0x34', '0xff', '0x00']
    >>> bool((join_bytes(high, low) == pixel).all())
    True
"""

import io
import struct
import zlib

import numpy as np
from PIL import Image, TiffImagePlugin

# Name of a mode -> that of the other byte order. N is the machine's own, little-endian wherever Loupe runs.
_SWAPPED = {f"{mode};16{order}": f"{mode};16{other}" for mode in ("RGB", "RGBA") for order, other in ("BL", "LB", "NB")}
_UP = 2  # the PNG filter that stores each row less the one above


def split_bytes(image: Image.Image) -> tuple[Image.Image, Image.Image] | None:
    """The high and the low bytes of a picture of 16 bits a channel, as two images of one mode (L, RGB or RGBA).

    image: a file that Pillow opened from bytes in memory and has not decoded, or an image with an array of uint16,
    or of floats in [0, 1], as `info["values"]`. The image of the high bytes may be `image` itself.
    Returns None for a picture of fewer bits. Raises what Pillow's decoders raise.
    """
    values = image.info.get("values")
    if isinstance(values, np.ndarray):
        return _split_array(values if values.dtype == np.uint16 else np.rint(values * 65535).astype(np.uint16))
    if image.mode.startswith("I;16"):
        tags = image.tag_v2 if image.format == "TIFF" else {}
        is_whole = tags.get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0] == 16
        return _split_array(np.asarray(image)) if is_whole and not _is_white_zero(tags) else None
    modes = {_mode(tile) for tile in getattr(image, "tile", ())}
    if len(modes) != 1 or not modes <= _SWAPPED.keys():
        return None
    low = Image.open(io.BytesIO(image.fp.getvalue()), formats=(image.format,))
    low.tile = [_swap(tile) for tile in low.tile]
    low.load()
    return image, low


def mask_colour(image: Image.Image) -> Image.Image | None:
    """The alpha, L, of a PNG of 16 bits a channel in which one colour stands for transparent; None for any other."""
    colour, halves = image.info.get("transparency"), None
    if isinstance(colour, int | tuple) and (image.mode.startswith("I;16") or ";16" in str(getattr(image, "tile", ""))):
        del image.info["transparency"]  # Pillow would compare it with 8 bits
        halves = split_bytes(image)
    if halves is None:
        return None
    is_colour = (join_bytes(halves[0].convert("RGB"), halves[1]) == np.array(colour, np.uint16)).all(-1)
    return Image.fromarray(np.where(is_colour, 0, 255).astype(np.uint8))


def _split_array(values: np.ndarray) -> tuple[Image.Image, Image.Image]:
    return Image.fromarray((values >> 8).astype(np.uint8)), Image.fromarray((values & 255).astype(np.uint8))


def _mode(tile) -> str:
    return tile.args if isinstance(tile.args, str) else tile.args[0]


def _swap(tile):
    mode = _SWAPPED[_mode(tile)]
    return tile._replace(args=mode if isinstance(tile.args, str) else (mode, *tile.args[1:]))


def join_bytes(high: Image.Image | np.ndarray, low: Image.Image) -> np.ndarray:
    """The high bytes, an image or uint8 (H, W, 3), and the low ones, an image of any mode -> uint16 (H, W, 3)."""
    pixels = np.asarray(high).astype(np.uint16)
    pixels <<= 8
    pixels |= np.asarray(low.convert("RGB"))
    return pixels


def to_8_bits(values: np.ndarray, bits: int = 16) -> np.ndarray:
    """uint16 of any shape, in which so many bits are used -> uint8. Of 16 bits: `rint(values / 257)`."""
    values = np.minimum(values << (16 - bits), 65535 - 128)  # within 16 bits, to spare memory
    values += 128
    values //= 257
    return values.astype(np.uint8)


def reduce_grey(image: Image.Image) -> Image.Image:
    """Grey of mode I;16, I or F -> L.

    12 and 16 bits are scaled by their depth. 32 bits and floats are scaled from 0 to the first ceiling that no value
    exceeds (255 or 65535; for floats 1), and from the lowest value to the highest where there is none.
    """
    tags = image.tag_v2 if image.format == "TIFF" else {}
    if image.mode in ("I", "F"):
        grey = _stretch(np.array(image, np.float32), (1,) if image.mode == "F" else (255, 65535))
    else:
        grey = to_8_bits(np.asarray(image), tags.get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0])
    return Image.fromarray(255 - grey if _is_white_zero(tags) else grey)


def _is_white_zero(tags) -> bool:
    """Whether a TIFF's grey runs from white to black, which Pillow leaves so in more than 8 bits."""
    return tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0


def _stretch(values: np.ndarray, ceilings: tuple[int, ...]) -> np.ndarray:
    """float32 of any range, NaN and infinities included -> uint8; `values` is overwritten, to spare memory."""
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


def encode_png(pixels: np.ndarray) -> bytes:
    """A PNG of 16 bits a channel from uint16 (H, W, 3), RGB, or (H, W, 4), RGBA."""
    height, width, channels = pixels.shape
    rows = pixels.astype(">u2").view(np.uint8).reshape(height, -1)
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), _UP, np.uint8), rows - above])
    colour_type = {3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
