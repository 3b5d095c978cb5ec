"""Rendered vehicles as data sets: those that are only counted."""

import io
from functools import cache

import numpy as np
from PIL import Image

from demos.vehicles.data import TEST_CAMERAS, TEST_FROM, TEST_IDENTITIES, Pictures, draw_jobs
from demos.vehicles.render import N_CAMERAS, many
from weights.runtime import cores


@cache
def load_rendered_test() -> Pictures:
    """TEST_IDENTITIES vehicles by TEST_CAMERAS cameras each, as PNG, drawn in half a minute by two cores."""
    jobs = draw_jobs(TEST_FROM, TEST_IDENTITIES, TEST_CAMERAS, N_CAMERAS)
    pictures = many.render_all([(*job, 0) for job in jobs], processes=cores())
    vehicles, cameras = np.array(jobs).T
    return Pictures(list(map(_encode, pictures)), vehicles, cameras)


def _encode(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
