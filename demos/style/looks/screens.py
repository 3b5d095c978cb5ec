"""What a press or a dark room makes of a photograph: dots, spot colours, flat stencils, blue and brown prints."""

import numpy as np
from scipy import ndimage

from demos.style.looks import cells, flow, grain, hatch, inks
from demos.style.looks.inks import blend, rgb, rgbs, saturate, step, tint
from demos.style.looks.photo import Photo, look


def _dots(shape: tuple[int, int], spacing: float, angle: float, bias=(0.0, 0.0)) -> np.ndarray:
    """A halftone screen (h, w) from 0 in the middle of a dot to 1 between dots, evenly distributed."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    u = (x * np.cos(angle) + y * np.sin(angle)) / spacing + bias[0]
    v = (y * np.cos(angle) - x * np.sin(angle)) / spacing + bias[1]
    wave = (np.cos(2 * np.pi * u) + np.cos(2 * np.pi * v)) / 4 + 0.5
    return 1 - wave


def _screen(amount: np.ndarray, dots: np.ndarray, soft: float = 0.22) -> np.ndarray:
    """Ink (h, w) that covers about the share `amount` (h, w) with dots; they spread a little in the paper."""
    return step(amount * 1.06 - dots, -soft / 2 - 0.04, soft / 2 - 0.04)


def newspaper(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Black dots at 45 degrees on newsprint, with the ink of the page behind showing faintly."""
    unit = photo.unit
    tone = photo.tone + 0.7 * (photo.tone - ndimage.gaussian_filter(photo.tone, 2.5 * unit))
    tone = np.clip(0.06 + 0.86 * tone, 0, 1)
    ink = _screen(1 - ndimage.gaussian_filter(tone, 0.5 * unit) ** 0.85, _dots(photo.shape, 3.1 * unit, np.pi / 4))
    fibres = grain.paper(photo.shape, unit, rng)
    paper = rgb("dcd5c3") * (1 + 0.025 * fibres + 0.02 * grain.clouds(photo.shape, 60 * unit, rng))[..., None]
    behind = step(grain.noise(photo.shape, 3 * unit, rng, 0.5), 0.5, 1.5)
    behind = behind * step(_dots(photo.shape, 9 * unit, 0), 0.3, 0.6)
    paper = blend(paper, rgb("9c958a"), 0.10 * behind)
    return blend(paper, rgb("24211f"), ink * np.clip(0.9 - 0.06 * fibres, 0.6, 0.97))


def pop_art(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """A comic's panel: flat bright inks, one colour of large dots in each half tone, bold black outlines."""
    unit = photo.unit
    smooth = flow.simplify(saturate(photo.simplified(4), 1.9), 3 * unit)
    lab = inks.to_lab(smooth)
    bright = inks.to_lab(rgbs("fdf6e3 ffd400 f0332b 1f9bd8 f58fb0 2fae60 f79a1f 243a8f 8a4f2a"))
    weight = np.float32([0.35, 1, 1])
    distance = np.stack([(((lab - entry) * weight) ** 2).sum(-1) for entry in bright])
    flat = inks.from_lab(bright)[np.argmin(distance, 0)]
    tone = ndimage.gaussian_filter(photo.tone, 1.4 * unit)
    dots = _screen(np.clip((tone - 0.38) * 1.6, 0, 0.72), _dots(photo.shape, 5.2 * unit, 0.35))
    shade = flat * rgb("e8e4f0") * 0.9
    sheet = np.where((tone > 0.42)[..., None], blend(flat, rgb("fffaf0"), dots * step(tone, 0.44, 0.55)), shade)
    deep = _screen(np.clip((0.46 - tone) * 2.2, 0, 0.8), _dots(photo.shape, 4.4 * unit, 1.1))
    sheet = blend(sheet, rgb("1c2a6b"), deep)
    line = np.maximum(step(photo.lines(1.9, 1.0), 0.35, 0.6), step(tone, 0.13, 0.1))
    return blend(sheet, rgb("100d12"), step(ndimage.gaussian_filter(line, 0.6 * unit), 0.35, 0.55))


def four_colours(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """A magazine under the loupe: rosettes of cyan, magenta, yellow and black dots, a little out of register."""
    unit = photo.unit
    source = saturate(photo.blurred(0.5), 1.35)
    black = 0.85 * (1 - source.max(-1)) ** 1.4
    ink_of = 1 - source - black[..., None]
    sheet = rgb("f7f1e3") * (1 + 0.015 * grain.paper(photo.shape, unit, rng)[..., None])
    screens = ((2, "ffd51e", 0.0), (1, "e5257f", 1.309), (0, "12a3dd", 0.262), (3, "1d1a1c", np.pi / 4))
    for channel, code, angle in screens:
        amount = black if channel == 3 else np.clip(ink_of[..., channel] * 1.12, 0, 1)
        amount = ndimage.shift(amount, rng.uniform(-0.7, 0.7, 2) * unit, order=1, mode="nearest")
        dots = _screen(np.clip(amount, 0, 1), _dots(photo.shape, 3.7 * unit, angle, rng.random(2)))
        sheet = sheet * (1 - 0.94 * dots[..., None] * (1 - rgb(code)))
    return sheet


RISO_INKS = ["ff5c5c 0a6fae", "ffb511 6a3fa0", "ff66a8 00838a"]


def risograph(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Two spot colours over each other, grainy, out of register, with the roller's marks."""
    unit = photo.unit
    first, second = rgbs(rng.choice(RISO_INKS))
    tone = photo.tone
    warm = photo.colours[..., 0] - photo.colours[..., 2]
    one = np.clip(1.02 - 0.85 * tone + 0.55 * np.tanh(2 * warm) - 0.22, 0, 0.97)
    two = np.clip((1 - tone) ** 1.35 * 1.1 - 0.35 * np.tanh(2 * warm), 0, 0.97)
    sheet = rgb("f5efe2") * (1 + 0.012 * grain.paper(photo.shape, unit, rng)[..., None])
    for amount, colour, spacing, angle in ((one, first, 2.7, 1.2), (two, second, 2.9, 0.4)):
        amount = ndimage.shift(amount, rng.uniform(-1.8, 1.8, 2) * unit, order=1, mode="nearest")
        dots = _dots(photo.shape, spacing * unit, angle) + 0.14 * grain.noise(photo.shape, 0.8 * unit, rng)
        ink = _screen(amount, dots, 0.3)
        roller = (
            0.88
            + 0.05 * grain.clouds(photo.shape, 70 * unit, rng)
            - 0.12 * step(grain.noise(photo.shape, unit, rng), 1.6, 2.4)
        )
        sheet = sheet * (1 - np.clip(ink * roller, 0, 1)[..., None] * (1 - colour))
    return sheet


def poster(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """A travel poster: a few flat stencilled colours with clean curves, and a cream margin."""
    unit = photo.unit
    smooth = flow.simplify(photo.simplified(4), 4 * unit)
    palette, area = inks.quantize(saturate(smooth, 1.35), 7, rng)
    palette[:, 0] = 0.25 * palette[:, 0] + 0.75 * np.linspace(15, 93, len(palette))
    palette[:, 1:] *= np.float32(1.12)
    palette[-1] = palette[-1] * 0.3 + 0.7 * inks.to_lab(rgb("f8ecd0"))
    palette[0] = palette[0] * 0.5 + 0.5 * inks.to_lab(rgb("14233f"))
    sheet = cells.soften(area, inks.from_lab(palette), 1.3 * unit)
    sheet = sheet * (1 + 0.01 * grain.paper(photo.shape, unit, rng)[..., None])
    y, x = np.ogrid[: photo.shape[0], : photo.shape[1]]
    border = np.minimum(np.minimum(y, photo.shape[0] - 1 - y), np.minimum(x, photo.shape[1] - 1 - x)) / unit
    return blend(sheet, rgb("f6ead0"), step(border, 9.5, 8.8))


def cyanotype(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Sun print: Prussian blue on cotton paper, whose coat was brushed on and ends ragged."""
    unit, (height, width) = photo.unit, photo.shape
    tone = ndimage.gaussian_filter(photo.tone, 0.6 * unit)
    tone = step(0.15 + 0.75 * tone, 0.05, 1.0)
    tooth = grain.paper(photo.shape, 0.9 * unit, rng)
    strokes = grain.noise(photo.shape, 3 * unit, rng, tall=14)
    strokes = strokes + 0.6 * grain.noise(photo.shape, 1.3 * unit, rng, tall=20)
    coat = tone + 0.014 * strokes + 0.03 * tooth + 0.03 * grain.clouds(photo.shape, 80 * unit, rng)
    blue = tint(np.clip(coat, 0, 1), "06203f", "0d3f73", "2f76ab", "97bfd4", "eef1e6")
    y, x = np.mgrid[:height, :width].astype(np.float32)
    ragged = 2.4 * grain.noise((height, width), 9 * unit, rng) + 1.2 * strokes
    near_x, near_y = np.minimum(x, width - 1 - x) / unit, np.minimum(y, height - 1 - y) / unit
    inside = step(np.minimum(near_x + 0.6 * ragged, near_y + 1.3 * ragged), 6.0, 8.5)
    paper = rgb("f1eee2") * (1 + 0.018 * tooth[..., None])
    return blend(paper, blue * (1 + 0.012 * tooth[..., None]), inside)


def old_photograph(photo: Photo, rng: np.random.Generator) -> np.ndarray:
    """Sepia albumen print: silver grain, faded towards the edges, scratched, with a deckled white border."""
    unit, (height, width) = photo.unit, photo.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    r = np.hypot(x, y)
    soft = ndimage.gaussian_filter(photo.tone, 0.7 * unit)
    soft = soft + (ndimage.gaussian_filter(photo.tone, 2.5 * unit) - soft) * step(r, 0.7, 1.5)
    silver = 0.10 * grain.noise(photo.shape, 1.1 * unit, rng) * (1.2 - soft)
    tone = 0.10 + 0.80 * soft + silver - 0.22 * step(r, 0.75, 1.45) + 0.03 * grain.clouds(photo.shape, 90 * unit, rng)
    print_ = tint(np.clip(tone, 0, 1), "21130a", "5c3d22", "a17c50", "d9bd8e", "f4e6c6")
    scratch = hatch.rule(photo.shape, 37 * unit, 1.5 + rng.uniform(-0.1, 0.1), rng, 0.5, 3)
    scratches = step(scratch.across, 0.035, 0.012) * step(scratch.pressure, 0.7, 1.2)
    dust = step(grain.noise(photo.shape, 1.2 * unit, rng), 3.3, 3.8)
    print_ = blend(print_, rgb("f7ecd2"), np.clip(0.6 * scratches + 0.8 * dust, 0, 1))
    rows, columns = np.ogrid[:height, :width]
    near = np.minimum(np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns)) / unit
    near = near + 0.5 * grain.noise(photo.shape, 2.2 * unit, rng)
    border = rgb("efe3c8") * (1 + 0.015 * grain.paper(photo.shape, unit, rng)[..., None])
    return blend(print_, border, step(near, 7.6, 6.9))


STYLES = {
    "newspaper halftone": look(newspaper),
    "pop art": look(pop_art),
    "four-colour print": look(four_colours),
    "risograph": look(risograph),
    "poster": look(poster),
    "cyanotype": look(cyanotype),
    "old photograph": look(old_photograph),
}
