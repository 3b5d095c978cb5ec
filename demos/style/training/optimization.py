"""Gatys, Ecker and Bethge's optimisation of a picture (CVPR 2016, arXiv:1508.06576), by the painter's losses.

Style is compared by means and deviations, as they are, in place of Gram matrices, so that both can be compared.
"""

from functools import lru_cache

import keras
import numpy as np
from keras import ops

from demos.style.training import losses
from demos.style.training.transfer import STYLE

RATE = 4.0  # of Adam, in levels of 255


class Optimization(keras.Model):
    """A picture of this height and width that becomes a photograph in a style, step by step. Raises imagenet.Absent."""

    def __init__(self, height: int, width: int):
        super().__init__()
        self.features = losses.vgg19()
        shape = (1, height, width, 3)
        self.pixels = self.add_weight(shape=shape, initializer="zeros", constraint=_clip, name="pixels")
        maps = self.features(ops.zeros(shape))
        self.wanted_content = self._target(maps[-1])
        self.wanted_style = self._target(losses.describe(maps))
        self.compile(keras.optimizers.Adam(RATE), jit_compile=False)

    def _target(self, like):
        return self.add_weight(shape=like.shape, initializer="zeros", trainable=False)

    def begin(self, content: np.ndarray, style: np.ndarray, start: np.ndarray) -> None:
        """Take a photograph and the picture to start from, uint8 (H, W, 3), and a style of any size."""
        self.wanted_content.assign(self._describe(content)[-1])
        self.wanted_style.assign(losses.describe(self._describe(style)))
        self.pixels.assign(start[None].astype("float32"))
        self.optimizer.iterations.assign(0)
        for variable in self.optimizer.variables:
            if len(variable.shape):  # moments, not the rate
                variable.assign(ops.zeros_like(variable))

    def _describe(self, picture: np.ndarray) -> list:
        return self.features(ops.convert_to_tensor(picture[None].astype("float32")))

    def _features_now(self) -> list:
        return self.features(ops.convert_to_tensor(self.pixels))

    def call(self, inputs):
        return self.losses_of(self._features_now())

    def losses_of(self, maps: list):
        """Content and style loss of feature maps, float (1, 2)."""
        content = losses.content_loss(maps, [self.wanted_content])
        style = losses.style_distance(losses.describe(maps), self.wanted_style)
        return ops.stack([content, style], axis=-1)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        content, style = y_pred[0, 0], y_pred[0, 1]
        return content + STYLE * style

    def step(self) -> float:
        """One step. Returns the sum of the losses before it."""
        return float(self.train_on_batch(np.zeros((1, 1), "float32")))

    def measure(self, picture: np.ndarray | None = None) -> tuple[float, float]:
        """Content and style loss of a picture, uint8 (H, W, 3); None for that of the optimisation."""
        maps = self._features_now() if picture is None else self._describe(picture)
        content, style = ops.convert_to_numpy(self.losses_of(maps))[0]
        return float(content), float(style)

    def picture(self) -> np.ndarray:
        """The picture as it is now, uint8 (H, W, 3)."""
        return np.rint(ops.convert_to_numpy(self.pixels)[0]).astype(np.uint8)


def weigh(content: float, style: float) -> float:
    """The sum of both losses by which the painter is trained."""
    return content + STYLE * style


def _clip(pixels):
    return ops.clip(pixels, 0, 255)


@lru_cache(maxsize=1)
def prepare(height: int, width: int) -> Optimization:
    """The optimisation of pictures of this size; the last one is kept. Raises imagenet.Absent."""
    return Optimization(height, width)
