"""What the recipes learn from: the road cameras' vehicles, vehicles that the project renders, and Stanford Cars."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from demos.shared.data import decode, find, read
from demos.shared.training import checkpoint, recipe
from demos.vehicles import data, render
from demos.vehicles.encoders import fit
from demos.vehicles.render import many
from demos.vehicles.training.augment import augment
from weights.runtime import cores

CARS_SET = ("cars", "train")
CARS = 4000  # pictures of Stanford Cars, the first
VIEWS = 4  # of an identity in a batch
SIDE = 128  # pixels of the longer side of a rendered picture
VALIDATION_IDENTITIES, VALIDATION_CAMERAS = 60, 4


@dataclass(frozen=True, eq=False)
class Source:
    """Pictures of one kind, uint8 (H, W, 3) each. identities: for each its pictures' indices. models: of each picture.

    share: of a batch, in proportion to the others'. first: the label of the first identity.
    """

    pictures: list[np.ndarray]
    identities: list[np.ndarray]
    share: int
    first: int
    models: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Cars:
    """Encoded pictures of cars, and the number of the model (make, model and year) of each, int (N,)."""

    encoded: list[bytes]
    models: np.ndarray

    @property
    def count(self) -> int:
        """How many models there are."""
        return int(self.models.max()) + 1


def decode_all(encoded: list[bytes]) -> list[np.ndarray]:
    """Encoded pictures as uint8 (H, W, 3) each."""
    return [decode(content) for content in encoded]


def fit_all(pictures: Iterable[np.ndarray], side: int) -> np.ndarray:
    """Pictures, uint8 (H, W, 3) each, as the networks take them: uint8 (N, side, side, 3)."""
    return np.stack([fit(pixels, side) for pixels in pictures])


def load_cars() -> Cars:
    """The first CARS of Stanford Cars. Raises data.Absent."""
    encoded, labels = read(find(*CARS_SET))
    return Cars(encoded[:CARS], np.unique(labels[:CARS], return_inverse=True)[1])


def render_vehicles(run: recipe.Run, part: str, first: int, identities: int, cameras: int) -> tuple:
    """Rendered pictures, (N,) lists of uint8 (H, W, 3), and the identity and the camera of each, int (N,).

    part: a name for the file that keeps them. first: the first of so many identities. cameras: of each, drawn by lot.
    """
    jobs = data.draw_jobs(first, identities, cameras, render.N_CAMERAS)
    key = checkpoint.digest(jobs, SIDE, checkpoint.read_code(render))
    arrays = run.cached(f"rendered-{part}-{identities}", lambda: _render_all(jobs), key)
    return many.split(**arrays), *np.array(jobs).T


def _render_all(jobs: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    print(f"Rendering {len(jobs):,} pictures of vehicles.", flush=True)
    return many.join(many.render_all([(*job, 0) for job in jobs], SIDE, cores()))


def group(labels: np.ndarray) -> list[np.ndarray]:
    """The indices of each label's pictures, in the order of the labels."""
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def make_batch(sources: list[Source], size: int, side: int, rng: np.random.Generator) -> tuple[np.ndarray, dict]:
    """Augmented pictures, VIEWS of each identity, and the labels for each loss.

    size: of identities. `embedding`: int (N,), the identities; `identity`: those of sources without models, else -1;
    `model`: of sources with models, else -1.
    """
    pictures, labels = [], {"embedding": [], "identity": [], "model": []}
    total = sum(source.share for source in sources)
    for source in sources:
        count = round(size * source.share / total)
        for number in rng.choice(len(source.identities), count, replace=False):
            own = source.identities[number]
            views = np.resize(rng.permutation(own), VIEWS)
            pictures += [augment(source.pictures[view], side, rng) for view in views]
            has_models = source.models is not None
            labels["embedding"] += [source.first + number] * VIEWS
            labels["identity"] += [-1 if has_models else source.first + number] * VIEWS
            labels["model"] += [source.models[view] if has_models else -1 for view in views]
    return np.stack(pictures), {name: np.array(values, np.int32) for name, values in labels.items()}


def draw_triplets(identities: list[np.ndarray], count: int, rng: np.random.Generator) -> np.ndarray:
    """Indices of anchors, of positives and of negatives, int (3 * count,), one third each."""
    triplets = []
    for _ in range(count):
        one, other = (identities[number] for number in rng.choice(len(identities), 2, replace=False))
        triplets.append([*rng.choice(one, 2, replace=False), rng.choice(other)])
    return np.array(triplets).T.ravel()


def load_road(part: str) -> tuple[list[np.ndarray], data.Pictures]:
    """A part of the road cameras' pictures, decoded, and what is known of them. Raises data.Absent."""
    pictures = data.load_road(part)
    return decode_all(pictures.encoded), pictures
