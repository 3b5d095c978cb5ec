"""Photographs that installed packages carry, so that the tab opens with an answer."""

from demos import parts

PICTURES = {
    "A cat": ("skimage", "data/chelsea.png"),
    "A cheetah": ("gradio", "media_assets/images/cheetah.jpg"),
    "A cup": ("skimage", "data/coffee.png"),
    "A flower": ("sklearn", "datasets/images/flower.jpg"),
}


def files() -> dict[str, str]:
    """Paths of the example pictures, by caption."""
    return parts.installed(PICTURES)
