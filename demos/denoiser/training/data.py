"""The pictures that the recipes train on, and patches of them. A picture is uint8 (H, W, 3)."""

import numpy as np

from demos.shared import images
from demos.shared.data import find, read
from demos.shared.training import recipe

HELD_OUT = 20  # photographs, on which all choices are made

# Pictures, and the share of the patches that is cut from them.
PatchSet = tuple[list[np.ndarray], float]


def photographs() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Berkeley photographs for training, and held-out ones. Raises data.Absent, RecipeError where there are too few."""
    pictures = decode("bsds", "train")
    recipe.require(len(pictures), HELD_OUT + 1, f"photographs in bsds/train, of which {HELD_OUT} are held out")
    return pictures[:-HELD_OUT], pictures[-HELD_OUT:]


def other_photographs() -> list[np.ndarray]:
    """Caltech-101 at half of its size, where little is left of what compression did to it. Raises data.Absent."""
    return [reduce(picture, 0.5) for picture in decode("caltech101", "all")]


def decode(name: str, split: str) -> list[np.ndarray]:
    """The pictures of a data set. Raises data.Absent."""
    return [images.open(picture).pixels for picture in read(find(name, split))[0]]


def reduce(picture: np.ndarray, scale: float) -> np.ndarray:
    """A picture at a share of its height and width."""
    return picture if scale == 1 else images.open(picture, longest=round(scale * max(picture.shape))).pixels


def cut_patches(sets: list[PatchSet], side: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Patches float32 (count, side, side, 3), black 0 and white 1, some of them with other colours."""
    patches = np.stack([cut_patch(sets, side, rng) for _ in range(count)]).astype(np.float32) / 255
    recolour(patches, rng)
    return patches


def cut_patch(sets: list[PatchSet], side: int, rng: np.random.Generator) -> np.ndarray:
    """A square, uint8 (side, side, 3), of a picture of one of the sets, in one of its eight symmetries."""
    shares = np.array([share for _, share in sets])
    while True:
        pictures = sets[rng.choice(len(sets), p=shares / shares.sum())][0]
        picture = pictures[rng.integers(len(pictures))]
        if min(picture.shape[:2]) >= side:
            break
    top, left = (rng.integers(size - side + 1) for size in picture.shape[:2])
    square = np.rot90(picture[top : top + side, left : left + side], rng.integers(4))
    return square[:, ::-1] if rng.random() < 0.5 else square


def recolour(clean: np.ndarray, rng: np.random.Generator) -> None:
    """Change a quarter of float pictures (N, H, W, 3): darker, other saturation, channels in another order."""
    for i in np.flatnonzero(rng.random(len(clean)) < 0.25):
        grey = clean[i].mean(-1, keepdims=True)
        changed = rng.uniform(0.6, 1) * (grey + rng.uniform(0, 1.2) * (clean[i] - grey))
        clean[i] = changed.clip(0, 1)[..., rng.permutation(3)]
