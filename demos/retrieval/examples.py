"""Photographs that installed packages carry and that are not in the bundled database."""

from demos import parts

PICTURES = {
    "A lion": ("gradio", "media_assets/images/lion.jpg"),
    "A cup": ("skimage", "data/coffee.png"),
    "A temple": ("sklearn", "datasets/images/china.jpg"),
    "A rocket": ("skimage", "data/rocket.jpg"),
}


def files() -> dict[str, str]:
    """Paths of the example pictures, by caption."""
    return parts.installed(PICTURES)
