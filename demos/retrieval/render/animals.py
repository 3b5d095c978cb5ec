"""Animals, live and cuddly."""

import numpy as np

from demos.retrieval.render.look import COLOURS, Look, Part, kind, noise, step, where
from demos.retrieval.render.settings import WATER
from demos.retrieval.render.shapes import ball, box, cone, extrude, rod, tube

_WHITE, _BLACK = (COLOURS[name] for name in ("white", "black"))


def _eyes(x: float, y: float, z: float, size: float = 0.07) -> Part:
    return Part(ball(size).at(x, y, z).twin(0), _BLACK * 0.3, 0.6)


@kind("studio", "wood", "tiles", "gingham")
def _teddy_bear(look: Look) -> list[Part]:
    fur, bow = (
        look.paint("brown", "tan", "white", "pink", "golden", "grey", "dark wood"),
        look.other("red", "blue", "green", "yellow"),
    )
    ears = ball(0.22, 0.22, 0.12).at(0.42, 2.35, 0).twin(0)
    limbs = rod((0.5, 1.25, 0.1), (0.85, 0.75 + look.some(0, 0.9), 0.35), 0.22).twin(0) | rod(
        (0.3, 0.3, 0.2), (0.6, 0.26, 0.85), 0.25
    ).twin(0)
    body = ball(0.65, 0.72, 0.58).at(y=0.75).blend(ball(0.55, 0.5, 0.5).at(y=1.9), 0.1).blend(limbs | ears, 0.08)
    pads = ball(0.17, 0.17, 0.08).at(0.66, 0.28, 1.06).twin(0) | ball(0.26, 0.2, 0.2).at(0, 1.78, 0.42)
    tie = cone(0.06, 0.2, 0.3).turn(z=-90).at(0.04, 1.42, 0.52).twin(0)
    return [
        Part(body, lambda p: fur * (1 + 0.14 * noise(p[0] * 2 + p[2], p[1] * 2 + p[2], 0.8)), 0),
        Part(pads, fur * 0.5 + 0.35, 0),
        _eyes(0.2, 2.02, 0.43),
        Part(ball(0.1, 0.07, 0.07).at(0, 1.86, 0.6), _BLACK, 0.4),
        Part(tie, bow, 0.1),
    ]


@kind(*WATER, "studio", *WATER, "tiles", "grass")
def _duck(look: Look) -> list[Part]:
    body = (
        ball(0.95, 0.55, 0.65)
        .at(y=0.45)
        .blend(rod((-0.7, 0.55, 0), (-1.15, 1, 0), 0.25, 0.06), 0.2)
        .blend(ball(0.44).at(0.6, 1.3), 0.22)
    )
    wing = ball(0.5, 0.28, 0.12).turn(z=12).at(-0.15, 0.6, 0.58).twin(2)
    beak = ball(0.28, 0.07, 0.2).at(1.05, 1.22) | ball(0.24, 0.05, 0.18).turn(z=-10).at(1.02, 1.13)
    feather = look.paint("yellow", "yellow", "white", "pink", "light blue", "orange")
    eyes = ball(0.07).at(0.84, 1.45, 0.33).twin(2)
    return [
        Part(body, feather, 0.2),
        Part(wing, feather * 0.92, 0.2),
        Part(beak, COLOURS["orange"] * 0.85, 0.25),
        Part(eyes, _BLACK * 0.2, 0.6),
    ]


@kind("studio", "studio", "tiles", "marble")
def _fish(look: Look) -> list[Part]:
    one, other = (
        look.paint("orange", "blue", "yellow", "red", "turquoise", "silver"),
        look.other("white", "black", "yellow", "purple"),
    )
    body = ball(0.95, 0.58, 0.3)
    tail = extrude(
        0.08,
        (-0.75, 0),
        (-0.75, 0),
        (-1.5, 0.6),
        (-1.5, 0.6),
        (-1.3, 0),
        (-1.5, -0.6),
        (-1.5, -0.6),
        smooth=True,
        edge=0.03,
    )
    fins = extrude(0.07, (-0.4, 0.4), (0.35, 0.45), (-0.1, 0.95), (-0.6, 0.75), smooth=True) | extrude(
        0.07, (-0.2, -0.4), (0.2, -0.5), (-0.3, -0.9), smooth=True
    )
    side = ball(0.3, 0.14, 0.05).turn(y=-30, z=-20).at(0, -0.1, 0.34).twin(2)
    bands = where(one, other, lambda p: step(np.abs((p[0] * 1.6 + 0.2) % 1 - 0.5), 0.17, 0.13) * (np.abs(p[0]) < 0.75))
    white, pupil = ball(0.12).at(0.62, 0.14, 0.2).twin(2), ball(0.07).at(0.65, 0.15, 0.27).twin(2)
    parts = [
        (body, bands),
        (tail | fins | side, other if look.chance(0.4) else one * 0.85),
        (white, _WHITE),
        (pupil, _BLACK * 0.2),
    ]
    return [Part(shape.at(y=1.1), colour, 0.35) for shape, colour in parts]


@kind("wood", "grass", "studio", "tiles")
def _cat(look: Look) -> list[Part]:
    fur = look.paint("orange", "grey", "black", "white", "brown", "tan")
    ear = extrude(0.12, (0.08, 0.3), (0.44, 0.2), (0.42, 0.68), edge=0.04).twin(0).at(0, 1.75, 0.25)
    body = rod((0, 0.5, -0.15), (0, 1.2, 0.1), 0.52, 0.36).blend(ball(0.48, 0.42, 0.42).at(0, 1.75, 0.25), 0.1)
    legs = rod((0.2, 0.9, 0.3), (0.2, 0.1, 0.5), 0.16, 0.13).twin(0) | ball(0.26, 0.24, 0.42).at(0.42, 0.22, 0.1).twin(
        0
    )
    tail = tube(0.1, (0.2, 0.15, -0.5), (0.75, 0.12, -0.4), (0.95, 0.14, 0), (0.85, 0.2, 0.35))
    stripes = where(fur, fur * 0.45, lambda p: step(np.sin(p[1] * 15 + p[0] * p[0] * 3), 0.5, 0.8) * (p[2] < 0.45))
    nose = ball(0.2, 0.13, 0.12).at(0, 1.63, 0.6)
    eyes = Part(ball(0.085, 0.1, 0.06).at(0.19, 1.83, 0.61).twin(0), COLOURS["lime"], 0.5)
    slit = Part(ball(0.03, 0.09, 0.04).at(0.19, 1.83, 0.65).twin(0), _BLACK * 0.2, 0.5)
    return [
        Part(body.blend(legs | ear, 0.1) | tail, stripes, 0.03),
        Part(nose, fur * 0.4 + 0.5, 0),
        eyes,
        slit,
        Part(ball(0.05).at(0, 1.7, 0.71), COLOURS["pink"] * 0.8),
    ]


@kind("snow", "studio", "snow", "tiles")
def _penguin(look: Look) -> list[Part]:
    back = look.paint("black", "navy", "grey", "black")
    belly = where(
        back,
        _WHITE,
        lambda p: (
            step(np.hypot(p[0] * 1.5, (p[1] - 0.85) * 0.8), 0.62, 0.56) * (p[2] > 0)
            + step(np.hypot(np.abs(p[0]) - 0.16, p[1] - 1.86), 0.24, 0.2) * (p[2] > 0)
        ),
    )
    body = rod((0, 0.62, 0), (0, 1.3, 0), 0.6, 0.45).blend(ball(0.42).at(y=1.85), 0.15)
    wings = ball(0.12, 0.55, 0.25).turn(z=look.some(15, 50)).at(0.68, 1.05).twin(0)
    feet = ball(0.25, 0.09, 0.34).at(0.26, 0.08, 0.3).twin(0) | rod((0, 1.8, 0.38), (0, 1.74, 0.66), 0.12, 0.03)
    return [
        Part(body, belly, 0.15),
        Part(wings, back, 0.15),
        Part(feet, COLOURS["orange"], 0.15),
        _eyes(0.16, 1.95, 0.36, 0.065),
    ]


@kind("grass", "paving", "studio", "sand")
def _snail(look: Look) -> list[Part]:
    shell, line = (
        look.paint("brown", "pink", "turquoise", "yellow", "purple", "orange"),
        look.other("beige", "white", "black"),
    )
    spiral = where(
        shell,
        line,
        lambda p: step(
            np.abs(
                ((np.hypot(p[0] + 0.2, p[1] - 0.9) * 3.4 + np.arctan2(p[1] - 0.9, p[0] + 0.2) / (2 * np.pi)) % 1) - 0.5
            ),
            0.16,
            0.1,
        ),
    )
    foot = rod((-1.2, 0.1, 0), (0.6, 0.2, 0), 0.08, 0.22).blend(rod((0.6, 0.25, 0), (0.95, 0.85, 0), 0.22, 0.2), 0.15)
    horns = rod((1, 0.95, 0.08), (1.2, 1.4, 0.2), 0.05, 0.04).twin(2) | ball(0.08).at(1.2, 1.42, 0.2).twin(2)
    return [Part(ball(0.8, 0.78, 0.42).at(-0.2, 0.92), spiral, 0.35), Part(foot | horns, COLOURS["beige"] * 0.8, 0.2)]


@kind("grass", "studio", "wood", "grass")
def _ladybird(look: Look) -> list[Part]:
    red = look.paint("red", "orange", "yellow", "red")

    def dots(p):
        spots = [(0, 0.55), (0.5, 0.3), (-0.15, 0.85), (-0.55, 0.4), (0.12, 0.2)]
        shown = np.abs(p[2]) < 0.035
        for x, z in spots:
            shown = np.maximum(shown, step(np.hypot(p[0] - x, np.abs(p[2]) - z * 0.9), 0.17, 0.14))
        return shown

    head = ball(0.42, 0.35, 0.45).at(0.9, 0.3)
    horns = tube(0.035, (1.15, 0.5, 0.15), (1.35, 0.75, 0.25), (1.5, 0.8, 0.35)).twin(2)
    legs = (
        rod((-0.5, 0.3, 0.7), (-0.7, 0.03, 1.1), 0.06).twin(2)
        | rod((0, 0.3, 0.8), (0, 0.03, 1.2), 0.06).twin(2)
        | rod((0.5, 0.3, 0.7), (0.7, 0.03, 1.05), 0.06).twin(2)
    )
    eyes = ball(0.1).at(1.15, 0.45, 0.24).twin(2)
    return [
        Part(ball(1, 0.85, 0.95).at(y=0.15) & box(3, 2, 3, 0).at(y=0.12), where(red, _BLACK, dots), 0.4),
        Part(head | horns | legs, _BLACK, 0.3),
        Part(eyes, _WHITE, 0.4),
    ]
