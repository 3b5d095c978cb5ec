"""`python -m demos.denoiser.figure`: the picture on the card, of the learning curves and of the autoencoder's outputs.

It is drawn from the manifest and through the served file, by matplotlib, a development dependency.
"""

from pathlib import Path

import numpy as np
import skimage.data
from matplotlib.figure import Figure

import weights
from demos.denoiser.data import SMALL_SIGMAS, add_white_noise
from demos.denoiser.pixels import SIDE, center_crop, from_float, to_float
from demos.shared import images

FILE = Path(__file__).with_name("autoencoder.webp")
# Photographs that are free of rights, and the top and the left of a window in each.
PHOTOGRAPHS = {"chelsea": (90, 120), "coffee": (130, 300), "astronaut": (60, 190), "rocket": (250, 290)}
SHORT = 112  # the other windows are of the middle, of photographs reduced to this short side
CURVES = {
    "denoiser/autoencoder": "Autoencoder: mean squared error, sigma 10",
    "denoiser/blind": "Blind: PSNR in dB, as a camera stores it",
}


def windows() -> list[np.ndarray]:
    """Two windows of each photograph, one of it reduced and one at its full size, float32 (64, 64, 3)."""
    cropped = []
    for name, (top, left) in PHOTOGRAPHS.items():
        pixels = getattr(skimage.data, name)()
        small = images.open(pixels, longest=round(SHORT * max(pixels.shape[:2]) / min(pixels.shape[:2]))).pixels
        cropped += [center_crop(small, SIDE), pixels[top : top + SIDE, left : left + SIDE]]
    return [to_float(window) for window in cropped]


def draw(file: Path) -> None:
    """Write the picture: the learning curves, and beneath them windows, clean, noisy at two levels, and restored."""
    networks, model = weights.manifest().networks, weights.load("denoiser/autoencoder")
    figure = Figure(figsize=(8, 7.6), dpi=120, layout="constrained")
    above, beneath = figure.subfigures(2, 1, height_ratios=(1, 2.4))
    for axes, (name, title) in zip(above.subplots(1, 2), CURVES.items(), strict=True):
        axes.plot(*networks[name].recipe.curve.values(), color="#0b63ce")
        axes.set_title(title, fontsize=9)
        axes.set_xlabel("minutes of training, on held-out pictures", fontsize=8)
        axes.tick_params(which="both", labelsize=8)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    above.axes[0].set_yscale("log")

    clean = np.stack(windows())
    rows = [("sample", clean)]
    for sigma in SMALL_SIGMAS:
        noisy = np.stack([add_white_noise(window, sigma, number) for number, window in enumerate(clean)])
        rows += [(f"sigma {sigma}", noisy), ("restored", model(noisy)["restored"])]
    grid = beneath.subplots(len(rows), len(clean))
    for line, (label, pictures) in zip(grid, rows, strict=True):
        line[0].set_ylabel(label, fontsize=9)
        for axes, picture in zip(line, pictures, strict=True):
            axes.imshow(from_float(picture, np.uint8), interpolation="nearest")
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
    figure.savefig(file, pil_kwargs={"quality": 90})


if __name__ == "__main__":
    draw(FILE)
