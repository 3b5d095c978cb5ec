"""`python -m demos.cifar10.draw`: the examples that the project draws."""

from pathlib import Path

from PIL import Image

from demos.shared.render import render

DRAWN = {"car": ("car", 5), "ship": ("sailing boat", 2)}  # file -> kind and number of a picture
FOLDER = Path(__file__).with_name("examples")


def draw(folder: Path) -> None:
    """Write them into a folder, as WebP files of 192x192 pixels."""
    folder.mkdir(exist_ok=True)
    for name, (kind, number) in DRAWN.items():
        Image.fromarray(render(kind, number).pixels).save(folder / f"{name}.webp", quality=88, method=6)


if __name__ == "__main__":
    draw(FOLDER)
