"""What the markers of a JPEG file say: whether its end is missing, its beginning endless, its picture in scans."""

import re
from collections.abc import Iterator

BEGIN, END = b"\xff\xd8\xff", b"\xff\xd9"
_SCAN, _EOI = 0xDA, 0xD9
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
# That Pillow reads byte by byte, and no file has before its picture.
_FOREIGN = {0xC8, 0xD8, 0xD9, *range(0xF0, 0xFE)}
# Of one file, and bytes before its picture that belong to none: more than any real file has.
_MAX_MARKERS, _MAX_BETWEEN = 2000, 100_000
# Behind a scan's header: the next marker that is neither a byte of the picture nor a restart.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")


def lacks_end(data: bytes) -> bool:
    """Whether bytes are a JPEG that ends within its picture. What lies behind a picture does not count."""
    is_begun = False
    for kind, _ in _markers(data) if data.startswith(BEGIN) else ():
        if kind == _EOI:
            return False
        is_begun |= kind == _SCAN
    return is_begun


def has_several_scans(data: bytes) -> bool:
    """Whether a JPEG is progressive, or its first scan lacks a channel: its decoder then holds all coefficients."""
    channels = 0
    for kind, at in _markers(data):
        if kind == _SCAN:
            return data[at + 2] < channels
        if kind in _FRAMES:
            channels = data[at + 7]
        if kind in _PROGRESSIVE:
            break
    return True


def has_endless_header(data: bytes) -> bool:
    """Whether so much comes before the picture of a JPEG that Pillow, which reads that in Python, takes seconds."""
    end, between = len(BEGIN) - 1, 0
    for kind, at in _markers(data):
        between += at - end
        if between > _MAX_BETWEEN or kind in _FOREIGN:
            return True
        if kind == _SCAN:
            return False
        end = at + _length(data, at)
    return between + len(data) - end > _MAX_BETWEEN


def _markers(data: bytes) -> Iterator[tuple[int, int]]:
    """The markers behind the first, at most _MAX_MARKERS, and where the length of what each brings begins."""
    at = 2
    for _ in range(_MAX_MARKERS):
        if not (found := _MARKER.search(data, at)):
            return
        yield found[1][0], found.end()
        at = found.end() + _length(data, found.end())  # to the next one, or to the picture


def _length(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2])
