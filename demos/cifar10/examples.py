"""Photographs that installed packages carry, so that the tab opens with an answer."""

from importlib.util import find_spec
from pathlib import Path

PICTURES = (
    ("skimage", "data/chelsea.png"),
    ("gradio", "media_assets/images/cheetah.jpg"),
    ("skimage", "data/coffee.png"),
    ("sklearn", "datasets/images/flower.jpg"),
)


def files() -> list[str]:
    """Paths of the example pictures that are there, at least one where scikit-image is installed."""
    found = [Path(find_spec(package).origin).parent / file for package, file in PICTURES if find_spec(package)]
    return [str(path) for path in found if path.is_file()]
