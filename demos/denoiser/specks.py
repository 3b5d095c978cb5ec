"""Salt and pepper: single pixels that are black or white. The networks did not learn it and leave most of it."""

import numpy as np

from demos.denoiser.pixels import center_crop

SIDE = 512  # pixels of the middle that is looked at
FAR = 0.25  # of the way from black to white: so far a speck is from what is around it
MANY = 0.01  # of all pixels


def has_specks(noisy: np.ndarray, restored: np.ndarray) -> bool:
    """Whether more than MANY of the pixels are specks, before and after. Both uint8 or uint16 (H, W, 3)."""
    from scipy.ndimage import median_filter

    before, after = (center_crop(pixels, SIDE) for pixels in (noisy, restored))
    white = np.iinfo(before.dtype).max
    around = median_filter(before, (3, 3, 1)).astype(np.int32)
    is_extreme = (before == 0) | (before == white)
    is_far = np.minimum(np.abs(before - around), np.abs(after - around)) > FAR * white
    return bool((is_extreme & is_far).any(-1).mean() > MANY)
