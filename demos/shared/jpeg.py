"""The end of a JPEG file, which a transfer that broke off leaves out."""

import re

BEGIN, END = b"\xff\xd8\xff", b"\xff\xd9"
_SCAN, _EOI = 0xDA, 0xD9
# Behind a scan's header: the next marker that is neither a byte of the picture nor a restart.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")


def lacks_end(data: bytes) -> bool:
    """Whether bytes are a JPEG that ends within its picture. What lies behind a picture does not count."""
    at, is_begun = 2, False
    while data.startswith(BEGIN) and (found := _MARKER.search(data, at)):
        kind, at = found[1][0], found.end()
        if kind == _EOI:
            return False
        is_begun |= kind == _SCAN
        at += int.from_bytes(data[at : at + 2])  # to the next marker, or to the picture
    return is_begun
