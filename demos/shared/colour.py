"""Colour profiles: pictures of any colour space -> RGB in sRGB."""

import io

import numpy as np
from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
_PROBE = Image.fromarray((51 * np.indices((6, 6, 6))).astype(np.uint8).reshape(3, 36, 6).transpose(1, 2, 0))


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
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
