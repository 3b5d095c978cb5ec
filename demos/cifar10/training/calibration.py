"""Temperature, in-distribution score and threshold of a trained network, chosen on held-out pictures."""

import itertools

import keras
import numpy as np

from demos.cifar10.data import ood_sets
from demos.cifar10.predict import preprocess
from demos.cifar10.training import networks
from demos.shared import images, metrics
from demos.shared.training import calibration, recipe, rounding
from demos.shared.training.ood import best_mixture, mahalanobis_parameters, max_softmax

TRUE_POSITIVES = 0.9  # this share of held-out pictures passes the threshold of "not sure"
MAHALANOBIS_PICTURES = 8000  # training pictures from which the classes' means among the features are measured
ACTIVITIES, DISTANCES = (0, 0.25, 0.5, 1, 2), (0, 0.25, 0.5, 1)  # weights beside the energy's 1 that are tried


def finish(run: recipe.Run, network: keras.Model, views: keras.Model, pictures: dict, held_out: dict, **more) -> None:
    """Calibrate and export. views: `networks.test_time_augmentation` of the network. more: goes with the recipe."""
    x, labels = held_out["pictures"], held_out["labels"]
    figures = calibration.held_out_metrics(predict(views, x)["logits"], labels)  # as trained
    rounding.round_to_half(network)
    outputs = predict(views, x)
    temperature = calibration.temperature(outputs["logits"], labels)
    served = rounding.round_to_half(networks.served(views, temperature, id_score(views, pictures, outputs)))
    outputs = served.predict(x, 250, verbose=0)
    run.finish(
        served,
        dataset="uoft-cs/cifar10",
        revision="original pixels" if pictures["lossless"].all() else "after one JPEG compression; 8,068 original",
        held_out=figures,
        thresholds={"id_score": float(np.quantile(outputs["id_score"], 1 - TRUE_POSITIVES))},
        parameters=network.count_params(),  # without what only measures the in-distribution score
        **more,
    )


def predict(views: keras.Model, pictures: np.ndarray) -> dict[str, np.ndarray]:
    """`logits` (N, 10) and `features` (N, D) of `networks.test_time_augmentation`, `energy` and `activity` (N,)."""
    outputs = views.predict(pictures, 250, verbose=0)
    logits, features = outputs["logits"], outputs["features"]
    energy = np.logaddexp.reduce(logits, axis=1)
    return {"logits": logits, "features": features, "energy": energy, "activity": features.sum(1)}


def id_score(views: keras.Model, pictures: dict, held_out: dict[str, np.ndarray]) -> networks.IdScore:
    """The mixture that best tells held-out pictures from out-of-distribution ones, on the mean over the sets of these.

    Only mixtures that are better than the maximum softmax on each set can be chosen, if there are any. Energy,
    activity and distance are brought to mean 0 and deviation 1 over the held-out pictures.
    """
    some = np.random.default_rng(0).permutation(len(pictures["labels"]))[:MAHALANOBIS_PICTURES]
    features = predict(views, pictures["pictures"][some])["features"]
    whitening, means = mahalanobis_parameters(features, pictures["labels"][some])

    def terms(outputs: dict) -> np.ndarray:
        distances = ((outputs["features"] @ whitening)[:, None] - means) ** 2
        return np.stack([outputs["energy"], outputs["activity"], -distances.sum(2).min(1) / 2])

    ood = [predict(views, _inputs(encoded)) for _, encoded in ood_sets("validation")]
    baselines = [metrics.auroc(max_softmax(held_out["logits"]), max_softmax(other["logits"])) for other in ood]
    choices = [(1, *others) for others in itertools.product(ACTIVITIES, DISTANCES)]
    best, offset = best_mixture(terms(held_out), list(map(terms, ood)), choices, baselines)
    return networks.IdScore(*map(float, best), offset, whitening, means)


def _inputs(encoded: list) -> np.ndarray:
    return np.stack([preprocess(images.open_quick(picture))[1] for picture in encoded])
