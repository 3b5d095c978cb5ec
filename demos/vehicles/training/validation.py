"""Figures on vehicles that are held out, the probability of being the same vehicle, and what ships of a network."""

from dataclasses import dataclass

import keras
import numpy as np

from demos.shared import metrics
from demos.shared.training import recipe, rounding
from demos.vehicles import protocol
from demos.vehicles.data import VALIDATION_FROM
from demos.vehicles.training import data


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Pictures as a network takes them, uint8 (N, side, side, 3), with the vehicle and the camera of each, (N,)."""

    pictures: np.ndarray
    vehicles: np.ndarray
    cameras: np.ndarray


def load(run: recipe.Run, side: int) -> dict[str, HeldOut]:
    """The held-out vehicles: of the road cameras, "", and rendered ones, "rendered_". Raises data.Absent."""
    pictures, road = data.load_road("validation")
    wanted = VALIDATION_FROM, data.VALIDATION_IDENTITIES, data.VALIDATION_CAMERAS
    rendered, vehicles, cameras = data.render_vehicles(run, "validation", *wanted)
    return {
        "": HeldOut(data.fit_all(pictures, side), road.vehicles, road.cameras),
        "rendered_": HeldOut(data.fit_all(rendered, side), vehicles, cameras),
    }


def similarities(network: keras.Model, held_out: HeldOut) -> np.ndarray:
    """Cosine similarities of all pairs of pictures, float (N, N). network: served, its `embedding` has unit rows."""
    vectors = network.predict(held_out.pictures, 64, verbose=0)["embedding"]
    return vectors @ vectors.T


def measure(network: keras.Model, sets: dict[str, HeldOut]) -> dict[str, float]:
    """mAP, rank-1 and rank-5 on each of the sets, each query among the pictures of other cameras."""
    figures = {}
    for prefix, held_out in sets.items():
        one = metrics.reidentification(-similarities(network, held_out), held_out.vehicles, held_out.cameras)
        figures |= {f"{prefix}{name}": round(value, 4) for name, value in one.items()}
    return figures


def calibrate(network: keras.Model, sets: dict[str, HeldOut]) -> dict[str, float]:
    """How similarity becomes a probability: `similarity`, where it is one half, and `similarity_slope` there.

    1 / (1 + exp(-slope * (s - similarity))) fits how often the best match is the same vehicle, if it is in the gallery
    for half of the queries (Platt, 1999).
    """
    from sklearn.linear_model import LogisticRegression

    x, y = [], []
    for held_out in sets.values():
        best, is_right, without = _nearest(network, held_out)
        x += [best, without]
        y += [is_right, np.zeros(len(without), bool)]
    fitted = LogisticRegression(C=1e4).fit(np.concatenate(x)[:, None], np.concatenate(y))
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return {"similarity": round(-offset / slope, 4), "similarity_slope": round(slope, 3)}


def _nearest(network: keras.Model, held_out: HeldOut) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return protocol.nearest(similarities(network, held_out), held_out.vehicles, held_out.cameras)


def finish(run: recipe.Run, network: keras.Model, sets: dict[str, HeldOut], dataset: str, **options) -> None:
    """Export a network in the form that is served, with its figures on the held-out vehicles."""
    rounding.round_to_half(network)
    held_out = measure(network, sets)
    for prefix, vehicles in sets.items():
        best, _, without = _nearest(network, vehicles)
        held_out[f"{prefix}open_set_auroc"] = round(metrics.auroc(best, without), 4)
    options |= {"held_out": held_out, "thresholds": calibrate(network, sets)}
    run.finish(network, dataset=dataset, revision="as JPEG files", precision="int8", **options)
