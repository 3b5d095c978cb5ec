"""Paintings of many separate strokes: oil, dots of pure colour, swirls, the palette knife."""

import numpy as np
from scipy import ndimage

from demos.style.looks import grain, stamps
from demos.style.looks.inks import blend, from_lab, rgb, saturate, step, to_lab, vary
from demos.style.looks.photo import Photo, look


def _layer(photo, sheet, heights, rng, length, width, blur, spacing, mixing=4.0, dry=0.25, bend=0.12, detail=0.0):
    """Strokes all over the sheet; with `detail`, only where the photograph has details of this contrast or more."""
    unit = photo.unit
    source = photo.blurred(blur)
    places = stamps.scatter(photo.shape, spacing * unit, rng)
    if detail:
        details = np.abs(source - photo.blurred(2.5 * blur)).sum(-1)
        busy = stamps.at(ndimage.maximum_filter(details, int(2 * unit) + 1), places)
        places = places[busy > detail * rng.uniform(0.6, 1.6, len(places))]
    angles = stamps.at(photo.directions, places) + rng.normal(0, 0.16, len(places))
    colours = vary(stamps.at(source, places), mixing, rng)
    marks = stamps.bristles(length * unit, width * unit, rng, dry, bend)
    stamps.lay(sheet, marks, places, angles + np.pi * rng.integers(0, 2, len(places)), colours, rng, 0.95, heights)


def oil(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Thick oil paint, from broad strokes to fine ones, lit from the upper left."""
    unit = photo.unit
    photo.colours = saturate(photo.colours, 1.25)
    sheet = np.ones((*photo.shape, 3), np.float32) * rgb("8a6b4a")
    heights = 0.3 * grain.canvas(photo.shape, unit, rng)
    _layer(photo, sheet, heights, rng, 40, 13, 4, 7, mixing=6)
    _layer(photo, sheet, heights, rng, 25, 7.5, 2.2, 4.6, mixing=6, detail=0.05)
    _layer(photo, sheet, heights, rng, 14, 4.2, 1, 3, mixing=4, detail=0.14)
    _layer(photo, sheet, heights, rng, 8, 2.6, 0.5, 2.2, mixing=3, detail=0.32)
    heights = ndimage.gaussian_filter(heights, 0.45 * unit)
    shine = grain.light(heights, 1.1 * unit)
    return sheet * (0.45 + 0.55 * shine[..., None]) + 0.10 * step(shine, 1.25, 1.9)[..., None]


def swirls(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Long, rhythmic, pure strokes that turn with the forms, in the manner of Arles."""
    unit = photo.unit
    lab = to_lab(photo.colours)
    lab[..., 1:] *= 1.7
    lab[..., 2] += np.where(lab[..., 0] > 55, 7, -10)  # warm light, blue shade
    photo.colours = from_lab(lab)
    turning = 0.55 * grain.noise(photo.shape, 60 * unit, rng)
    photo.directions = photo.directions + turning.astype(np.float32)
    sheet = np.ones((*photo.shape, 3), np.float32) * rgb("26365e")
    heights = np.zeros(photo.shape, np.float32)
    _layer(photo, sheet, heights, rng, 26, 5, 2.5, 5.4, mixing=9, dry=0.3, bend=0.22)
    _layer(photo, sheet, heights, rng, 18, 3.1, 1.3, 3.7, mixing=9, dry=0.2, bend=0.22)
    _layer(photo, sheet, heights, rng, 10, 2.2, 0.6, 2.4, mixing=7, dry=0.1, detail=0.12)
    outline = photo.lines(1.1, 1.2)
    sheet = blend(sheet, rgb("1c2450"), 0.75 * outline)
    shine = grain.light(ndimage.gaussian_filter(heights, 0.4 * unit), 1.0 * unit)
    return sheet * (0.5 + 0.5 * shine[..., None])


def knife(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Broad smears of a palette knife, flat in the middle and with a ridge at their sides."""
    unit = photo.unit
    photo.colours = saturate(photo.colours, 1.35)
    photo.directions = np.round(photo.directions / (np.pi / 5)) * np.float32(np.pi / 5)
    sheet = np.ones((*photo.shape, 3), np.float32) * rgb("d8cdbb")
    heights = np.zeros(photo.shape, np.float32)
    _layer(photo, sheet, heights, rng, 52, 30, 6, 13, mixing=6, dry=0.12, bend=0.02)
    _layer(photo, sheet, heights, rng, 30, 18, 3, 8, mixing=7, dry=0.2, bend=0.02, detail=0.06)
    _layer(photo, sheet, heights, rng, 16, 9, 1.2, 5, mixing=6, dry=0.2, bend=0.02, detail=0.2)
    shine = grain.light(ndimage.gaussian_filter(heights, 0.7 * unit), 2.2 * unit)
    return sheet * (0.55 + 0.45 * shine[..., None]) + 0.14 * step(shine, 1.3, 1.9)[..., None]


def pointillism(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Dots of unmixed colours that the eye mixes: light in warm ones, shade in their complements."""
    unit = photo.unit
    lab = to_lab(photo.blurred(0.7))
    lab[..., 0] = 22 + 0.78 * lab[..., 0]
    lab[..., 1:] *= 1.35
    sheet = np.ones((*photo.shape, 3), np.float32) * rgb("efe6d2")
    for spacing, size, spread in ((4.0, 7.5, 8), (3.6, 5.6, 14), (3.6, 4.6, 22)):
        places = stamps.scatter(photo.shape, spacing * unit, rng)
        mixed = stamps.at(lab, places)
        hue = np.arctan2(mixed[:, 2], mixed[:, 1])
        turn = hue + rng.choice([-0.6, 0, 0.6, np.pi], len(places), p=[0.25, 0.42, 0.25, 0.08])
        strength = np.hypot(mixed[:, 1], mixed[:, 2]) + spread * rng.uniform(0.1, 1, len(places))
        mixed[:, 1:] = strength[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
        mixed[:, 0] += rng.normal(0, 5, len(places))
        mixed[:, 2] += np.where(mixed[:, 0] > 60, 8, -14)
        marks = stamps.bristles(size * unit, 0.86 * size * unit, rng, 0.0, 0.0)
        stamps.lay(sheet, marks, places, stamps.at(photo.directions, places), from_lab(mixed), rng, 0.95)
    weave = grain.canvas(photo.shape, unit, rng)
    return sheet * (1 + 0.02 * weave[..., None])


STYLES = {
    "oil painting": look(oil),
    "swirling strokes": look(swirls),
    "palette knife": look(knife),
    "pointillism": look(pointillism),
}
