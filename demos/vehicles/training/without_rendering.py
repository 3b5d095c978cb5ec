"""The same as `embedding` without rendered vehicles, to say what they are worth. Its network is not served."""

from demos.shared.training import recipe, rounding
from demos.vehicles.training import embedding, learning, validation

DATASETS, PRETRAINED = learning.DATASETS, learning.PRETRAINED

MINUTES = embedding.MINUTES


def train(run: recipe.Run) -> None:
    """Train, and leave the network in the folder of the run."""
    network, sets = learning.train(run, MINUTES, 0)
    path = run.folder / "network.keras"
    rounding.round_to_half(network).save(path)
    print(f"{path}: {validation.measure(network, sets)}", flush=True)
