"""The glyphs that both recipes train on, are calibrated on and are tested on, segmented once for all runs."""

import numpy as np

from demos.digits.data import segment_all
from demos.digits.training import data
from demos.shared.data import find, read
from demos.shared.training import checkpoint, recipe

DATASETS = (("mnist", "train"), ("mnist", "test"))

HELD_OUT = 0.2  # share of MNIST's training digits
OTHER_DIGITS, DRAWN, WINDOWS = 12000, 9000, 1500  # pictures of what is none of the three
LARGEST = 3  # glyphs of each of these
LEAST = 20  # digits 0, 1 and 2 in a training set: fewer teach nothing, and leave none to be held out

Pair = tuple[np.ndarray, np.ndarray]


def load(run: recipe.Run) -> dict[str, dict[str, np.ndarray]]:
    """`train`, `held_out` and `test`, each with `glyphs` uint8 (N, 28, 28) and `labels` int64 (N,).

    Only the training data hold what is none of the three. Takes minutes for the first time. Raises data.Absent, and
    RecipeError where there are too few digits.
    """
    train, test = read(find("mnist", "train")), read(find("mnist", "test"))
    recipe.require(sum(label < data.OTHER for label in train[1]), LEAST, "training pictures of 0, 1 and 2")
    key = checkpoint.digest(train, test, HELD_OUT, OTHER_DIGITS, DRAWN, WINDOWS, LARGEST)
    arrays = run.cached("glyphs", lambda: _segment(train, test), key)
    names = ("train", "held_out", "test")
    return {name: {part: arrays[f"{name}_{part}"] for part in ("glyphs", "labels")} for name in names}


def _segment(train: tuple, test: tuple) -> dict[str, np.ndarray]:
    print("The glyphs are segmented, which takes some minutes.", flush=True)
    labels = np.asarray(train[1])
    is_held_out = np.random.default_rng(0).random(len(labels)) < HELD_OUT
    is_digit = labels < data.OTHER
    others = np.flatnonzero(~is_digit & ~is_held_out)[:OTHER_DIGITS]
    sources = [train[0][i] for i in others], data.draw_others(DRAWN), data.crop_photographs(WINDOWS)
    parts = [_digits(train, is_digit & ~is_held_out), *map(_others, sources)]
    sets = {
        "train": tuple(map(np.concatenate, zip(*parts, strict=True))),
        "held_out": _digits(train, is_digit & is_held_out),
        "test": _digits(test, np.asarray(test[1]) < data.OTHER),
    }
    for name, (_, values) in sets.items():
        print(f"{name}: {np.bincount(values)} of 0, 1, 2 and others", flush=True)
    return {f"{name}_{part}": pair[at] for name, pair in sets.items() for at, part in enumerate(("glyphs", "labels"))}


def _digits(pictures: tuple[list[bytes], list[int]], is_chosen: np.ndarray) -> Pair:
    """The largest glyph of each chosen picture, and its label; pictures without any are left out."""
    chosen = np.flatnonzero(is_chosen)
    segmented = segment_all([pictures[0][i] for i in chosen])
    pairs = [(glyphs[0], pictures[1][i]) for glyphs, i in zip(segmented, chosen, strict=True) if glyphs]
    return _pair([glyph for glyph, _ in pairs], [label for _, label in pairs])


def _others(pictures) -> Pair:
    """The largest glyphs of pictures of none of the three, without those that are a 1 to anybody."""
    glyphs = [glyph for segmented in segment_all(pictures) for glyph in segmented[:LARGEST]]
    glyphs = [glyph for glyph in glyphs if not data.is_bar(glyph)]
    return _pair(glyphs, [data.OTHER] * len(glyphs))


def _pair(glyphs: list[np.ndarray], labels: list[int]) -> Pair:
    return np.array(glyphs, np.uint8).reshape(-1, 28, 28), np.array(labels, np.int64)
