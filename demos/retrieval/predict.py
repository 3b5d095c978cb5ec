"""A picture -> the pictures of a database that are most like it."""

from dataclasses import asdict, dataclass
from typing import Literal

from demos.retrieval import interpolate
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, gallery, query
from demos.shared.gallery.confidence import estimate_probability
from demos.shared.gallery.gallery import Gallery


@dataclass(frozen=True)
class Match(gallery.Match):
    """One picture that was found.

    probability: that it is of the same kind as the query, 0 where the query shows nothing; None if not calibrated.
    """

    probability: float | None


@dataclass(frozen=True, eq=False)
class Answer(query.Answer):
    """What one encoder finds, and how probably each match is of the query's kind."""

    matches: list[Match]


def predict(
    image: images.Source,
    encoder: Literal["efficientnet", "mobilenet", "inception", "vae", "autoencoder"] = "efficientnet",
    k: query.Count = 4,
    crop: images.Crop | None = None,
) -> Answer:
    """Find the pictures of the page's database that are most like one.

    image: the picture to compare. encoder: the network that compares them, efficientnet of this project or
    another one as the student projects had them. k: how many pictures to find.
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
    picture = query.open_picture(image, crop)
    found = query.search(gallery or files.open_gallery(COLLECTION), encoder, picture, k)
    if encoder in interpolate.AUTOENCODERS:
        found.outputs["reconstruction"] = interpolate.reconstruct(found.outputs)

    similarities = [ENCODERS[encoder].to_similarity(match.distance) for match in found.matches]
    estimates = [estimate_probability(found.entry, one, "kind_similarity", "kind_slope") for one in similarities]
    is_plain = query.is_plain(picture, found.inputs)
    matches = [
        Match(**asdict(match), probability=None if estimate is None else 0.0 if is_plain else round(estimate, 4))
        for match, estimate in zip(found.matches, estimates, strict=True)
    ]
    return Answer(**{**vars(found), "matches": matches})
