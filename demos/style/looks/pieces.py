"""Pictures put together of pieces: mosaic, stained glass, triangles, facets, cut paper, pixels, bricks."""

import numpy as np
from scipy import ndimage
from scipy.spatial import Delaunay
from skimage.segmentation import slic

from demos.style.looks import cells, flow, grain, hatch, inks
from demos.style.looks.inks import GREY, blend, from_lab, rgb, saturate, step, to_lab, vary
from demos.style.looks.photo import FINE, Photo, look


def mosaic(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Stone and glass tesserae set in mortar along the forms, each tilted a little."""
    unit = photo.unit
    tiles = cells.tile(photo.shape, 7.2 * unit, flow.smooth_angles(photo.directions, 5 * unit), rng, 7)
    count = len(tiles.seeds)
    colours = cells.means(saturate(photo.simplified(2), 1.3), tiles.label, count)
    colours = vary(colours, 5, rng)
    tilt = rng.normal(0, 0.012 / unit, (2, count)).astype(np.float32)
    gleam = 1 + tilt[0][tiles.label] * tiles.u + tilt[1][tiles.label] * tiles.v + 6 * unit * tilt[0][tiles.label]
    stone = 1 + 0.035 * grain.noise(photo.shape, 1.4 * unit, rng)
    joint = tiles.joint + 0.15 * unit * grain.noise(photo.shape, 2.5 * unit, rng)
    bevel = grain.light(ndimage.gaussian_filter(np.minimum(joint, 1.6 * unit), 0.4 * unit), 0.32)
    sheet = colours[tiles.label] * (gleam * stone * (0.25 + 0.75 * bevel))[..., None]
    mortar = rgb("8f8676") * (0.72 + 0.05 * grain.noise(photo.shape, unit, rng))[..., None]
    return blend(mortar, sheet, step(joint, 0.2 * unit, 0.6 * unit))


def stained_glass(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Panes of glowing glass, streaked and uneven, in lead."""
    unit = photo.unit
    source = photo.simplified(4)
    label = slic(source[::FINE, ::FINE], 150, compactness=9, sigma=1.5, start_label=0, max_num_iter=5)
    label = label.repeat(FINE, 0).repeat(FINE, 1)
    label = grain.sample(label.astype(np.float32), grain.wobble(photo.shape, 9 * unit, 0.6 * unit, rng).round())
    label = label.round().astype(int)
    lab = to_lab(cells.means(source, label, label.max() + 1))
    lab = lab * np.float32([0.92, 1.75, 1.75]) + rng.normal(0, 4, lab.shape) + np.float32([4, 0, 0])
    glass = from_lab(lab)[label]
    near = cells.borders(label, 0.9 * unit)
    streaks = grain.sample(
        grain.clouds(photo.shape, 22 * unit, rng), grain.wobble(photo.shape, 30 * unit, 12 * unit, rng)
    )
    bubbles = step(grain.noise(photo.shape, 1.5 * unit, rng), 2.3, 3)
    glow = 0.84 + 0.09 * streaks + 0.28 * step(near, 1.5 * unit, 9 * unit) + 0.25 * bubbles
    y, x = np.mgrid[-1 : 1 : photo.shape[0] * 1j, -1 : 1 : photo.shape[1] * 1j].astype(np.float32)
    glow = glow * (1.12 - 0.28 * np.hypot(x + 0.2, y + 0.3))
    glass = 1 - (1 - glass * 0.96) ** glow[..., None]
    lead = np.clip(2.3 * unit - near, 0, 2 * unit)
    metal = rgb("2b2c31") * np.clip(grain.light(ndimage.gaussian_filter(lead, 0.4 * unit), 1.2), 0.4, 2.4)[..., None]
    return blend(glass, metal, step(near, 1.95 * unit, 1.45 * unit))


def low_poly(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Flat triangles, small where there are details, lit as if they were folded paper."""
    unit, (height, width) = photo.unit, photo.shape
    edges = ndimage.gaussian_gradient_magnitude(photo.simplified(2) @ GREY, 1.5 * unit) * unit
    chance = ndimage.gaussian_filter(edges, 1.5 * unit) ** 0.8 + 0.012
    total = np.cumsum(chance.ravel(), dtype=float)
    picks = np.searchsorted(total, rng.random(900) * total[-1]).clip(0, chance.size - 1)
    points = np.stack(np.unravel_index(picks, chance.shape), 1) + rng.random((900, 2))
    close = np.unique((points / (4.5 * unit)).astype(int), axis=0, return_index=True)[1]
    edge = np.linspace(0, 1, 9)
    frame = [(s * height, t * width) for s in edge for t in edge if {s, t} & {0.0, 1.0}]
    corners = np.concatenate([points[close], frame]) + rng.normal(0, 1e-3, (len(close) + len(frame), 2))
    triangles = Delaunay(corners)
    label = cells.fill((height, width), corners[triangles.simplices])
    colours = to_lab(cells.means(saturate(photo.colours, 1.25), label, len(triangles.simplices)))
    colours[:, 0] += rng.normal(0, 3.0, len(colours))
    return from_lab(colours)[label]


def cubist(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """The thing from several sides at once: shifted planes in ochre, umber and grey, shaded from one edge."""
    unit, shape = photo.unit, photo.shape
    label = cells.split(shape, 30, (0.45, -0.5, 1.25, -1.1), rng)
    count = label.max() + 1
    places = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    sizes = np.bincount(label.ravel(), minlength=count)
    middles = np.stack([np.bincount(label.ravel(), axis.ravel(), count) / np.maximum(sizes, 1) for axis in places])
    middles = middles.astype(np.float32)[:, label]
    turn = rng.normal(0, 0.20, count).astype(np.float32)[label]
    zoom = rng.uniform(0.78, 1.12, count).astype(np.float32)[label]
    dy, dx = (places - middles) * zoom
    shift = rng.normal(0, 6 * unit, (2, count)).astype(np.float32)[:, label]
    moved = np.stack([dy * np.cos(turn) + dx * np.sin(turn), dx * np.cos(turn) - dy * np.sin(turn)]) + middles + shift
    lab = to_lab(grain.sample(flow.simplify(photo.simplified(3), 3 * unit), moved))
    lab = lab * np.float32([0.78, 0.72, 0.72]) + np.float32([17, 2, 9])
    angle = rng.uniform(-np.pi, np.pi, count)[label]
    slope = (np.cos(angle) * (places[1] - middles[1]) + np.sin(angle) * (places[0] - middles[0])) / (20 * unit)
    hatched = hatch.flowing(angle.astype(np.float32) + np.float32(np.pi / 2), 2.6 * unit, 9 * unit, rng) - 0.5
    lab[..., 0] += 15 * np.tanh(slope) + 8 * hatched + rng.normal(0, 3, count)[label]
    sheet = from_lab(lab)
    near = cells.borders(label, 0.3 * unit)
    fade = 0.42 + 0.28 * grain.noise(shape, 26 * unit, rng)
    sheet = blend(sheet, rgb("221a14"), np.clip(fade, 0.1, 0.85) * step(near, 1.3 * unit, 0.3 * unit))
    lines = grain.sample(photo.lines(1.5, 0.9), moved)
    sheet = blend(sheet, rgb("2a1e15"), 0.6 * lines)
    return sheet * (1 + 0.03 * grain.canvas(shape, unit, rng)[..., None])


def paper_cut(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Coloured card cut with a knife, in layers that throw shadows on each other."""
    unit = photo.unit
    smooth = flow.simplify(photo.simplified(4), 3 * unit)
    palette, area = inks.quantize(saturate(smooth, 1.4), 7, rng)
    colours = from_lab(palette * np.float32([1, 1.15, 1.15]))
    sheet = np.ones((*photo.shape, 3), np.float32) * colours[-1]
    sheet = sheet * (1 + 0.015 * grain.paper(photo.shape, unit, rng)[..., None])
    for number in range(len(palette) - 2, -1, -1):
        colour = colours[number]
        mask = step(ndimage.gaussian_filter((area <= number).astype(np.float32), 1.2 * unit), 0.44, 0.56)
        shadow = ndimage.gaussian_filter(mask, 2.6 * unit)
        shadow = ndimage.shift(shadow, (2.6 * unit, 2.0 * unit), order=1, mode="nearest")
        sheet = sheet * (1 - 0.52 * (shadow * (1 - mask))[..., None])
        card = colour * (1 + 0.03 * grain.paper(photo.shape, unit, rng)[..., None])
        rim = np.clip(mask - ndimage.shift(mask, (0.9 * unit, 0.9 * unit), order=1, mode="nearest"), 0, 1)
        sheet = blend(sheet, card + 0.16 * rim[..., None], mask)
    return sheet


def pixel_art(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Sixteen colours in large squares, dithered, with dark contours, as an early home computer showed them."""
    size = FINE * max(1, round(2 * photo.unit))
    label, _, _ = cells.grid(photo.shape, size)
    count, across = label.max() + 1, -(-photo.shape[1] // size)
    source = saturate(photo.simplified(1.2), 1.4)
    small = cells.means(source, label, count).reshape(-1, across, 3)
    palette = inks.choose_palette(small, 16, rng)
    bayer = np.float32([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.47
    dither = np.tile(bayer, (-(-small.shape[0] // 4), -(-across // 4)))[: small.shape[0], :across]
    line = cells.means(photo.lines(2.2, 0.8)[..., None].repeat(3, 2), label, count)[:, 0].reshape(small.shape[:2])
    small = small * (1 - 0.6 * step(line, 0.3, 0.7))[..., None] + 0.085 * dither[..., None]
    return from_lab(palette)[inks.nearest(np.clip(small, 0, 1), palette)].reshape(-1, 3)[label]


def bricks(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Toy bricks seen from above: round studs, shining plastic, few bright colours."""
    size = FINE * max(3, round(3 * photo.unit))
    label, v, u = cells.grid(photo.shape, size)
    count, across = label.max() + 1, -(-photo.shape[1] // size)
    small = cells.means(saturate(photo.colours, 1.45), label, count).reshape(-1, across, 3)
    palette, plate = inks.quantize(small, 18, rng)
    plates = from_lab(palette * np.float32([1, 1.12, 1.12]))[plate].reshape(-1, 3)
    r = np.hypot(u - 0.5, v - 0.5)
    stud = step(r, 0.36, 0.30)
    shine = grain.light(ndimage.gaussian_filter(stud, size / 18), 0.16 * size)
    shadow = step(np.hypot(u - 0.6, v - 0.62), 0.42, 0.26) * (1 - stud)
    edge = step(np.minimum(np.minimum(u, 1 - u), np.minimum(v, 1 - v)), 0.0, 0.07)
    bright = (0.82 + 0.18 * edge) * (1 - 0.36 * shadow) * np.clip(0.3 + 0.7 * shine, 0.4, 1.6)
    sheet = plates[label] * bright[..., None]
    return sheet + 0.16 * (step(np.hypot(u - 0.41, v - 0.4), 0.11, 0.03))[..., None] + 0.02


STYLES = {
    "mosaic": look(mosaic),
    "stained glass": look(stained_glass),
    "low poly": look(low_poly),
    "cubist facets": look(cubist),
    "paper cut-out": look(paper_cut),
    "pixel art": look(pixel_art),
    "toy bricks": look(bricks),
}
