"""EfficientNet-Lite0, trained to bring pictures of one vehicle together, on road cameras' and rendered vehicles."""

from demos.shared.training import recipe
from demos.vehicles.training import learning, validation

DATASETS, PRETRAINED = learning.DATASETS, learning.PRETRAINED

MINUTES = 6.0  # of an accelerator; two cores need a night
RENDERED = 1500  # vehicles that the project draws
DATASET = (
    "327 vehicles of two road cameras, 1,500 rendered vehicles, Stanford Cars (4,000); ImageNet's weights as a start"
)


def train(run: recipe.Run) -> None:
    """Train, calibrate and export vehicles/embedding."""
    network, sets = learning.train(run, MINUTES, RENDERED)
    curve = {key: [point[key] for point in run.curve] for key in ("minutes", "mean_average_precision")}
    validation.finish(run, network, sets, DATASET, curve=curve)
