"""Needle, loom, workshop: cross-stitch, embroidery, knitting, wood inlay, bronze, neon tubes."""

import numpy as np
from scipy import ndimage

from demos.style.looks import cells, flow, grain, hatch, inks
from demos.style.looks.inks import GREY, blend, from_lab, rgb, saturate, step, tint, to_lab, vary
from demos.style.looks.photo import FINE, Photo, look


def _yarns(photo: Photo, label: np.ndarray, across: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """The colour of each stitch (n, 3), of `count` yarns."""
    rows = label.max() // across + 1
    small = cells.means(saturate(photo.colours, 1.35), label, rows * across).reshape(rows, across, 3)
    palette, yarn = inks.quantize(small, count, rng)
    return from_lab(palette)[yarn].reshape(-1, 3)


def cross_stitch(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Crosses of stranded cotton, counted on white linen with its holes."""
    size = FINE * max(3, round(3 * photo.unit))
    label, v, u = cells.grid(photo.shape, size)
    yarns = vary(_yarns(photo, label, -(-photo.shape[1] // size), 22, rng), 2, rng)
    wobbling = rng.normal(0, 0.03, label.max() + 1)[label]
    linen = rgb("efe9dc") * (1 + 0.05 * grain.canvas(photo.shape, 0.5 * photo.unit, rng)[..., None])
    hole = step(np.hypot(u - np.round(u), v - np.round(v)), 0.13, 0.05)
    sheet = blend(linen, rgb("6d6558"), 0.7 * hole)
    for sign in (-1, 1):
        off = (v - 0.5) - sign * (u - 0.5) + wobbling
        along = (u - 0.5) + sign * (v - 0.5)
        thread = step(np.abs(off), 0.42, 0.32) * step(np.abs(along), 1.0, 0.86)
        round_ = np.sqrt(np.clip(1 - (off / 0.44) ** 2, 0, 1))
        strands = 0.06 * np.cos(2 * np.pi * (off * 5.5 + along * 1.2))
        shade = (0.5 + 0.6 * round_ + strands - 0.22 * np.abs(along) ** 2)[..., None]
        shadow = step(np.abs(off), 0.5, 0.3)
        sheet = blend(sheet * (1 - 0.4 * shadow[..., None]), np.clip(yarns[label] * shade + 0.03, 0, 1), thread)
    return sheet


def embroidery(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Satin stitches of silk over padded forms on linen; each direction shines in another way."""
    unit = photo.unit
    source = saturate(flow.simplify(photo.simplified(3), 3 * unit), 1.45)
    palette, area = inks.quantize(source, 13, rng)
    angles = flow.smooth_angles(photo.directions, 9 * unit) + np.float32(np.pi / 2)
    turn = np.round(angles / (np.pi / 6)).astype(int) % 6
    y, x = np.mgrid[: photo.shape[0], : photo.shape[1]].astype(np.float32) / unit
    y, x = y + 0.25 * grain.noise(photo.shape, 8 * unit, rng), x + 0.25 * grain.noise(photo.shape, 8 * unit, rng)
    cos, sin = np.cos(turn * np.float32(np.pi / 6)), np.sin(turn * np.float32(np.pi / 6))
    place, along = (y * cos - x * sin) / 1.7, (x * cos + y * sin) / 13
    thread = np.round(place)
    along = along + (thread * 0.618) % 1
    stitch = (thread * 31 + np.floor(along) * 17 + turn * 7).astype(int) % 997
    across, end = np.abs(place - thread) * 2, np.abs(along % 1 - 0.5) * 2
    silk = from_lab(palette[area] + rng.normal(0, 2.6, (997, 1)).astype(np.float32)[stitch])
    piece = area * 6 + turn
    pad = np.minimum(cells.borders(piece, 0.4 * unit), 3.2 * unit)
    padded = grain.light(ndimage.gaussian_filter(pad, 0.8 * unit), 0.6)
    sheen = np.float32([0.80, 0.95, 1.2, 1.1, 0.92, 0.84])[turn]
    shade = (0.42 + 0.66 * np.sqrt(np.clip(1 - across**2, 0, 1))) * sheen * (1 - 0.25 * step(end, 0.86, 1.0))
    sheet = silk * (shade * (0.45 + 0.55 * padded))[..., None]
    sheet = sheet + (0.10 * step(across, 0.5, 0.05) * step(end, 0.7, 0.1) * step(sheen, 0.9, 1.2))[..., None]
    return sheet * (1 - 0.35 * step(pad, 0.9 * unit, 0.2 * unit))[..., None]


def knitting(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """A jumper: stitches like a V, in wool of a dozen colours, with loose fibres."""
    wide = FINE * max(3, round(2.7 * photo.unit))
    y, x = np.mgrid[: photo.shape[0], : photo.shape[1]].astype(np.float32)
    u, v = x / wide, y / (0.8 * wide)
    u = u + 0.05 * grain.noise(photo.shape, 3 * wide, rng)
    side = u % 1 - 0.5
    lean = v - 1.05 * (0.5 - np.abs(side)) * 1.0
    row, column = np.floor(lean).astype(int) + 1, np.floor(u).astype(int)
    row, column = row - row.min(), column - column.min()
    across = column.max() + 1
    label = row * across + column

    yarns = _yarns(photo, label, across, 12, rng)
    within = lean % 1
    bulge = np.clip(1 - (2 * within - 1) ** 2, 0.02, 1) * np.clip(1 - (4 * np.abs(side) - 1) ** 2, 0.03, 1)
    ply = 0.10 * np.cos(2 * np.pi * (2.2 * within + 2.5 * np.abs(side)))
    fuzz = 0.10 * hatch.flowing(np.where(side > 0, 0.9, 2.2).astype(np.float32), 1.2 * photo.unit, 6 * photo.unit, rng)
    shade = 0.3 + 0.86 * bulge**0.4 + ply * np.sqrt(bulge) + fuzz - 0.05
    return yarns[label] * np.clip(shade, 0.1, 1.2)[..., None]


def marquetry(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Veneers of nine woods, from ebony to maple, each with its own grain, under varnish."""
    unit = photo.unit
    smooth = flow.simplify(photo.simplified(4), 4 * unit)
    tone = ndimage.gaussian_filter(smooth @ GREY, 1.0 * unit)
    tone = 0.5 * tone + 0.5 * hatch.rank(tone + 1e-4 * grain.noise(photo.shape, 30 * unit, rng))
    warm = ndimage.gaussian_filter(smooth[..., 0] - smooth[..., 2], 2 * unit)
    level = np.clip(tone * 5, 0, 4.99).astype(int) * 2 + (warm > np.median(warm))
    woods = ["2a1c16", "3a2418", "54361f", "6e3420", "86592f", "9c4f2a", "b88a52", "c9803f", "e6cc98", "e2b878"]
    angles = rng.uniform(0, np.pi, 10).astype(np.float32)
    weights = [ndimage.gaussian_filter((level == n).astype(np.float32), 0.9 * unit) for n in range(10)]
    piece = np.argmax(weights, 0)
    y, x = np.mgrid[: photo.shape[0], : photo.shape[1]].astype(np.float32) / unit
    sheet = np.zeros((*photo.shape, 3), np.float32)
    for number in np.unique(piece):
        cos, sin = np.cos(angles[number]), np.sin(angles[number])
        across, along = y * cos - x * sin, x * cos + y * sin
        figure = grain.noise((256, 256), 9, rng)
        bent = across + 2.2 * grain.sample(figure, np.stack([(across * 0.5) % 250, (along * 0.14) % 250]))
        rings = np.abs((bent / rng.uniform(3.5, 7)) % 1 - 0.5) * 2
        pores = grain.sample(figure, np.stack([(across * 5) % 250, (along * 0.5) % 250]))
        wood = 1 + 0.20 * (rings**2 - 0.4) + 0.055 * pores
        sheet = np.where((piece == number)[..., None], rgb(woods[number]) * wood[..., None], sheet)
    seam = step(cells.borders(piece, 0.3 * unit), 0.85 * unit, 0.2 * unit)
    sheet = blend(sheet, rgb("1d120b"), 0.7 * seam)
    gloss = np.exp(-(((x + 0.7 * y) / (x.max() + 0.7 * y.max()) - 0.35) ** 2) / 0.03)
    return sheet * 1.05 + 0.045 * gloss[..., None]


def bronze(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """A cast relief: bronze, polished where hands touch it, green in its hollows."""
    unit = photo.unit
    smooth = photo.simplified(2)
    base = smooth @ GREY
    heights = 5.5 * ndimage.gaussian_filter(base, 1.3 * unit) + 9 * ndimage.gaussian_filter(base, 6 * unit)
    heights -= 3.2 * ndimage.gaussian_filter(photo.lines(1.5, 0.9), 0.8 * unit)
    heights = (heights + 0.10 * grain.clouds(photo.shape, 5 * unit, rng)) * unit
    shade = grain.light(heights, 1.15)
    hollow = step(ndimage.gaussian_filter(heights, 5 * unit) - heights, -0.5 * unit, 1.6 * unit)
    metal = tint(np.clip(0.50 * shade + 0.22 * base - 0.16, 0, 1), "140c06", "4a2e16", "8a5a2a", "cf9a55", "ffe6ae")
    patina = np.clip(hollow * 0.75 + 0.16 * grain.clouds(photo.shape, 30 * unit, rng) - 0.16, 0, 0.8)
    green = rgb("4f8f7c") * np.clip(0.35 + 0.5 * shade, 0.15, 1.3)[..., None]
    glint = step(shade, 1.3, 1.7) * (1 - patina)
    return blend(metal, green, patina) + 0.22 * glint[..., None] * rgb("fff0c8")


def neon(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Bent glass tubes at night, on a brick wall that they light."""
    unit, shape = photo.unit, photo.shape
    edge = ndimage.gaussian_filter(photo.simplified(4) @ GREY, 1.0 * unit)
    slope = flow.follow(ndimage.gaussian_gradient_magnitude(edge, 1.2 * unit) * unit, photo.directions, 14 * unit, 2)
    crest = slope - ndimage.gaussian_filter(slope, 2.2 * unit)
    strong = step(slope, np.quantile(slope, 0.72), np.quantile(slope, 0.92) + 1e-6) * step(slope, 0.004, 0.02)
    tube = step(ndimage.gaussian_filter(step(crest, 0.0015, 0.006) * strong, 0.6 * unit), 0.4, 0.75)
    lab = to_lab(photo.blurred(5))
    hue = np.arctan2(lab[..., 2], lab[..., 1]) + 0.25 * rng.normal()
    gas = np.stack([rgb(code) for code in "ff2d6f ff8a1f ffe14a 3dff8e 21d4ff 7a5cff ff2d6f".split()])
    at = (hue / (2 * np.pi)) % 1 * 6
    colour = np.stack([np.interp(at, np.arange(7), channel) for channel in gas.T], -1).astype(np.float32)
    colour = ndimage.gaussian_filter(colour, (4 * unit, 4 * unit, 0))
    colour = saturate(colour, 1.6)
    light = tube[..., None] * colour
    halos = ((1.5, 0.8), (5, 1.1), (18, 2.2))
    glow = sum(weight * ndimage.gaussian_filter(light, (size * unit, size * unit, 0)) for size, weight in halos)

    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / unit
    row = np.floor(y / 9)
    u, v = (x / 22 + 0.5 * (row % 2)) % 1, y / 9 % 1
    face = step(np.minimum(np.minimum(u, 1 - u) * 2.2, np.minimum(v, 1 - v)), 0.03, 0.14)
    brick = (0.35 + 0.65 * face) * (0.8 + 0.16 * grain.clouds(shape, 6 * unit, rng))
    wall = brick[..., None] * (rgb("1a1420") * 0.75 + 0.95 * glow)
    core = step(ndimage.gaussian_filter(tube, 0.5 * unit), 0.6, 1.0)
    sheet = 1 - (1 - np.clip(wall, 0, 1)) * (1 - np.clip(glow * 0.75, 0, 1))
    sheet = blend(sheet, np.clip(colour * 1.1 + 0.12, 0, 1), tube)
    return blend(sheet, np.float32([1, 1, 1]), 0.75 * core)


STYLES = {
    "cross-stitch": look(cross_stitch),
    "embroidery": look(embroidery),
    "knitting": look(knitting),
    "wood inlay": look(marquetry),
    "bronze relief": look(bronze),
    "neon": look(neon),
}
