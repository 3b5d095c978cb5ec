"""Photographs in the ways of many media: pixels and a generator of random numbers in, pixels out.

`STYLES["woodcut"](pixels, np.random.default_rng(0))` takes and gives uint8 (H, W, 3), of any size from 16 pixels a side
on, and takes about half a second at 256 x 256. The same seed makes the same picture. Marks grow with the picture, so a
larger photograph becomes the same picture, larger.
"""

from demos.style.looks import crafts, drawings, pieces, prints, screens, strokes, wet
from demos.style.looks.photo import Style

STYLES: dict[str, Style] = {
    **strokes.STYLES,
    **drawings.STYLES,
    **prints.STYLES,
    **screens.STYLES,
    **pieces.STYLES,
    **wet.STYLES,
    **crafts.STYLES,
}
