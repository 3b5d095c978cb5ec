"""Prints from wood, lino and copper: what is cut away stays paper, or what is cut takes the ink."""

import numpy as np
from scipy import ndimage

from demos.style.looks import flow, grain, hatch, inks
from demos.style.looks.inks import GREY, blend, rgb, rgbs, saturate, step
from demos.style.looks.photo import Photo, look


def _sheet(photo: Photo, colour: np.ndarray, rng: np.random.Generator, rough: float = 0.015) -> np.ndarray:
    """Paper of this colour (3,), a little uneven."""
    return colour * (1 + rough * grain.paper(photo.shape, 0.8 * photo.unit, rng)[..., None])


def _crisp(mask: np.ndarray, size: float) -> np.ndarray:
    """A mask (h, w) with rounded corners and a firm edge, as a knife cuts it."""
    return step(ndimage.gaussian_filter(mask.astype(np.float32), size), 0.38, 0.62)


def _pressed(ink: np.ndarray, photo: Photo, rng: np.random.Generator, holes: float = 2.1) -> np.ndarray:
    """Ink (h, w) as a hand press gives it: thinner in clouds, with specks of paper where it did not take."""
    unit = photo.unit
    patchy = grain.clouds(photo.shape, 50 * unit, rng)
    specks = grain.noise(photo.shape, 1.1 * unit, rng) + 0.35 * patchy
    return ink * (0.95 + 0.03 * patchy) * step(specks, holes + 0.5, holes - 0.1)


def woodcut(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Black areas with lights gouged out along the forms, on cream paper; the grain of the plank prints along."""
    unit = photo.unit
    tone = ndimage.gaussian_filter(photo.simplified(2) @ GREY, 0.8 * unit)
    tone = hatch.rank(tone) * 0.4 + tone * 0.6
    lines = hatch.flowing(photo.directions, 4.4 * unit, 50 * unit, rng)
    cut = 0.24 + 0.8 * step(tone, 0.0, 0.84)
    ink = step(lines * 0.86 + 0.07, cut - 0.05, cut + 0.05)
    ink = np.maximum(ink, step(tone, 0.1, 0.08)) * step(tone, 0.9, 0.86)
    ink = np.maximum(ink, step(photo.lines(1.3, 1.2), 0.35, 0.65))
    ink = _crisp(ink, 0.5 * unit)
    plank = ndimage.gaussian_filter1d(grain.noise(photo.shape, 1.3 * unit, rng), 24 * unit, axis=1)
    ink = ink * step(plank / plank.std(), 2.7, 2.2)
    return blend(_sheet(photo, rgb("efe4c9"), rng), rgb("17130f"), 0.97 * _pressed(ink, photo, rng, 2.6))


LINO_INKS = ["f4ead2 e08a3c 1f2f4f", "f3ecd8 4fa39a 23262e", "f6ecd6 d9584a 2a2233"]


def linocut(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Two colours from one block, cut further between them: broad forms, and ridges that the gouge left standing."""
    unit = photo.unit
    light, middle, dark = rgbs(rng.choice(LINO_INKS))
    tone = ndimage.gaussian_filter(photo.simplified(5) @ GREY, 1.6 * unit)
    tone = hatch.rank(tone) * 0.5 + tone * 0.5
    ridges = hatch.flowing(photo.directions + 0.35, 6.5 * unit, 22 * unit, rng)
    broken = step(grain.noise(photo.shape, 9 * unit, rng), -0.2, 0.3)
    first = step(tone, 0.74, 0.72)
    edge_of_light = step(tone, 0.95, 0.72)
    first = np.maximum(first, step(ridges, 0.16, 0.12) * broken * edge_of_light)
    second = step(tone, 0.40, 0.38)
    gouged = step(ridges, 0.32, 0.36) * step(tone, 0.22, 0.40)
    second = np.maximum(second * (1 - gouged), step(photo.lines(2.2, 0.9), 0.4, 0.6))
    second = np.maximum(second, step(tone, 0.25, 0.24))
    one = _pressed(_crisp(first, 0.7 * unit), photo, rng, 2.4)
    two = _pressed(_crisp(second, 0.7 * unit), photo, rng, 2.4)
    two = ndimage.shift(two, rng.uniform(-1.2, 1.2, 2) * unit, order=1, mode="nearest")
    return blend(blend(_sheet(photo, light, rng), middle, one), dark, 0.96 * two)


def etching(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Needle lines bitten into copper, crossed where it is dark, in sepia ink with a film of plate tone."""
    unit = photo.unit
    dark = 1 - ndimage.gaussian_filter(photo.tone, 0.7 * unit)
    dark = 0.6 * dark + 0.4 * hatch.rank(dark)
    form = 1.6 * ndimage.gaussian_filter(photo.tone, 9 * unit)
    ink = np.zeros(photo.shape, np.float32)
    for angle, start, spacing in ((-0.78, 0.16, 2.1), (0.66, 0.42, 2.1), (-0.05, 0.62, 1.9), (1.4, 0.8, 1.8)):
        lines = hatch.rule(photo.shape, spacing * unit, angle, rng, 0.35, 18, bend=form)
        share = step(dark + 0.05 * lines.pressure, start, start + 0.42)
        ink = np.maximum(ink, lines.draw(0.62 * share, 0.45) * (0.85 + 0.15 * np.tanh(lines.pressure)))
    ink = np.maximum(ink, 0.9 * step(photo.lines(0.75, 1.1), 0.2, 0.8))
    film = 0.09 + 0.05 * grain.clouds(photo.shape, 70 * unit, rng) + 0.10 * ndimage.gaussian_filter(ink, 3 * unit)
    return blend(_sheet(photo, rgb("f3ead6"), rng), rgb("2e1d12"), np.clip(0.9 * ink + film * (1 - ink), 0, 1))


def engraving(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """The burin's lines of a banknote: they swell with the shade and bend around the forms, in deep green."""
    unit = photo.unit
    dark = 1 - ndimage.gaussian_filter(photo.tone, 0.9 * unit)
    dark = 0.65 * dark + 0.35 * hatch.rank(dark)
    form = ndimage.gaussian_filter(photo.tone, 4.5 * unit)
    first = hatch.rule(photo.shape, 3.4 * unit, 0.45, rng, 0.05, 40, bend=3.4 * form)
    second = hatch.rule(photo.shape, 3.4 * unit, -0.55, rng, 0.05, 40, bend=-2.4 * form)
    ink = first.draw(np.clip(0.05 + 0.92 * dark, 0.0, 0.92), 0.4)
    ink = np.maximum(ink, second.draw(0.95 * step(dark, 0.5, 1.25), 0.4))
    dots = first.across + 0.45 * step(second.across, 0.35, 0.6)
    ink = np.where(dark < 0.32, np.maximum(step(0.40 - dots, 0.0, 0.3) * step(dark, 0.05, 0.14), 0), ink)
    ink = np.maximum(ink, step(photo.lines(0.9, 1.0), 0.3, 0.7))
    return blend(_sheet(photo, rgb("eef0e2"), rng, 0.01), rgb("173b2f"), 0.95 * ink)


def ukiyo_e(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Flat water colours from cherry-wood blocks, graded by hand at the top, under an indigo key line."""
    unit = photo.unit
    smooth = flow.simplify(photo.simplified(5), 4 * unit)
    palette = inks.choose_palette(saturate(smooth, 1.15), 9, rng)
    area = inks.nearest(smooth, palette)
    palette = palette * np.float32([0.66, 0.62, 0.62]) + np.float32([29, 0, 5])  # mineral and plant colours on washi
    palette[:, 0] = np.linspace(min(palette[0, 0], 34), max(palette[-1, 0], 90), len(palette))
    flat = inks.from_lab(palette)[area]
    flat = ndimage.gaussian_filter(flat, (0.6 * unit, 0.6 * unit, 0))
    height = np.linspace(0, 1, photo.shape[0], dtype=np.float32)[:, None]
    grade = step(height + 0.02 * grain.noise(photo.shape, 40 * unit, rng), 0.34, 0.0)
    light = step(flat @ GREY, 0.5, 0.85)
    flat = flat * (1 - (0.75 * grade * light)[..., None] * (1 - rgb("4a6d94")))
    plank = ndimage.gaussian_filter1d(grain.noise(photo.shape, 1.6 * unit, rng), 30 * unit, axis=1)
    tooth = grain.paper(photo.shape, 0.8 * unit, rng)
    flat = flat * (1 + 0.035 * (plank / plank.std())[..., None] * (1 - light[..., None]) + 0.022 * tooth[..., None])
    line = step(ndimage.gaussian_filter(photo.lines(1.25, 0.9), 0.4 * unit), 0.3, 0.6)
    sheet = blend(rgb("f0e4c8") * (1 + 0.02 * tooth[..., None]), flat, np.float32(0.93) + 0 * tooth)
    return blend(sheet, rgb("22283a"), 0.9 * line * step(tooth, 3.2, 2.0))


STYLES = {
    "woodcut": look(woodcut),
    "linocut": look(linocut),
    "etching": look(etching),
    "engraving": look(engraving),
    "ukiyo-e": look(ukiyo_e),
}
