"""Colour profiles: pictures of any colour space -> RGB in sRGB."""

import functools
import io

import numpy as np
from PIL import Image, ImageCms

LARGE = 1_000_000  # bytes of a profile from which on its transform is not kept
_SRGB = ImageCms.createProfile("sRGB")
_PROBE = Image.fromarray((51 * np.indices((6, 6, 6))).astype(np.uint8).reshape(3, 36, 6).transpose(1, 2, 0))


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """L, RGB, CMYK or LAB -> RGB in sRGB; a profile that is broken or of another colour space is ignored."""
    if image.mode != "LAB" and not icc:
        return image if image.mode == "RGB" else image.convert("RGB")
    try:
        build = _build if len(icc or b"") < LARGE else _build.__wrapped__
        transform = build(None if image.mode == "LAB" else icc, image.mode)
        return transform.apply(image) if transform else image
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image.convert("RGB")


@functools.lru_cache(maxsize=16)  # to build one takes as long as to decode a small picture
def _build(icc: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform of a profile, LAB's where there is none; None where the profile is sRGB: pixels stay exact.

    Threads may share it.
    """
    profile = ImageCms.createProfile("LAB") if icc is None else io.BytesIO(icc)
    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    transform = ImageCms.buildTransform(profile, _SRGB, mode, "RGB", intent, flags)
    is_srgb = mode == "RGB" and np.allclose(transform.apply(_PROBE), _PROBE, rtol=0, atol=2)
    return None if is_srgb else transform
