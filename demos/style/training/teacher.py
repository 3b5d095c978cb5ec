"""VGG19, whose Gram matrices describe style: as a teacher in recipes, and in the page's worker."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from keras import ops

from demos.shared.gallery.encoder import center_crop
from demos.shared.training import checkpoint, imagenet, recipe
from demos.style import gram

BATCH = 16


def network() -> Callable[[np.ndarray], np.ndarray]:
    """A function from pictures, uint8 (N, gram.SIDE, gram.SIDE, 3), to what `gram.sketch` gives of them.

    Raises imagenet.Absent.
    """
    maps = imagenet.vgg19(*gram.LAYERS)

    def describe(pictures: np.ndarray) -> np.ndarray:
        return gram.sketch([ops.convert_to_numpy(x) for x in maps(pictures.astype(np.float32), training=False)])

    return describe


def describe(run: recipe.Run, name: str, pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Sketches of pictures, uint8 (H, W, 3) each, rows of length 1; kept, since it takes minutes."""
    key = checkpoint.digest(list(pictures), gram.SIDE, gram.NUMBERS, gram.LAYERS)
    return run.cached(name, lambda: np.concatenate(list(_describe_all(pictures))), key)


def _describe_all(pictures: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    print(f"Gram matrices of {len(pictures):,} pictures.", flush=True)
    describe = network()
    for start in range(0, len(pictures), BATCH):
        yield describe(np.stack([center_crop(one, gram.SIDE) for one in pictures[start : start + BATCH]]))
