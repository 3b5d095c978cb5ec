"""A gallery of a few rendered vehicles, so that tests need neither the bundled one nor much time."""

import pytest

from demos.shared.gallery.gallery import Gallery
from demos.vehicles import build
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.render import render
from demos.vehicles.render.identity import make_vehicle
from weights import Unavailable

# Identity and cameras of each: a taxi, a bus, a lorry and a motorcycle.
SEEN_BY = {3_000_002: (20, 7, 1), 3_000_022: (13, 5, 1), 3_000_019: (9, 17, 1), 3_000_015: (6, 14, 1)}


@pytest.fixture(scope="session")
def few() -> Gallery:
    """Three pictures of each of four vehicles, embedded for both networks."""
    jobs = [(identity, camera) for identity, cameras in SEEN_BY.items() for camera in cameras]
    pictures = [build.encode(render(identity, camera, 0, build.SIDE).pixels) for identity, camera in jobs]
    titles = [make_vehicle(identity).title for identity, _ in jobs]
    labels, cameras = ([str(one) for one in numbers] for numbers in zip(*jobs, strict=True))
    gallery = Gallery(ENCODERS, pictures, titles, [build.CREDIT] * len(jobs), labels=labels, cameras=cameras)
    try:
        for name in ENCODERS:
            gallery.prepare(name)
    except Unavailable as error:
        pytest.skip(str(error))
    return gallery
