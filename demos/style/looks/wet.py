"""Water and plaster: watercolour, ink wash, fresco, batik, and paint from the can."""

import numpy as np
from scipy import ndimage

from demos.style.looks import cells, flow, grain, hatch, inks
from demos.style.looks.inks import GREY, blend, from_lab, rgb, rgbs, saturate, step, to_lab
from demos.style.looks.photo import Photo, look


def _ragged(photo: Photo, margin: float, rough: float, rng: np.random.Generator) -> np.ndarray:
    """Where paint went, float32 (h, w): not to the sheet's edge, from which it keeps about `margin` units."""
    height, width = photo.shape
    y, x = np.ogrid[:height, :width]
    near = np.minimum(np.minimum(y, height - 1 - y), np.minimum(x, width - 1 - x)) / photo.unit
    near = near + rough * grain.clouds(photo.shape, 22 * photo.unit, rng)
    return step(near, margin - 0.7, margin + 0.7)


def watercolour(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Transparent washes on rough white paper: pigment gathers at their rims and in the hollows, and blooms."""
    unit = photo.unit
    smooth = flow.simplify(photo.simplified(4), 3 * unit)
    hand = grain.wobble(photo.shape, 11 * unit, 1.1 * unit, rng)
    hand = hand + 0.45 * unit * grain.noise(photo.shape, 3 * unit, rng)
    firm = grain.sample(saturate(smooth, 1.55), hand)
    loose = ndimage.gaussian_filter(firm, (5 * unit, 5 * unit, 0))
    wet = step(grain.clouds(photo.shape, 55 * unit, rng), 0.1, 1.2)
    wash = blend(firm, loose, 0.6 * wet)
    density = -np.log(np.clip(0.07 + 0.95 * wash, 0.05, 1))
    _, area = inks.quantize(firm, 10, rng)
    rim = np.exp(-cells.borders(area, 0.35 * unit) / (1.1 * unit)) * (1 - wet)
    tone = firm @ GREY
    darker = step(ndimage.gaussian_filter(tone, 3 * unit) - tone, -0.03, 0.05)
    bloom = grain.clouds(photo.shape, 34 * unit, rng)
    ring = np.exp(-(((bloom - 0.9) / 0.07) ** 2)) * 0.3
    tooth = grain.paper(photo.shape, 1.2 * unit, rng)
    pools = 0.97 + 0.15 * bloom + 0.65 * rim * darker + ring - 0.09 * tooth
    dry = step(tooth + 1.5 * tone, 4.4, 3.4)
    painted = _ragged(photo, 6.5, 2.2, rng)
    edge = painted * (1 - ndimage.gaussian_filter(painted, 1.2 * unit))
    density = density * (np.maximum(pools, 0.25) * dry * painted + 0.8 * edge)[..., None]
    pencil = photo.lines(0.7, 0.9) * step(tooth, -1.5, 0.6) * 0.42 * painted
    paper = rgb("fbf8f0") * (0.985 + 0.016 * grain.light(tooth, 0.7)[..., None] + 0.004 * tooth[..., None])
    return blend(paper * np.exp(-density), rgb("4a4a55"), pencil)


def ink_wash(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Black ink, thin and thick, on absorbent paper, with dry strokes of the brush and a red seal."""
    unit = photo.unit
    hand = grain.wobble(photo.shape, 14 * unit, 1.5 * unit, rng)
    tone = grain.sample(ndimage.gaussian_filter(photo.simplified(5) @ GREY, 1.2 * unit), hand)
    tone = 0.7 * tone + 0.3 * hatch.rank(tone)
    bleed = ndimage.gaussian_filter(tone, 6 * unit)
    feather = 0.055 * grain.clouds(photo.shape, 10 * unit, rng)
    ink = np.zeros(photo.shape, np.float32)
    for level, weight in ((0.64, 0.16), (0.42, 0.24), (0.25, 0.34), (0.13, 0.4)):
        firm = step(tone + feather, level + 0.035, level - 0.035)
        soft = step(bleed + feather, level + 0.2, level - 0.12)
        ink += weight * (0.72 * firm + 0.28 * soft) * (1 + 0.22 * grain.clouds(photo.shape, 40 * unit, rng))
    hairs = hatch.flowing(photo.directions, 1.7 * unit, 22 * unit, rng)
    stroke = grain.sample(photo.lines(2.0, 0.85), hand)
    ink = ink + 0.9 * step(stroke, 0.25, 0.75) * step(hairs + 0.5 * stroke, 0.42, 0.72)
    fibre = grain.paper(photo.shape, unit, rng)
    paper = rgb("f3ecdc") * (1 + 0.013 * fibre[..., None])
    sheet = paper * np.exp(-np.clip(ink, 0, 1.5) * (1 + 0.05 * fibre) * 1.75)[..., None]
    return _seal(blend(sheet, rgb("1a1b20"), 0.1 * np.clip(ink, 0, 1)), int(17 * unit), int(9 * unit), rng)


def _seal(sheet: np.ndarray, side: int, margin: int, rng: np.random.Generator) -> np.ndarray:
    """A square red seal at the lower right, with cuts of chance."""
    side = min(side, min(sheet.shape[:2]) // 4)
    margin = min(margin, side)
    blocks = rng.random((5, 5)) < 0.5
    blocks[[0, -1]] = blocks[:, [0, -1]] = True
    blocks[2, 1:4] = rng.permutation([True, False, False])
    carved = ndimage.zoom(blocks.astype(np.float32), side / 5, order=1, grid_mode=True, mode="nearest")[:side, :side]
    ink = step(carved + 0.13 * grain.noise(carved.shape, 3, rng), 0.4, 0.6)
    place = np.s_[-margin - side : -margin or None, -margin - side : -margin or None]
    sheet[place] = blend(sheet[place], rgb("b3261e"), 0.88 * ink)
    return sheet


def fresco(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Earth colours in lime plaster that has cracked and come off in places."""
    unit = photo.unit
    lab = to_lab(flow.simplify(photo.simplified(2.5), 2 * unit))
    lab = lab * np.float32([0.62, 0.62, 0.62]) + np.float32([32, 2, 8])
    lab[..., 0] += 2.6 * grain.clouds(photo.shape, 30 * unit, rng)
    painted = from_lab(lab)
    painted = blend(painted, rgb("5a3a28"), 0.55 * photo.lines(1.2, 0.8))
    faded = step(grain.clouds(photo.shape, 48 * unit, rng, 5), -0.6, 2.2)
    painted = blend(painted, rgb("e2d8c4"), 0.65 * faded)
    places = grain.wobble(photo.shape, 26 * unit, 4 * unit, rng)
    places = places + 0.7 * unit * grain.noise(photo.shape, 4 * unit, rng)
    label = cells.scatter_label(places, 62 * unit, photo.shape, rng)
    near = cells.borders(label, 0.25 * unit)
    fine = cells.borders(cells.scatter_label(places, 24 * unit, photo.shape, rng), 0.2 * unit)
    region = step(grain.noise(photo.shape, 60 * unit, rng), 0.1, 0.9)
    crack = np.maximum(step(near, 0.8 * unit, 0.1 * unit), 0.7 * region * step(fine, 0.6 * unit, 0))
    loss = step(grain.clouds(photo.shape, 44 * unit, rng, 6) - 0.02 * near / unit, 1.42, 1.5)
    heights = -1.6 * loss - 0.9 * crack + 0.10 * grain.clouds(photo.shape, 7 * unit, rng)
    relief = grain.light(ndimage.gaussian_filter(heights, 0.4 * unit) * unit, 0.55)
    plaster = rgb("c9b696") * (1 + 0.05 * grain.clouds(photo.shape, 6 * unit, rng)[..., None])
    sheet = blend(blend(painted, plaster, loss), rgb("4b3b2c"), 0.72 * crack)
    return sheet * (0.5 + 0.5 * relief + 0.022 * grain.noise(photo.shape, unit, rng))[..., None]


def batik(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Dyed cotton: few deep colours, lines of wax that stayed white, and veins where the wax broke."""
    unit = photo.unit
    smooth = flow.simplify(photo.simplified(4), 4 * unit)
    dyes = rgbs("16244a 5a2a22 1f5a78 a8452c 7a8f3c d8892e e9c46a f4ead2")
    area = inks.nearest(saturate(smooth, 1.6), to_lab(dyes))
    dyed = cells.soften(area, dyes, 1.1 * unit)
    pooled = 1 + 0.08 * grain.clouds(photo.shape, 26 * unit, rng) * step(dyed @ GREY, 0.85, 0.55)
    near = cells.borders(area, 0.6 * unit) + 0.35 * unit * grain.noise(photo.shape, 4 * unit, rng)
    wax = step(near, 1.15 * unit, 0.6 * unit)
    wax = np.maximum(wax, step(photo.lines(1.5, 0.9), 0.4, 0.7))
    places = grain.wobble(photo.shape, 12 * unit, 3.2 * unit, rng)
    veins = step(cells.borders(cells.scatter_label(places, 19 * unit, photo.shape, rng), 0.2 * unit), 0.75 * unit, 0)
    veins = veins * step(grain.noise(photo.shape, 20 * unit, rng), -0.5, 0.8)
    sheet = blend(dyed * pooled[..., None], rgb("f2e6cb"), 0.92 * wax)
    sheet = blend(sheet, rgb("1a2a55"), 0.62 * veins)
    return sheet * (1 + 0.03 * grain.canvas(photo.shape, 0.75 * unit, rng)[..., None])


CANS = ["ff3d7f ffb400", "00b3a4 ffe14d", "ff5a1f f7d51d"]


def stencil(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Cut stencils and spray cans on a concrete wall: overspray, drips, a colour that fades across."""
    unit, (height, width) = photo.unit, photo.shape
    tone = ndimage.gaussian_filter(photo.simplified(2.5) @ GREY, 0.8 * unit)
    tone = 0.6 * tone + 0.4 * hatch.rank(tone)
    rough = grain.clouds(photo.shape, 40 * unit, rng, 6)
    pits = step(grain.noise(photo.shape, 1.6 * unit, rng), 2.2, 2.8)
    wall = rgb("aaa69f") * (1 + 0.06 * rough - 0.3 * pits + 0.03 * grain.noise(photo.shape, unit, rng))[..., None]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    first, second = rgbs(rng.choice(CANS))
    colour = blend(np.broadcast_to(first, wall.shape), second, step(y + 0.3 * x + 0.08 * rough, 0.25, 1.05))
    sheet = wall
    for level, paint in ((0.9, rgb("f4f1ea")), (0.62, colour), (0.32, rgb("17161a"))):
        mask = step(ndimage.gaussian_filter((tone < level).astype(np.float32), 1.0 * unit), 0.42, 0.58)
        cloud = ndimage.gaussian_filter(mask, 4 * unit)
        mist = step(grain.noise(photo.shape, 0.9 * unit, rng) + 2.6 * cloud, 1.7, 2.6) * step(cloud, 0.04, 0.5) * 0.55
        cover = np.maximum(mask * (0.93 + 0.05 * rough), np.maximum(mist, _drips(mask, unit, rng)))
        speckled = paint * (1 - 0.03 * grain.noise(photo.shape, unit, rng)[..., None])
        sheet = blend(sheet, speckled, np.clip(cover, 0, 0.98))
    return sheet


def _drips(mask: np.ndarray, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Runs of paint, float32 (h, w), that start at the lower sides of a mask (h, w)."""
    drips = np.zeros(mask.shape, np.float32)
    rows, columns = np.nonzero((mask[:-1] > 0.5) & (mask[1:] <= 0.5))
    if len(rows) == 0:
        return drips
    across = np.arange(mask.shape[1])
    for at in rng.integers(0, len(rows), 5):
        length, radius = int(rng.uniform(8, 30) * unit), rng.uniform(0.5, 0.9) * unit
        part = slice(max(rows[at] - int(2 * unit), 0), rows[at] + length)
        run = step(np.abs(across - columns[at]), radius, radius - 0.8)
        drips[part] = np.maximum(drips[part], 0.95 * run)
    return drips


STYLES = {
    "watercolour": look(watercolour),
    "ink wash": look(ink_wash),
    "fresco": look(fresco),
    "batik": look(batik),
    "spray stencil": look(stencil),
}
