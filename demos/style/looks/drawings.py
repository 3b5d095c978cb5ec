"""Drawings: pencil, charcoal, chalk, coloured pencils, pastel, ball pen, a clean line."""

import numpy as np
from scipy import ndimage

from demos.style.looks import grain, hatch, stamps
from demos.style.looks.inks import blend, from_lab, rgb, saturate, step, to_lab, vary
from demos.style.looks.photo import Photo, look


def _unsteady(lines: np.ndarray, photo: Photo, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Lines (h, w) drawn again by a hand that is `amount` units off."""
    return grain.sample(lines, grain.wobble(photo.shape, 18 * photo.unit, amount * photo.unit, rng))


def pencil(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Graphite: contours searched twice, and layers of hatching, pressed harder where it is dark."""
    unit, dark = photo.unit, 1 - ndimage.gaussian_filter(photo.tone, 0.8 * photo.unit)
    tooth = grain.paper(photo.shape, 0.7 * unit, rng)
    graphite = np.zeros(photo.shape, np.float32)
    for angle, start, weight in ((-0.8, 0.2, 0.5), (-0.55, 0.45, 0.5), (0.35, 0.62, 0.55), (-1.1, 0.8, 0.5)):
        lines = hatch.rule(photo.shape, 2.7 * unit, angle, rng, 0.5, 22)
        share = step(dark + 0.07 * lines.pressure, start, start + 0.35)
        graphite += weight * share * step(lines.across, 0.85, 0.15) * (0.75 + 0.3 * np.tanh(lines.pressure))
    contour = photo.lines(0.8, 1.1)
    graphite += 0.75 * _unsteady(contour, photo, 0.7, rng) + 0.45 * _unsteady(contour, photo, 1.6, rng)
    graphite += 0.3 * step(dark, 0.55, 1.0) + 0.1 * step(dark, 0.2, 0.7)
    ink = np.clip(graphite, 0, 1.25) * (0.78 + 0.3 * np.tanh(tooth))
    return blend(rgb("f5f2e9") * (1 + 0.012 * tooth[..., None]), rgb("34343a"), np.clip(ink, 0, 0.95))


def charcoal(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Soft black on grey paper: rubbed tones, broad strokes of the stick, lights taken out and heightened."""
    unit = photo.unit
    soft = ndimage.gaussian_filter(photo.tone, 1.6 * unit)
    tooth = grain.paper(photo.shape, 0.9 * unit, rng)
    smear = hatch.flowing(photo.directions, 5 * unit, 34 * unit, rng) - 0.5
    dark = step(1 - soft + 0.16 * smear, 0.24, 1.02)
    stick = step(dark * 1.75 + 0.24 * tooth, 0.45, 1.25)
    line = _unsteady(photo.lines(1.3, 1.1), photo, 1.0, rng)
    black = np.clip(0.36 * dark + 0.66 * stick * dark + line * step(tooth, -1.5, -0.2) * 0.9, 0, 1)
    sheet = rgb("cfc6b8") * (1 + 0.025 * tooth[..., None])
    sheet = blend(sheet, rgb("f7f2e8"), step(soft + 0.10 * smear, 0.74, 1.0) * step(tooth, -1.6, 0.6) * 0.95)
    return blend(sheet, rgb("1b1918"), 0.96 * black)


def chalk(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """White chalk on a blackboard that has been wiped: lights in strokes, contours, dust."""
    unit = photo.unit
    tooth = grain.paper(photo.shape, 0.6 * unit, rng)
    soft = ndimage.gaussian_filter(photo.tone, 0.9 * unit)
    edge = np.clip(ndimage.gaussian_gradient_magnitude(photo.tone, 1.2 * unit) * 9 * unit, 0, 1)
    white = np.zeros(photo.shape, np.float32)
    for angle, start, spacing in ((-0.9, 0.22, 4.4), (-0.72, 0.5, 3.8), (-0.5, 0.78, 4.4)):
        lines = hatch.rule(photo.shape, spacing * unit, angle, rng, 0.7, 10)
        share = step(soft + 0.1 * lines.pressure, start, start + 0.3)
        white += 0.6 * share * step(lines.across, 0.95, 0.2)
    white = 0.62 * white + 0.16 * step(soft, 0.3, 1.0) + 1.1 * _unsteady(step(edge, 0.25, 0.8), photo, 0.8, rng)
    grains = step(0.8 * tooth + 2.4 * np.clip(white, 0, 1.3), 0.3, 1.9)
    dust = (
        0.05
        + 0.05 * step(grain.clouds(photo.shape, 60 * unit, rng), -1, 2)
        + 0.10 * ndimage.gaussian_filter(white, 7 * unit)
    )
    board = rgb("20262a") * (1 + 0.02 * tooth[..., None])
    hint = 0.8 * rgb("f4f1e6") + 0.2 * saturate(photo.blurred(3), 1.3) ** 0.5
    return blend(board, hint, np.clip(dust + grains * np.clip(white + 0.15, 0, 1), 0, 0.97))


def coloured_pencils(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Three coloured pencils a place, hatched over each other on white paper that shines through."""
    unit = photo.unit
    tooth = grain.paper(photo.shape, 0.55 * unit, rng)
    lab = to_lab(saturate(photo.blurred(0.7), 1.3))
    sheet = np.ones((*photo.shape, 3), np.float32) * rgb("faf8f2")
    turned = np.round(photo.directions / 0.6) * 0.6
    for shift, angle, spacing in ((-22, -0.75, 3.8), (18, -0.4, 3.4), (0, -1.1, 3.0)):
        lines = hatch.rule(photo.shape, spacing * unit, angle, rng, 0.5, 16, bend=0.8 * np.cos(2 * turned))
        pencil = lab + np.float32([0, shift, -shift])
        pencil[..., 0] = np.minimum(pencil[..., 0] + 4, 88)
        press = np.clip(1.15 - lab[..., 0] / 115, 0.12, 1) + 0.10 * np.tanh(lines.pressure)
        wax = press * (0.12 + 0.88 * step(lines.across, 0.95, 0.25)) * step(tooth + 3.2 * press, 0.0, 2.4)
        sheet = sheet * (1 - np.clip(wax, 0, 0.92)[..., None] * (1 - from_lab(pencil)) * 1.05)
    line = _unsteady(photo.lines(0.9), photo, 0.6, rng) * step(tooth, -2.2, 0)
    return blend(sheet, from_lab(lab * np.float32([0.3, 0.7, 0.7])), 0.7 * line)


def pastel(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Soft pastel on blue-grey paper: dry strokes, one way, with the colour of the paper between them."""
    unit = photo.unit
    tooth = grain.paper(photo.shape, 0.7 * unit, rng)
    lab = to_lab(photo.blurred(0.8))
    lab = lab * np.float32([0.80, 1.25, 1.25]) + np.float32([17, 1, 2])
    source = from_lab(lab)
    ground = rgb("7f8794") * (1 + 0.03 * tooth[..., None])
    sheet = ground.copy()
    for length, width, spacing, detail in ((34, 9, 6.5, 0), (20, 5, 4.0, 0), (9, 2.6, 2.0, 0.05)):
        places = stamps.scatter(photo.shape, spacing * unit, rng)
        if detail:
            busy = ndimage.gaussian_gradient_magnitude(photo.tone, unit) * unit
            places = places[stamps.at(busy, places) > detail * rng.uniform(0.4, 1.6, len(places))]
        own, common = stamps.at(photo.directions, places), -0.95
        angles = np.where(np.abs(np.sin(own - common)) < 0.75, own, common)
        angles = np.where(rng.random(len(places)) < 0.35, own, angles) + rng.normal(0, 0.12, len(places))
        marks = stamps.bristles(length * unit, width * unit, rng, 0.42, 0.05)
        stamps.lay(sheet, marks, places, angles, vary(stamps.at(source, places), 5, rng), rng, 0.9)
    return blend(ground, sheet, 0.35 + 0.65 * step(tooth, -1.9, -0.2))


def ball_pen(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Blue ball pen on squared paper: scribbles that go over each other until it is dark."""
    unit = photo.unit
    dark = 1 - ndimage.gaussian_filter(photo.tone, 1.0 * unit)
    ink = np.zeros(photo.shape, np.float32)
    for turn in range(7):
        angle = -0.7 + 0.5 * (turn % 3 - 1) + 0.1 * turn
        lines = hatch.rule(photo.shape, (3.4 - 0.15 * turn) * unit, angle, rng, 0.8, 26)
        start = 0.16 + 0.115 * turn
        share = step(dark + 0.06 * lines.pressure, start, start + 0.05)
        ink += share * step(lines.across, 0.62, 0.28) * (0.55 + 0.12 * np.tanh(lines.pressure))
    line = photo.lines(0.7, 1.1)
    ink += 0.8 * _unsteady(line, photo, 0.8, rng) + 0.5 * _unsteady(line, photo, 1.8, rng)
    y, x = np.mgrid[: photo.shape[0], : photo.shape[1]].astype(np.float32)
    squares = np.maximum(*(step(np.abs(v / (13 * unit) % 1 - 0.5), 0.46, 0.49) for v in (x + 5, y + 9)))
    page = blend(np.ones((*photo.shape, 3), np.float32) * rgb("fbfaf5"), rgb("a9c3dc"), 0.55 * squares)
    covered = 1 - np.exp(-1.25 * ink)
    return page * (1 - covered[..., None] * (1 - rgb("1c2f96")))


def line_art(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Brush pen: a clean contour that swells, solid blacks, white paper."""
    unit = photo.unit
    fine, bold = photo.lines(0.9, 1.2), photo.lines(1.9, 1.1)
    soft = photo.simplified(3.5) @ np.float32([0.299, 0.587, 0.114])
    black = step(ndimage.gaussian_filter(soft, 1.0 * unit), 0.17, 0.13)
    ink = np.maximum(step(fine, 0.3, 0.7), step(bold, 0.35, 0.65))
    ink = np.maximum(step(ndimage.gaussian_filter(ink, 0.5 * unit), 0.3, 0.5), black)
    return blend(np.ones((*photo.shape, 3), np.float32) * rgb("fdfcf8"), rgb("14130f"), ink)


STYLES = {
    "pencil": look(pencil),
    "charcoal": look(charcoal),
    "chalk on black": look(chalk),
    "coloured pencils": look(coloured_pencils),
    "pastel": look(pastel),
    "ball pen": look(ball_pen),
    "line art": look(line_art),
}
