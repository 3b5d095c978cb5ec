"""Which way up a picture is, as EXIF says."""

from PIL import ExifTags, Image

from demos.shared.hostile import is_honest_directory

_TURN = Image.Transpose
# What brings a picture of each orientation upright.
UPRIGHT = {2: _TURN.FLIP_LEFT_RIGHT, 3: _TURN.ROTATE_180, 4: _TURN.FLIP_TOP_BOTTOM}
UPRIGHT |= {5: _TURN.TRANSPOSE, 6: _TURN.ROTATE_270, 7: _TURN.TRANSVERSE, 8: _TURN.ROTATE_90}


def read_orientation(image: Image.Image) -> int:
    """1 to 8; 1 where there is none. Broken EXIF makes Pillow raise anything."""
    exif = (image.info.get("exif") or b"").removeprefix(b"Exif\0\0")
    orientation = image.getexif().get(ExifTags.Base.Orientation) if not exif or is_honest_directory(exif) else 1
    return orientation if orientation in UPRIGHT else 1
