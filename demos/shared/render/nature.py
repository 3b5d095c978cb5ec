"""Plants and animals, live and cuddly."""

import numpy as np

from demos.shared.render.look import BRIGHT, COLOURS, FUR, angle, band, cloudy, kinds, noise, step, where
from demos.shared.render.settings import INDOORS, OUTDOORS, WATER
from demos.shared.render.shapes import LEAF, ball, box, cone, cylinder, extrude, lathe, ring, rod, tube

_WHITE, _BLACK = COLOURS["white"], COLOURS["black"]


def _mushroom(look):
    cap = lathe((0, 1), (0.5, 0.95), (1, 0.9), (0.9, 1.35), (0.5, 1.65), (0, 1.75), smooth=True)
    dots = look.rng.standard_normal((22, 3)).astype(np.float32)
    dots[:, 1] = np.abs(dots[:, 1])
    dots /= np.linalg.norm(dots, axis=1, keepdims=True)

    def spots(p):
        q = p - np.array([[0], [0.85], [0]], np.float32)
        return step((dots @ (q / np.linalg.norm(q, axis=0))).max(0), 0.975, 0.985) * (p[1] > 0.97)

    yield cap, where(look.paint("red", "brown", "orange", "beige", "purple"), _WHITE, spots), 0.2
    yield lathe((0, 0), (0.38, 0), (0.32, 0.4), (0.27, 1.1), (0, 1.1)), COLOURS["beige"] * 1.1, 0.05


def _tree(look):
    crown = ball(0.7).at(y=2.1)
    for a in np.arange(0, 6.3, 0.9) + look.some(0, 0.6):
        puff = ball(look.some(0.4, 0.6)).at(0.6 * np.cos(a), 1.75 + look.some(-0.2, 0.7), 0.6 * np.sin(a))
        crown = crown.blend(puff, 0.12)
    yield crown, cloudy(look.paint("green", "orange", "lime", "dark green", "red", "yellow", "pink"), 0.22, 1.2), 0
    yield rod((0, 0, 0), (0, 1.4, 0), 0.2, 0.13) | rod((0, 1, 0), (0.5, 1.6, 0), 0.1), "brown", 0


def _fir(look):
    look.name = look.turn("tall", "snowy", "decorated")
    needles = cloudy(COLOURS["dark green"] * look.some(0.8, 1.3), 0.25, 0.9)

    def snowed(p):
        return np.where((look.name == "snowy") & (noise(p[0], p[2] + p[1], 2) > 0.5), _WHITE, needles(p))

    for y, r in ((0.4, 1), (0.95, 0.8), (1.5, 0.6), (2, 0.42)):
        yield lathe((0, y), (r, y), (r * 0.95, y + 0.05), (0, y + 1.1)), snowed, 0
        if look.name == "decorated":
            yield ball(0.09).at(r, y + 0.1).around(int(9 * r)), look.other(*BRIGHT), 0.6
    yield cylinder(0.14, 0.5), "brown", 0
    if look.name == "decorated":
        points = [(0.14 + 0.06 * (-1) ** k, k * np.pi / 5) for k in range(10)]
        yield extrude(0.06, *((r * np.sin(a), r * np.cos(a)) for r, a in points)).at(y=3.2), "yellow", 0.5


def _cactus(look):
    green, arm = look.paint("green", "dark green", "lime") * 0.9, tube(0.2, (0, 1, 0), (0.75, 1.1, 0), (0.8, 1.7, 0))
    arms = arm | tube(0.18, (0, 0.8, 0), (-0.65, 0.95, 0), (-0.7, 1.5, 0))

    def ribs(p):
        return green * (1 + 0.22 * np.sin(10 * np.arctan2(p[2], p[0] - 0.78 * np.rint(p[0] / 0.78))))

    yield rod((0, 0.5, 0), (0, 2.2, 0), 0.32).blend(arms, 0.15), ribs
    pot = lathe((0, 0), (0.5, 0), (0.66, 0.5), (0.74, 0.5), (0.74, 0.65), (0, 0.6))
    yield pot, look.other("copper", "white", "turquoise", "blue")
    yield rod((0, 2.5, 0), (0.14, 2.62, 0), 0.05, 0.08).around(6), look.other("pink", "red", "yellow")


def _flower(look):
    count, lean = look.turn(5, 8, 12, 6), look.some(30, 75)
    petals = ball(0.34, 0.08, 1.76 / count).turn(z=16).at(0.52, 0.06).around(count)
    paint = look.paint("red", "yellow", "white", "pink", "purple", "orange", "blue")
    yield petals.turn(x=lean).at(y=1.65), paint, 0.05
    yield ball(0.28, 0.15, 0.28).turn(x=lean).at(y=1.65), look.other("yellow", "brown"), 0.05
    leaves = LEAF.turn(x=60, z=40).at(0.03, 0.4) | LEAF.turn(x=60, z=140).at(0, 0.65)
    yield tube(0.05, (0, 0, 0), (0.05, 0.7, 0), (0, 1.55, -0.05)) | leaves, "leaf"


def _snowman(look):
    hat = look.paint("black", "red", "navy", "green", "purple", "blue")
    look.name, look.note = "", f"in a {look.name} hat"
    stripes = where(COLOURS[look.turn(*BRIGHT)], _WHITE, lambda p: np.sin(angle(p) * 9 + p[1] * 8) > 0.5)
    coals = ball(0.06).at(0.15, 2.35, 0.37).twin(0) | ball(0.06).at(0, 1.75, 0.52) | ball(0.06).at(0, 1.5, 0.56)
    yield ball(0.75).at(y=0.65).blend(ball(0.55).at(y=1.55), 0.08).blend(ball(0.4).at(y=2.25), 0.08), "white", 0
    yield coals, "black"
    yield rod((0, 2.25, 0.35), (0, 2.22, 0.8), 0.08, 0.01), "orange"
    yield ring(0.36, 0.11).at(y=1.98) | rod((0.2, 1.95, 0.36), (0.3, 1.5, 0.56), 0.1), stripes, 0
    yield (rod((0.45, 1.6, 0), (1.15, 2, 0.1), 0.045) | rod((0.95, 1.88, 0.1), (1, 2.1, 0.1), 0.03)).twin(0), "brown"
    yield cylinder(0.5, 0.06).at(y=2.5) | cylinder(0.32, 0.5).at(y=2.5), hat


def _teddy_bear(look):
    fur = look.paint(*FUR, "pink")
    arm = rod((0.5, 1.25, 0.1), (0.85, 0.75 + look.some(0, 0.9), 0.35), 0.22)
    limbs = arm | rod((0.3, 0.3, 0.2), (0.6, 0.26, 0.85), 0.25) | ball(0.22, 0.22, 0.12).at(0.42, 2.35)
    body = ball(0.65, 0.72, 0.58).at(y=0.75).blend(ball(0.55, 0.5, 0.5).at(y=1.9), 0.1)
    pads = ball(0.17, 0.17, 0.08).at(0.66, 0.28, 1.06).twin(0) | ball(0.26, 0.2, 0.2).at(0, 1.78, 0.42)
    yield body.blend(limbs.twin(0), 0.08), cloudy(fur, 0.14, 0.4), 0
    yield pads, fur * 0.5 + 0.35, 0
    yield ball(0.07).at(0.2, 2.02, 0.43).twin(0) | ball(0.1, 0.07, 0.07).at(0, 1.86, 0.6), _BLACK * 0.3, 0.5
    yield cone(0.06, 0.2, 0.3).turn(z=-90).at(0.04, 1.42, 0.52).twin(0), look.other("red", "blue", "green", "yellow")


def _duck(look):
    feather = look.paint("yellow", "white", "pink", "light blue", "orange")
    tail = rod((-0.7, 0.55, 0), (-1.15, 1, 0), 0.25, 0.06)
    yield ball(0.95, 0.55, 0.65).at(y=0.45).blend(tail, 0.2).blend(ball(0.44).at(0.6, 1.3), 0.22), feather, 0.2
    yield ball(0.5, 0.28, 0.12).turn(z=12).at(-0.15, 0.6, 0.58).twin(2), feather * 0.92, 0.2
    yield ball(0.28, 0.07, 0.2).at(1.05, 1.22) | ball(0.24, 0.05, 0.18).turn(z=-10).at(1.02, 1.13), "orange", 0.25
    yield ball(0.07).at(0.84, 1.45, 0.33).twin(2), _BLACK * 0.2, 0.6


def _fish(look):
    one = look.paint("orange", "blue", "yellow", "red", "turquoise", "silver")
    other = look.other("white", "black", "yellow", "purple")
    bands = where(one, other, lambda p: band((p[0] * 1.6 + 0.2) % 1, 0.5, 0.15) * (np.abs(p[0]) < 0.75))
    tail = extrude(0.08, (-0.75, 0), (-1.5, 0.6), (-1.5, 0.6), (-1.3, 0), (-1.5, -0.6), (-1.5, -0.6), smooth=True)
    back = extrude(0.07, (-0.4, 0.4), (0.35, 0.45), (-0.1, 0.95), (-0.6, 0.75), smooth=True)
    side = ball(0.3, 0.14, 0.05).turn(y=-30, z=-20).at(0, -0.1, 0.34).twin(2)
    yield ball(0.95, 0.58, 0.3).at(y=1), bands, 0.35
    yield (tail | back | side).at(y=1), one * 0.85, 0.35
    yield ball(0.12).at(0.62, 1.14, 0.2).twin(2), "white", 0.35
    yield ball(0.07).at(0.65, 1.15, 0.27).twin(2), _BLACK * 0.2, 0.35


def _cat(look):
    fur = look.paint(*FUR)
    stripes = where(fur, fur * 0.45, lambda p: step(np.sin(p[1] * 15 + p[0] * p[0] * 3), 0.5, 0.8) * (p[2] < 0.45))
    ears = extrude(0.12, (0.08, 2.05), (0.44, 1.95), (0.42, 2.43), edge=0.04).at(z=0.25)
    body = rod((0, 0.5, -0.15), (0, 1.2, 0.1), 0.52, 0.36).blend(ball(0.48, 0.42, 0.42).at(0, 1.75, 0.25), 0.1)
    legs = rod((0.2, 0.9, 0.3), (0.2, 0.1, 0.5), 0.16, 0.13) | ball(0.26, 0.24, 0.42).at(0.42, 0.22, 0.1)
    tail = tube(0.1, (0.2, 0.15, -0.5), (0.75, 0.12, -0.4), (0.95, 0.14, 0), (0.85, 0.2, 0.35))
    yield body.blend((legs | ears).twin(0), 0.1) | tail, stripes, 0.03
    yield ball(0.2, 0.13, 0.12).at(0, 1.63, 0.6), fur * 0.4 + 0.5, 0
    yield ball(0.085, 0.1, 0.06).at(0.19, 1.83, 0.61).twin(0), "lime", 0.5
    yield ball(0.03, 0.09, 0.04).at(0.19, 1.83, 0.65).twin(0), _BLACK * 0.2, 0.5
    yield ball(0.05).at(0, 1.7, 0.71), "pink"


def _penguin(look):
    back = look.paint("black", "navy", "grey")

    def belly(p):
        chest = step(np.hypot(p[0] * 1.5, (p[1] - 0.85) * 0.8), 0.62, 0.56)
        return (chest + step(np.hypot(np.abs(p[0]) - 0.16, p[1] - 1.86), 0.24, 0.2)) * (p[2] > 0)

    body = rod((0, 0.62, 0), (0, 1.3, 0), 0.6, 0.45).blend(ball(0.42).at(y=1.85), 0.15)
    yield body, where(back, _WHITE, belly)
    yield ball(0.12, 0.55, 0.25).turn(z=look.some(15, 50)).at(0.68, 1.05).twin(0), back
    yield ball(0.25, 0.09, 0.34).at(0.26, 0.08, 0.3).twin(0), "orange"
    yield rod((0, 1.8, 0.38), (0, 1.74, 0.66), 0.12, 0.03), "orange"
    yield ball(0.065).at(0.16, 1.95, 0.36).twin(0), _BLACK * 0.3, 0.6


def _snail(look):
    shell = look.paint("brown", "pink", "turquoise", "yellow", "purple", "orange")

    def spiral(p):
        x, y = p[0] + 0.2, p[1] - 0.9
        return band((np.hypot(x, y) * 3.4 + np.arctan2(y, x) / (2 * np.pi)) % 1, 0.5, 0.13)

    yield ball(0.8, 0.78, 0.42).at(-0.2, 0.92), where(shell, look.other("beige", "white", "black"), spiral), 0.35
    foot = rod((-1.2, 0.1, 0), (0.6, 0.2, 0), 0.08, 0.22).blend(rod((0.6, 0.25, 0), (0.95, 0.85, 0), 0.22, 0.2), 0.15)
    horns = (rod((1, 0.95, 0.08), (1.2, 1.4, 0.2), 0.05) | ball(0.08).at(1.2, 1.42, 0.2)).twin(2)
    yield foot | horns, COLOURS["beige"] * 0.8, 0.2


def _ladybird(look):
    def dots(p):
        spots = ((0, 0.5), (0.5, 0.27), (-0.15, 0.77), (-0.55, 0.36), (0.12, 0.18))
        near = np.min([np.hypot(p[0] - x, np.abs(p[2]) - z) for x, z in spots], 0)
        return np.maximum(step(near, 0.17, 0.14), np.abs(p[2]) < 0.035)

    dome = ball(1, 0.85, 0.95).at(y=0.15) & box(3, 2, 3, 0).at(y=0.12)
    yield dome, where(look.paint("red", "orange", "yellow"), _BLACK, dots), 0.4
    limbs = tube(0.035, (1.15, 0.5, 0.15), (1.35, 0.75, 0.25), (1.5, 0.8, 0.35))
    for x in (-0.5, 0, 0.5):
        limbs = limbs | rod((x, 0.3, 0.75), (1.4 * x, 0.03, 1.15), 0.06)
    yield ball(0.42, 0.35, 0.45).at(0.9, 0.3) | limbs.twin(2), "black", 0.3
    yield ball(0.1).at(1.15, 0.45, 0.24).twin(2), "white", 0.4


KINDS = {
    **kinds(_mushroom, _tree, _flower, _cat, _snail, _ladybird, _cactus, settings=OUTDOORS),
    **kinds(_fir, _snowman, _penguin, settings=("snow", "snow", "studio")),
    **kinds(_teddy_bear, _fish, settings=INDOORS),
    **kinds(_duck, settings=WATER),
}
