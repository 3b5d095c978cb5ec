"""BMP with runs of 4-bit pixels (RLE4), which Pillow before 13 garbles; Gradio 6.31 takes no Pillow from 13 on.

https://learn.microsoft.com/windows/win32/gdi/bitmap-compression
"""

import io

from PIL import Image
from PIL.BmpImagePlugin import BmpRleDecoder

_END_OF_BITMAP, _DELTA = 1, 2


class RleDecoder(BmpRleDecoder):
    """Pillow's, which gets runs of 4-bit pixels as runs of bytes: of those it takes an odd number as it should."""

    def decode(self, buffer) -> tuple[int, int]:
        """As Pillow's."""
        depth, is_four_bits, *rest = self.args
        if is_four_bits:
            self.fd, self.args = io.BytesIO(widen(self.fd.read())), (depth, False, *rest)
        return super().decode(buffer)


def widen(runs: bytes) -> bytes:
    """The pixels of RLE4 as RLE8: runs of one colour, or, behind a 0, a count and as many pixels, padded to be even."""
    wide, at = bytearray(), 0
    while at + 1 < len(runs):
        count, value = runs[at : at + 2]
        at += 2
        if count:
            pixels = (bytes((value >> 4, value & 15)) * 128)[:count]
        elif value > _DELTA:
            size = (value + 1) // 2
            pixels = bytes(half for byte in runs[at : at + size] for half in (byte >> 4, byte & 15))[:value]
            at += size + size % 2
        else:
            behind = 2 if value == _DELTA else 0
            wide += runs[at - 2 : at + behind]
            at += behind
            if value == _END_OF_BITMAP:
                break
            continue
        if len(set(pixels)) == 1:
            wide += bytes((len(pixels), pixels[0]))
        elif len(pixels) > _DELTA:
            wide += bytes((0, len(pixels))) + pixels + bytes(len(pixels) % 2)
        else:
            wide += b"".join(bytes((1, pixel)) for pixel in pixels)
    return bytes(wide)


def register() -> None:
    """Let Pillow decode with it."""
    Image.register_decoder("bmp_rle", RleDecoder)
