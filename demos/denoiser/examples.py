"""Photographs that installed packages carry, so that the tab opens with an answer."""

from importlib.util import find_spec
from pathlib import Path

PICTURES = {
    "A cat": ("skimage", "data/chelsea.png"),
    "A cup": ("skimage", "data/coffee.png"),
    "A flower": ("sklearn", "datasets/images/flower.jpg"),
    "An astronaut": ("skimage", "data/astronaut.png"),
}


def files() -> dict[str, str]:
    """Paths of the example pictures, by caption."""
    return {
        caption: str(Path(find_spec(package).origin).parent / file) for caption, (package, file) in PICTURES.items()
    }
