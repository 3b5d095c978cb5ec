"""Photographs painted in the looks of the project: one content in several styles, one style on many contents."""

import zlib
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from demos.shared.data import decode, find, read
from demos.shared.gallery.encoder import center_crop
from demos.shared.training import checkpoint, recipe
from demos.style import looks
from weights.runtime import cores

PHOTOGRAPHS_SET = ("imagenette", "train")
SIDE = 224  # pixels at which photographs are painted
LOOKS = 4  # in which each photograph is painted
EACH = 12  # paintings in each look


def load(run: recipe.Run) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Paintings, uint8 (N, SIDE, SIDE, 3), the number of the look of each, and that of its photograph, int (N,).

    The photographs themselves stand behind them; their look is the last number. Raises data.Absent.
    """
    names = list(looks.STYLES)
    count = EACH * len(names) // LOOKS
    encoded, _ = read(find(*PHOTOGRAPHS_SET))
    recipe.require(len(encoded), count, "photographs")
    photographs = np.stack([center_crop(decode(content), SIDE) for content in encoded[:count]])
    contents = np.arange(LOOKS * count) // LOOKS
    kinds = np.arange(LOOKS * count) % len(names)
    key = checkpoint.digest(photographs, LOOKS, EACH, checkpoint.read_code(looks))
    painted = run.cached("painted", lambda: _paint_all(photographs, contents, [names[kind] for kind in kinds]), key)
    return (
        np.concatenate([painted, photographs]),
        np.concatenate([kinds, np.full(count, len(names))]),
        np.concatenate([contents, np.arange(count)]),
    )


def _paint_all(photographs: np.ndarray, contents: np.ndarray, names: list[str]) -> np.ndarray:
    print(f"Painting {len(names):,} photographs.", flush=True)
    jobs = [(photographs[content], name, int(content)) for content, name in zip(contents, names, strict=True)]
    with ProcessPoolExecutor(cores()) as pool:
        return np.stack(list(pool.map(_paint, jobs, chunksize=8)))


def _paint(job: tuple[np.ndarray, str, int]) -> np.ndarray:
    pixels, name, number = job
    return looks.STYLES[name](pixels, np.random.default_rng([number, zlib.crc32(name.encode())]))
