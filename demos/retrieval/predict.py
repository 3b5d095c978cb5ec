"""A picture -> the pictures of a database that are most like it."""

from typing import Literal

from demos.retrieval import interpolate
from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, query
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import Answer


def predict(
    image: images.Source,
    encoder: Literal["mobilenet", "inception", "vae", "autoencoder"] = "mobilenet",
    k: query.Count = 4,
    crop: images.Crop | None = None,
) -> Answer:
    """Find the pictures of the page's database that are most like one.

    image: the picture to compare. encoder: the network that compares them, mobilenet of this project or
    another one of the student project. k: how many pictures to find.
    crop: a square window of the picture, in place of all of it.
    Raises images.PictureError, and weights.Unavailable while the network or the database cannot answer.
    """
    return search(image, encoder, k, crop)


def search(
    image: images.Source, encoder: str, k: int = 4, crop: images.Crop | None = None, gallery: Gallery | None = None
) -> Answer:
    """`predict` in any gallery; None for the page's own.

    The outputs of an autoencoder's answer hold the picture as it gives it back: `reconstruction`, uint8
    (side, side, 3).
    """
    answer = query.search(gallery or files.open_gallery(COLLECTION), encoder, query.open_picture(image, crop), k)
    if encoder in interpolate.AUTOENCODERS:
        answer.outputs["reconstruction"] = interpolate.reconstruct(answer.outputs)
    return answer
