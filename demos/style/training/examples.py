"""The pictures that the style encoder learns from, as statistics of several views of each; and those held out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance

from demos.shared import data as sets
from demos.shared.gallery.encoder import center_crop
from demos.shared.training import checkpoint, recipe
from demos.style import data
from demos.style.training import painted, statistics

VIEWS = 2  # of each picture: the middle square, and another by lot
LEAST = 0.55  # of a picture's shorter side is the side of a view
HELD_OUT = 23  # photographs whose paintings are held out, the last


@dataclass(frozen=True, eq=False)
class Examples:
    """Pictures of one source.

    statistics: float32 (views, N, F). styles: int (N,). contents: int (N,), what a picture shows, -1 where not known.
    """

    statistics: np.ndarray
    styles: np.ndarray
    contents: np.ndarray


@dataclass(frozen=True, eq=False)
class Source:
    """Pictures, uint8 (H, W, 3) each, with the styles and contents of Examples. name: of the file that keeps them."""

    name: str
    pictures: Sequence[np.ndarray]
    styles: np.ndarray
    contents: np.ndarray


def read(run: recipe.Run) -> tuple[list[Source], list[Source]]:
    """For training the paintings, PACS and the looks; and the same held out. Raises data.Absent."""
    training, held_out = [], []
    for part, sources in (("train", training), ("validation", held_out)):
        for name, find in (("paintings", data.paintings), ("pacs", data.pacs)):
            found = find(part)
            pictures = [sets.decode(content) for content in found.encoded]
            sources.append(Source(name, pictures, number(found.labels), number(found.contents, len(pictures))))
    squares, looks, contents = painted.load(run)
    is_held_out = contents > contents.max() - HELD_OUT
    for mask, sources in ((~is_held_out, training), (is_held_out, held_out)):
        sources.append(Source("painted", squares[mask], looks[mask], contents[mask]))
    return training, held_out


def load(run: recipe.Run) -> tuple[list[Examples], dict[str, Examples]]:
    """What `read` gives as Examples; those held out by name. Raises data.Absent and imagenet.Absent."""
    training, held_out = read(run)
    return (
        [to_examples(run, source, f"{source.name}-train", VIEWS) for source in training],
        {source.name: to_examples(run, source, f"{source.name}-validation", 1) for source in held_out},
    )


def to_examples(run: recipe.Run, source: Source, name: str, views: int) -> Examples:
    """A source as Examples, its statistics kept by this name."""
    return Examples(describe(run, name, source.pictures, views), source.styles, source.contents)


def number(names: np.ndarray | None, count: int = 0) -> np.ndarray:
    """The number of each name, int (N,); -1 for `count` pictures of which there are none."""
    return np.full(count, -1) if names is None else np.unique(names, return_inverse=True)[1]


def describe(run: recipe.Run, name: str, pictures: Sequence[np.ndarray], views: int) -> np.ndarray:
    """Pictures, uint8 (H, W, 3) each -> statistics, float32 (views, N, F); kept, since it takes minutes."""

    def compute() -> np.ndarray:
        print(f"Statistics of {len(pictures):,} pictures ({name}), {views} views of each.", flush=True)
        network = statistics.body()
        rng = np.random.default_rng(0)
        return np.stack(
            [
                network.predict(np.stack([view(one, rng, is_whole=not number) for one in pictures]), 32, verbose=0)
                for number in range(views)
            ]
        )

    key = checkpoint.digest(list(pictures), views, LEAST, statistics.SIDE, statistics.LAYERS)
    return run.cached(f"statistics-{name}", compute, key)


def view(pixels: np.ndarray, rng: np.random.Generator, *, is_whole: bool) -> np.ndarray:
    """A square of a picture, uint8 (SIDE, SIDE, 3): the middle, or one by lot, maybe mirrored and of other colours."""
    side = statistics.SIDE
    if is_whole:
        return center_crop(pixels, side)
    height, width = pixels.shape[:2]
    size = rng.uniform(LEAST, 1) * min(height, width)
    left, top = rng.uniform(0, width - size), rng.uniform(0, height - size)
    box = (left, top, left + size, top + size)
    image = Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC, box, reducing_gap=3)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for change, least, most in (
        (ImageEnhance.Brightness, 0.8, 1.2), (ImageEnhance.Color, 0.6, 1.4), (ImageEnhance.Contrast, 0.8, 1.2),
    ):  # fmt: skip
        image = change(image).enhance(rng.uniform(least, most))
    return np.asarray(image)
