"""Squares of photographs and of styles with what VGG19 makes of each, which is looked at once and not at each step."""

from collections.abc import Callable

import numpy as np
from keras import ops

from demos.style.training import losses

BATCH = 8

Pool = dict[str, np.ndarray]


def fill(features: Callable, contents: np.ndarray, styles: np.ndarray) -> Pool:
    """What `draw` takes pairs from, `content` and `style`, uint8 (N, S, S, 3) each, and of VGG19:

    content_map: float16 (N, s, s, C), of the last layer. content_row, style_row: float32 (N, D), of `describe`.
    """
    content_row, content_map = _look(features, contents, is_map_kept=True)
    style_row, _ = _look(features, styles)
    rows = {"content_row": content_row, "style_row": style_row, "content_map": content_map}
    return {"content": contents, "style": styles, **rows}


def draw(pool: Pool, contents: np.ndarray, styles: np.ndarray) -> dict[str, np.ndarray]:
    """A batch of some contents, each with one of the styles."""
    chosen = {"content": contents, "style": styles}
    return {name: array[chosen[name.partition("_")[0]]] for name, array in pool.items()}


def _look(features: Callable, pictures: np.ndarray, is_map_kept: bool = False) -> tuple[np.ndarray, np.ndarray]:
    rows, maps = [], []
    for start in range(0, len(pictures), BATCH):
        looked = features(ops.cast(ops.convert_to_tensor(pictures[start : start + BATCH]), "float32"))
        rows.append(_to_numpy(losses.describe(looked)))
        if is_map_kept:
            maps.append(_to_numpy(ops.cast(looked[-1], "float16")))
    return np.concatenate(rows), np.concatenate(maps) if maps else np.empty(0)


def _to_numpy(x) -> np.ndarray:
    return np.asarray(ops.convert_to_numpy(ops.stop_gradient(x)))
