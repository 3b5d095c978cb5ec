"""Makers of awkward picture files: what Pillow cannot save, or would not."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

# Columns are the primaries in XYZ, adapted to D50 (Lindbloom; Apple's Display P3 profile).
SRGB_TO_XYZ = np.array(
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)
P3_TO_XYZ = np.array(
    [[0.515102, 0.291965, 0.157153], [0.241182, 0.692236, 0.0665819], [-0.00104941, 0.0418818, 0.784378]]
)


def encode(image, format, **options) -> bytes:
    """A Pillow image, or an array -> a file of that format."""
    file = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(file, format, **options)
    return file.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows: bytes, *chunks: bytes) -> bytes:
    """A PNG of any bit depth and colour type, its rows with their filter bytes, chunks before its pixels."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + png_chunk(b"IEND", b"")


def tiff(width, height, bits, samples: bytes, *, photometric=1, format=1, extra=()) -> bytes:
    """An uncompressed grey little-endian TIFF; extra: more entries (tag, type, count, value or place)."""
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, bits), (259, 3, 1, 1)]
    entries += [(262, 3, 1, photometric), (273, 4, 1, 8), (278, 4, 1, height), (279, 4, 1, len(samples))]
    entries = sorted([*entries, (339, 3, 1, format), *extra])
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8 + len(samples)) + samples + directory + bytes(4)


def jpeg(width: int, height: int, scans: int = 1, between: bytes = b"") -> bytes:
    """A baseline JPEG, all grey, of three channels in one scan or in one each; between: bytes before its tables."""

    def part(kind: int, data: bytes) -> bytes:
        return bytes((0xFF, kind)) + struct.pack(">H", 2 + len(data)) + data

    one_code = b"\x01" + bytes(16)  # one bit for 0: a block of two such codes is as the one before, and flat
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes((1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0))
    tables = part(0xDB, b"\0" + b"\1" * 64) + part(0xC0, frame) + part(0xC4, b"\0" + one_code + b"\x10" + one_code)
    blocks, content = -(-width // 8) * -(-height // 8), b""
    for channels in ((1, 2, 3),) if scans == 1 else ((1,), (2,), (3,)):
        chosen = b"".join(bytes((channel, 0)) for channel in channels)
        content += part(0xDA, bytes((len(channels),)) + chosen + b"\0\x3f\0") + bytes(
            -(-2 * blocks * len(channels) // 8)
        )
    return b"\xff\xd8" + between + tables + content + b"\xff\xd9"


def icc(space: bytes, tags: dict[bytes, bytes], connection: bytes = b"XYZ ", kind: bytes = b"mntr") -> bytes:
    """A colour profile of version 2 with these tags."""
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        value += bytes(-len(value) % 4)
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value
    white = _fixed(0.9642, 1.0, 0.8249)
    size = struct.pack(">I", start + len(body))
    header = size + bytes(4) + b"\2\x40\0\0" + kind + space + connection + bytes(12) + b"acsp" + bytes(28)
    return header + white + bytes(128 - len(header) - len(white)) + table + body


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _gamma(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))


def rgb_profile(to_xyz: np.ndarray, gamma: float) -> bytes:
    tags = {b"wtpt": b"XYZ " + bytes(4) + _fixed(0.9642, 1.0, 0.8249)}
    for name, primary in zip((b"r", b"g", b"b"), to_xyz.T, strict=True):
        tags |= {name + b"XYZ": b"XYZ " + bytes(4) + _fixed(*primary), name + b"TRC": _gamma(gamma)}
    return icc(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    return icc(b"GRAY", {b"wtpt": b"XYZ " + bytes(4) + _fixed(0.9642, 1.0, 0.8249), b"kTRC": _gamma(gamma)})


def cmyk_profile() -> bytes:
    """A press whose cyan prints as a grey of L* 50, whose black is black, whose other inks are water."""
    ramp = bytes(range(256))
    corners = np.indices((2, 2, 2, 2)).reshape(4, 16)
    lightness = np.where(corners[3] == 1, 0, np.where(corners[0] == 1, 128, 255)).astype(np.uint8)
    table = np.stack([lightness, np.full(16, 128), np.full(16, 128)], axis=1).astype(np.uint8).tobytes()
    head = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    return icc(b"CMYK", {b"A2B0": head + 4 * ramp + table + 3 * ramp}, b"Lab ", b"prtr")


def linear_to_srgb(linear: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, floats in [0, 1] -> uint8."""
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * encoded).astype(np.uint8)
