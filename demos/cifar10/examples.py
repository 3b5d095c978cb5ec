"""Photographs that installed packages carry, so that the tab opens with an answer."""

from importlib.util import find_spec
from pathlib import Path

PICTURES = {
    "A cat": ("skimage", "data/chelsea.png"),
    "A cheetah": ("gradio", "media_assets/images/cheetah.jpg"),
    "A cup": ("skimage", "data/coffee.png"),
    "A flower": ("sklearn", "datasets/images/flower.jpg"),
}


def files() -> list[str]:
    """Paths of the example pictures, in the order of their names in `PICTURES`."""
    return [str(Path(find_spec(package).origin).parent / file) for package, file in PICTURES.values()]
