"""What the two autoencoders keep of a picture, and the way from one picture to another through a latent space."""

import numpy as np

import weights
from demos import images
from demos.retrieval import encoders

STEPS = 7


def reconstruction(picture: images.Picture, name: str) -> np.ndarray:
    """A picture as `autoencoder` or `vae` gives it back, uint8 (side, side, 3). Raises weights.Unavailable."""
    seen = encoders.see(picture.pixels, name)[None]
    outputs = weights.load(f"retrieval/{name}")(seen)
    return _pixels(outputs["reconstruction"] if name == "autoencoder" else _drawn(outputs["latent"]))[0]


def walk(one: images.Picture, other: images.Picture, steps: int = STEPS) -> np.ndarray:
    """From one picture to another along a straight line through the variational autoencoder's latent space.

    uint8 (steps, 64, 64, 3); the ends are the pictures as it gives them back. Raises weights.Unavailable.
    """
    seen = np.stack([encoders.see(picture.pixels, "vae") for picture in (one, other)])
    start, end = weights.load("retrieval/vae")(seen)["latent"]
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None]
    return _pixels(_drawn((1 - share) * start + share * end))


def _drawn(latent: np.ndarray) -> np.ndarray:
    return weights.load("retrieval/decoder")(latent)["reconstruction"]


def _pixels(white: np.ndarray) -> np.ndarray:
    return np.rint(255 * white.clip(0, 1)).astype(np.uint8)
