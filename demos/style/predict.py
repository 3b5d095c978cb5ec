"""A picture -> the pictures of a gallery that share its style, and a guess of its name; or painted in that style."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from demos.shared import images
from demos.shared.gallery import files, query
from demos.shared.gallery.gallery import Gallery
from demos.style.gallery import COLLECTION
from demos.style.guess import guess
from demos.style.paint import Painting, describe_style, find_scale, open_photograph, paint, recolour

GUESSES = 4
UNLIKELY = 0.5  # below this probability the likeliest style is not sure


@dataclass(frozen=True, eq=False)
class Answer(query.Answer):
    """What one encoder finds.

    is_match: False where nothing in the gallery is in the picture's style.
    confidences: the likeliest styles, a few, and their probabilities, given that the gallery has the picture's style;
    empty where the gallery has no labels. is_sure: whether the first is likelier than all others.
    """

    confidences: dict[str, float]
    is_sure: bool


def predict(
    image: images.Source,
    k: query.Count = 4,
    encoder: Literal["encoder", "gram"] = "encoder",
    crop: images.Crop | None = None,
) -> Answer:
    """Find the pictures of the page's gallery whose artistic style is most like that of one.

    image: the picture to compare. k: how many pictures to find.
    encoder: the network that compares them, encoder of this project or gram of the student project.
    crop: a square window of the picture, in place of all of it.
    Raises images.PictureError, and weights.Unavailable while the network or the gallery cannot answer.
    """
    return search(image, k, encoder, crop)


def transfer(
    image: images.Source,
    style: images.Source,
    strength: Annotated[float, Field(ge=0, le=1)] = 1.0,
    keep_colors: bool = False,
) -> Painting:
    """Paint one photograph in the artistic style of another picture.

    image: the photograph, which keeps its size, up to 4 megapixels and 4,096 pixels a side.
    style: the picture whose style it gets, in strokes that grow with a photograph of more than half a megapixel.
    strength: from 0, the photograph as it is, to 1, all of the style.
    keep_colors: whether the colours of the photograph stay, so that it gets the style's light and dark alone.
    Raises images.PictureError, and weights.Unavailable while the networks cannot answer.
    """
    photograph = open_photograph(image)
    code = describe_style(style, find_scale(photograph))
    return recolour(photograph, paint(photograph, code, strength), keep_colors)


def search(
    image: images.Source,
    k: int = 4,
    encoder: str = "encoder",
    crop: images.Crop | None = None,
    gallery: Gallery | None = None,
) -> Answer:
    """`predict` in any gallery; None for the page's own."""
    gallery = gallery or files.open_gallery(COLLECTION)
    found = query.search(gallery, encoder, query.open_picture(image, crop), k)
    confidences = _guess(gallery, found)
    is_sure = found.is_match and next(iter(confidences.values()), 0) >= UNLIKELY
    return Answer(**vars(found), confidences=dict(list(confidences.items())[:GUESSES]), is_sure=is_sure)


def _guess(gallery: Gallery, found: query.Answer) -> dict[str, float]:
    vectors, temperature = gallery.vectors[found.encoder], found.entry.thresholds.get("guess_temperature")
    if len(set(gallery.labels)) < 2 or len(vectors) != len(gallery) or temperature is None:
        return {}
    similarities = np.vecdot(vectors, found.outputs["embedding"])
    return guess(similarities, gallery.labels, temperature)
