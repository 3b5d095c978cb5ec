"""`python -m demos.vehicles.build` makes the bundled gallery, pictures and index, and the tab's examples again.

Rendered vehicles that no recipe and no figure uses, each from four cameras. Seeded: the same pictures every time.
With --keep-pictures only the index is made, for other weights.
"""

from pathlib import Path

from demos.shared.gallery import bundle, files
from demos.shared.gallery.gallery import Gallery
from demos.vehicles import demo
from demos.vehicles.data import GALLERY_FROM
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.gallery import COLLECTION
from demos.vehicles.known import parse
from demos.vehicles.render import many, render
from demos.vehicles.render.identity import make_vehicle
from weights.runtime import cores

IDENTITIES = 200  # vehicles in the gallery
CAMERAS = (9, 12, 19, 24)  # each sees all of them, from behind, as road cameras mostly do, in four kinds of light
SIDE = 160  # pixels of the longer side
QUALITY = 85  # of WebP: the whole file must stay under 8 MB
CREDIT = "Rendered by Loupe"


def make_pictures() -> Gallery:
    """All pictures, with identities as labels and with cameras, without an index."""
    jobs = [(GALLERY_FROM + number, camera) for number in range(IDENTITIES) for camera in CAMERAS]
    pictures = [encode(pixels) for pixels in many.render_all([(*job, 0) for job in jobs], SIDE, cores())]
    titles = {identity: make_vehicle(identity).title for identity, _ in jobs}
    labels, cameras = ([str(number) for number in numbers] for numbers in zip(*jobs, strict=True))
    of_each = [titles[identity] for identity, _ in jobs]
    return Gallery(ENCODERS, pictures, of_each, [CREDIT] * len(jobs), labels=labels, cameras=cameras)


def encode(pixels) -> bytes:
    """uint8 (H, W, 3) -> a WebP file of the same size."""
    return files.thumbnail(pixels, "WEBP", QUALITY, SIDE, method=6)


def write_examples() -> None:
    """The examples of the tab: the vehicle and the camera that their names say, on another pass."""
    for path in demo.examples.values():
        vehicle, camera = parse(path)
        file = Path(__file__).with_name("examples") / Path(path).name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(encode(render(int(vehicle), int(camera), 1, SIDE).pixels))


def main() -> None:
    bundle.main(__doc__, COLLECTION.bundled, ENCODERS, make_pictures)
    write_examples()


if __name__ == "__main__":
    main()
