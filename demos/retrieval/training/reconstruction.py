"""The training of both networks that draw a picture again."""

import keras
import numpy as np

from demos.retrieval.training import data
from demos.shared.training import recipe, schedule


def train_to_reconstruct(
    run: recipe.Run, network: keras.Model, pictures: np.ndarray, epochs: int, batch: int, rate: float
) -> None:
    """Train a compiled network to give pictures again as its output `reconstruction`, float (N, H, W, 3), 0 to 1.

    pictures: uint8 (N, H, W, 3); half of them are mirrored. rate: it falls from here along a cosine to nothing.
    """
    for epoch in run.epochs(network, epochs, examples=len(pictures), trained_on=pictures):
        rng, losses = run.rng(epoch), []
        for chosen, share in recipe.batches(len(pictures), batch, rng):
            network.optimizer.learning_rate = rate * schedule.cosine((epoch + share) / epochs)
            x = data.mirror_half(pictures[chosen], rng)
            targets = {"reconstruction": x.astype("float32") / 255}
            losses.append(float(network.train_on_batch(x, targets, return_dict=True)["loss"]))
        run.note(loss=np.mean(losses))
