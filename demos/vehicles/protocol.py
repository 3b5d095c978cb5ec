"""The field's protocol, over similarities: each picture is a query among the pictures of the other cameras."""

import numpy as np

from demos.shared import metrics
from demos.shared.gallery.rerank import rerank

VEHICLES, GALLERIES = 60, 20  # of a small gallery, and how many of these are drawn
SHARE = 0.9  # of the first distance in re-ranking, chosen on validation vehicles


def rank(similarity: np.ndarray, vehicles: np.ndarray, cameras: np.ndarray) -> dict[str, float]:
    """`mean_average_precision`, `rank_1` and `rank_5`, plain and `_reranked`.

    similarity: float (N, N), cosine similarities of all pairs. vehicles, cameras: (N,).
    """
    plain = metrics.reidentification(-similarity, vehicles, cameras)
    again = metrics.reidentification(rerank(similarity, share=SHARE), vehicles, cameras)
    return plain | {f"{name}_reranked": value for name, value in again.items()}


def rank_small(similarity: np.ndarray, vehicles: np.ndarray, cameras: np.ndarray) -> dict[str, float]:
    """The figures of `rank`, their means over GALLERIES galleries of VEHICLES random vehicles, seeded."""
    names, rng = np.unique(vehicles), np.random.default_rng(0)
    figures = []
    for _ in range(GALLERIES):
        chosen = np.flatnonzero(np.isin(vehicles, rng.permutation(names)[:VEHICLES]))
        figures.append(rank(similarity[np.ix_(chosen, chosen)], vehicles[chosen], cameras[chosen]))
    return {f"{name}_{VEHICLES}": float(np.mean([one[name] for one in figures])) for name in figures[0]}


def nearest(similarity: np.ndarray, vehicles: np.ndarray, cameras: np.ndarray) -> tuple:
    """Of each query the best match of other cameras, float (N,), and whether it is the same vehicle, bool (N,).

    Third the best match where the query's vehicle is not in the gallery, float (N,).
    """
    is_other_camera = cameras[:, None] != cameras
    is_same = vehicles[:, None] == vehicles
    same = np.where(is_same & is_other_camera, similarity, -2).max(1)
    other = np.where(~is_same & is_other_camera, similarity, -2).max(1)
    return np.maximum(same, other), same > other, other


def open_set(similarity: np.ndarray, vehicles: np.ndarray, cameras: np.ndarray) -> dict[str, float]:
    """`open_set_auroc`: how well the best match tells queries whose vehicle is in the gallery from those without."""
    best, _, without = nearest(similarity, vehicles, cameras)
    return {"open_set_auroc": metrics.auroc(best, without)}


def measure(road: tuple, rendered: tuple) -> dict[str, float]:
    """All figures of a network, from the arguments of `rank` for road cameras' vehicles and for rendered ones.

    `rendered_` begins the names of the figures of the latter, `_60` ends those of small galleries.
    """
    of_rendered = rank(*rendered) | open_set(*rendered)
    return (
        rank_small(*road)
        | rank(*road)
        | open_set(*road)
        | {f"rendered_{name}": value for name, value in of_rendered.items()}
    )
