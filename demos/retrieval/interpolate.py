"""What the two autoencoders keep of a picture, and the way from one picture to another through a latent space."""

import numpy as np

import weights
from demos.retrieval.encoders import ENCODERS
from demos.shared import images

AUTOENCODERS = ("vae", "autoencoder")
STEPS = 7


def reconstruct(outputs: dict[str, np.ndarray]) -> np.ndarray:
    """Outputs of `vae` or `autoencoder` for one picture -> the picture as it gives it back, uint8 (side, side, 3).

    Raises weights.Unavailable.
    """
    return decode(outputs["latent"][None])[0] if "latent" in outputs else _to_pixels(outputs["reconstruction"])


def encode(picture: images.Picture) -> np.ndarray:
    """A picture -> its place in the latent space of `vae`, float32 (128,). Raises weights.Unavailable."""
    inputs = ENCODERS["vae"].preprocess(picture.pixels)
    return weights.load("retrieval/vae")(inputs[None])["latent"][0]


def decode(latents: np.ndarray) -> np.ndarray:
    """Places in the latent space, float32 (N, 128) -> pictures, uint8 (N, 64, 64, 3). Raises weights.Unavailable."""
    return _to_pixels(weights.load("retrieval/decoder")(latents)["reconstruction"])


def interpolate(start: np.ndarray, end: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """From one place of the latent space to another, float32 (128,) each, along a straight line.

    uint8 (steps, 64, 64, 3). Raises weights.Unavailable.
    """
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None]
    return decode((1 - share) * start + share * end)


def _to_pixels(values: np.ndarray) -> np.ndarray:
    """Floats, of which 1 is white, as uint8."""
    return np.rint(255 * values.clip(0, 1)).astype(np.uint8)
