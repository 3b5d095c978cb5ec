"""Files that a decoder would take minutes or gigabytes for, told by their bytes before it sees them."""

import struct

from PIL import Image, JpegImagePlugin, TiffImagePlugin

from demos.shared import jpeg

# Parts that decoding time grows with, or with the square of their number, and more of them than any real file has:
# scans and EXIF blocks of a JPEG, comments and extensions of a GIF. 500 scans over 99 Mpx (half a megabyte) decode for
# 45 seconds.
_REPEATED = {
    b"\xff\xd8": ((b"\xff\xda\x00", 100), (b"Exif\0\0", 4)),
    b"GI": ((b"\0!\xfe", 100), (b"\0!", 50_000)),
}
# Pillow reads each chunk of a PNG and each run of a BMP in Python.
_PNG, _MAX_CHUNKS = b"\x89PNG\r\n\x1a\n", 100_000
_BMP, _RUNS, _MAX_RUN_BYTES = b"BM", (1, 2), 4_000_000
# Pillow makes Python objects of a TIFF's strips and tiles, and copies the values of each directory entry.
_OFFSETS = (TiffImagePlugin.STRIPOFFSETS, TiffImagePlugin.TILEOFFSETS)
_MAX_STRIPS = 100_000


def is_hostile(data: bytes) -> bool:
    """Whether a file has far more parts than any real one."""
    if any(data.count(mark) > most for mark, most in _REPEATED.get(data[:2], ())):
        return True
    if data.startswith(jpeg.BEGIN) and jpeg.has_endless_header(data):
        return True
    if data.startswith(_PNG) and _has_endless_chunks(data):
        return True
    if data.startswith(_BMP) and int.from_bytes(data[30:34], "little") in _RUNS and len(data) > _MAX_RUN_BYTES:
        return True
    return data.startswith(tuple(TiffImagePlugin.PREFIXES)) and not is_honest_directory(data)


def _has_endless_chunks(data: bytes) -> bool:
    at = len(_PNG)
    for _ in range(_MAX_CHUNKS):
        if at >= len(data):
            return False
        at += 12 + int.from_bytes(data[at : at + 4])
    return True


def is_honest_directory(data: bytes) -> bool:
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
    strips = sum(count for tag, count in counts if tag in _OFFSETS)
    return strips <= _MAX_STRIPS and sum(count for _, count in counts) <= len(data)


def is_held_whole(image: Image.Image) -> bool:
    """Whether a file is a JPEG whose decoder holds all of it, at its full size even where it is decoded smaller."""
    return isinstance(image, JpegImagePlugin.JpegImageFile) and jpeg.has_several_scans(image.fp.getvalue())


def weigh(image: Image.Image, exact: bool) -> float:
    """How many times the memory of 8 bits a channel, four bytes a pixel, it takes to decode an image."""
    if is_held_whole(image):
        return 1 + image.layers / 2  # a coefficient of each channel takes two bytes, the pixels come beside them
    if image.format == "WEBP":
        return 4  # its decoder holds the frame and the one before, and gives bytes, which Pillow copies
    is_deep = exact and any(";16" in str(tile[3]) for tile in getattr(image, "tile", ()))
    return 3 if is_deep or image.mode in ("I", "F") or image.mode.startswith("I;16") else 1
