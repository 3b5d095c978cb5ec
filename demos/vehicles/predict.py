"""A picture of a vehicle -> the same vehicle among the pictures of other cameras, and whether it is there at all."""

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

import weights
from demos.shared import images
from demos.shared.gallery import files, gallery, query
from demos.shared.gallery.gallery import Gallery, GalleryError
from demos.shared.gallery.rerank import rerank
from demos.vehicles import parts
from demos.vehicles.confidence import estimate_probability, least_similarity
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.gallery import COLLECTION
from demos.vehicles.known import Known, find_known
from demos.vehicles.protocol import SHARE

CANDIDATES = 200  # the nearest, which are ranked
NO_RERANKING = "The vectors of this gallery lie in a vector database, which cannot re-rank: turn re-ranking off."
Name = Literal["embedding", "baseline"]


@dataclass(frozen=True)
class Match(gallery.Match):
    """One picture that was found.

    vehicle, camera: their names in the gallery, empty where it does not know them.
    probability: that it shows the query's vehicle. is_same: whether it does, null where it is not known.
    """

    vehicle: str
    camera: str
    probability: float
    is_same: bool | None


@dataclass(frozen=True, eq=False)
class Answer:
    """What one network finds.

    encoder: which network compared. matches: likeliest first.
    is_match: whether the vehicle is in the gallery, more likely than not.
    is_unlike_all: whether nothing in the gallery is like the picture, which may show no vehicle at all.
    known: the query's vehicle and camera, null where they are not known. Pictures of this camera are then left out.
    milliseconds: of the network and the search. inputs: uint8 (side, side, 3), what the network got.
    outputs: what it gave, by name, without the axis of the batch. entry: the network's in the manifest.
    """

    encoder: str
    matches: list[Match]
    is_match: bool
    is_unlike_all: bool
    known: Known | None
    milliseconds: float
    inputs: np.ndarray
    outputs: dict[str, np.ndarray]
    entry: weights.Entry


@dataclass(frozen=True, eq=False)
class Comparison:
    """Whether two pictures show the same vehicle.

    encoder: the network that compared them. similarity: the cosine of their embeddings.
    probability: that it is the same. is_same: whether that is more likely than not. milliseconds: of the network.
    inputs: uint8 (2, side, side, 3). evidence: float32 (2, h, w), see `parts.compare`; empty where there is none.
    """

    encoder: str
    similarity: float
    probability: float
    is_same: bool
    milliseconds: float
    inputs: np.ndarray
    evidence: np.ndarray
    entry: weights.Entry


def predict(
    image: images.Source,
    k: query.Count = 5,
    encoder: Name = "embedding",
    is_reranked: bool = False,
    crop: images.Crop | None = None,
) -> Answer:
    """Find the pictures of the page's gallery that most likely show the vehicle of a picture.

    image: the picture of a vehicle. k: how many pictures to find.
    encoder: the network that compares, embedding of this project or baseline of the student project.
    is_reranked: whether shared neighbours rank as well (arXiv:1701.08398).
    crop: a square window of the picture, in place of all of it.
    Raises images.PictureError, and weights.Unavailable while the network or the gallery cannot answer.
    """
    return search(image, k, encoder, is_reranked, crop)


def search(
    image: images.Source,
    k: int = 5,
    encoder: str = "embedding",
    is_reranked: bool = False,
    crop: images.Crop | None = None,
    searched: Gallery | None = None,
) -> Answer:
    """`predict` in any gallery; None for the page's own."""
    searched = searched or files.open_gallery(COLLECTION)
    network = weights.load(ENCODERS[encoder].network)
    picture = query.open_picture(image)
    truth = find_known(picture.pixels, searched)
    inputs = ENCODERS[encoder].preprocess(query.open_picture(picture, crop).pixels)
    searched.prepare(encoder)
    if is_reranked and len(searched.vectors[encoder]) != len(searched):  # the others lie in a vector database
        raise GalleryError(NO_RERANKING)
    network.open()
    began = time.perf_counter()
    outputs = {name: rows[0] for name, rows in network(inputs[None]).items()}
    found = _find(outputs["embedding"], encoder, searched, truth)
    best = 1 - min((match.distance for match in found), default=2)
    if is_reranked and found:
        found = _rerank(found, outputs["embedding"], searched.vectors[encoder])
    milliseconds = 1000 * (time.perf_counter() - began)
    is_match = estimate_probability(network.entry, best) >= 0.5
    is_unlike_all = not is_match and best < least_similarity(searched, encoder)
    matches = found[: min(query.MAX_MATCHES, max(1, int(k)))]
    return Answer(encoder, matches, is_match, is_unlike_all, truth, milliseconds, inputs, outputs, network.entry)


def _find(embedding: np.ndarray, encoder: str, searched: Gallery, truth: Known | None) -> list[Match]:
    """The CANDIDATES, nearest first; of a query whose camera is known those of other cameras (the field's protocol)."""
    entry = weights.load(ENCODERS[encoder].network).entry
    positions, similarities, percentiles = searched.nearest(encoder, embedding, CANDIDATES)
    found = []
    for one, similarity in zip(searched.matches(positions, 1 - similarities, percentiles), similarities, strict=True):
        vehicle, camera = (texts[one.id] if texts else "" for texts in (searched.labels, searched.cameras))
        if truth is None or camera != truth.camera:
            probability = round(estimate_probability(entry, similarity), 4)
            is_same = vehicle == truth.vehicle if truth else None
            found.append(Match(**vars(one), vehicle=vehicle, camera=camera, probability=probability, is_same=is_same))
    return found


def _rerank(found: list[Match], embedding: np.ndarray, vectors: np.ndarray) -> list[Match]:
    """The same by k-reciprocal re-ranking. vectors: float32 (N, D), of the whole gallery."""
    both = np.concatenate([embedding[None], vectors[[match.id for match in found]]])
    distances = rerank(both @ both.T, 1, share=SHARE)[0, 1:]
    return [found[at] for at in np.argsort(distances, kind="stable")]


def compare(a: images.Source, b: images.Source, encoder: Name = "embedding") -> Comparison:
    """Say how probable it is that two pictures show the same vehicle.

    a: a picture of a vehicle. b: another one.
    encoder: the network that compares, embedding of this project or baseline of the student project.
    Raises images.PictureError and weights.Unavailable.
    """
    network = weights.load(ENCODERS[encoder].network)
    inputs = np.stack([ENCODERS[encoder].preprocess(query.open_picture(one).pixels) for one in (a, b)])
    network.open()
    began = time.perf_counter()
    outputs = network(inputs)
    similarity = float(np.dot(*outputs["embedding"]))
    milliseconds = 1000 * (time.perf_counter() - began)
    probability = estimate_probability(network.entry, similarity)
    one, other = ({name: rows[at] for name, rows in outputs.items()} for at in (0, 1))
    evidence = parts.compare(one, other)
    is_same, probability, similarity = probability >= 0.5, round(probability, 4), round(similarity, 4)
    return Comparison(encoder, similarity, probability, is_same, milliseconds, inputs, evidence, network.entry)


def locate(answer: Answer, match: Match, searched: Gallery) -> tuple[np.ndarray, np.ndarray]:
    """What a network got of a match, uint8 (side, side, 3), and the places that make it similar, as `parts.compare`.

    searched: the gallery of the match.
    """
    network, encoder = weights.load(ENCODERS[answer.encoder].network), ENCODERS[answer.encoder]
    inputs = encoder.preprocess(searched.pixels(match.id))
    outputs = {name: rows[0] for name, rows in network(inputs[None]).items()}
    return inputs, parts.compare(answer.outputs, outputs)
