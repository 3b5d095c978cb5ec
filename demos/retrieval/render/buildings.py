"""Buildings, and what stands in the open."""

import numpy as np

from demos.retrieval.render.look import BRIGHT, COLOURS, PALE, Look, Part, kind, step, where
from demos.retrieval.render.shapes import ball, box, cone, cylinder, extrude, lathe, ring, rod

_WHITE, _BLACK = (COLOURS[name] for name in ("white", "black"))
_PANE = np.array([[0.05], [0.09], [0.13]], np.float32)


def _brick(colour: np.ndarray, size: float = 0.16):
    """Courses of bricks around the y axis or along walls."""

    def wall(p):
        row = np.floor(p[1] / size)
        along = np.where(np.abs(p[0]) > np.abs(p[2]), p[2], p[0]) / (2 * size) + 0.5 * (row % 2)
        joint = np.maximum(np.abs(p[1] / size - row - 0.5), 2 * np.abs(along - np.floor(along) - 0.5) - 0.5)
        tone = 1 + 0.12 * np.sin(row * 7.1 + np.floor(along) * 3.7)
        return colour * tone * (1 - 0.35 * step(joint, 0.4, 0.46))

    return wall


@kind("grass", "studio", "snow", "grass", "paving")
def _house(look: Look) -> list[Part]:
    wall, roof = (
        look.paint("white", "yellow", "pink", "light blue", "beige", "red", "turquoise"),
        look.other("red", "brown", "navy", "dark green", "grey"),
    )
    h = look.some(1, 1.5)
    body = box(2.2, h, 1.5, 0.01) | extrude(2.2, (-0.75, 0), (0.75, 0), (0, 0.8), edge=0.01).turn(y=90).at(y=h)
    slope = box(2.5, 0.1, 1.25).turn(x=46.8).at(0, h + 0.43, 0.42).twin(2)
    frames = box(0.52, 0.52, 0.06).at(0.68, h * 0.45, 0.75).twin(0) | box(0.06, 0.46, 0.5).at(1.1, h * 0.45, 0).twin(0)
    panes = box(0.4, 0.4, 0.06).at(0.68, h * 0.45 + 0.06, 0.78).twin(0) | box(0.06, 0.36, 0.4).at(
        1.13, h * 0.45 + 0.05, 0
    ).twin(0)
    bars = box(0.05, 0.4, 0.06).at(0.68, h * 0.45 + 0.06, 0.8).twin(0) | box(0.4, 0.05, 0.06).at(
        0.68, h * 0.45 + 0.24, 0.8
    ).twin(0)
    door = Part(box(0.42, 0.72, 0.08).at(0, 0, 0.76), look.other(*BRIGHT), 0.15)
    chimney = Part(box(0.26, 0.7, 0.26).at(look.turn((0.6, -0.6)), h + 0.45, -0.25), _brick(COLOURS["copper"], 0.08))
    return [
        Part(body, wall, 0),
        Part(slope, lambda p: roof * (1 - 0.3 * (np.sin(p[1] * 30) > 0.6)), 0.03),
        Part(frames | bars, _WHITE),
        Part(panes, _PANE, 0.5),
        door,
        chimney,
    ]


@kind("grass", "studio", "sand", "grass", "water")
def _castle(look: Look) -> list[Part]:
    stone, flag = look.paint("stone", "beige", "grey", "tan", "white"), look.other("red", "blue", "yellow", "purple")
    look.name = ""
    towers = cylinder(0.4, 1.7).at(1, 0, 0.7).twin(0).twin(2) | cylinder(0.48, 0.35).at(1, 1.6, 0.7).twin(0).twin(2)
    keep, wall = (
        box(0.95, 2.1, 0.8) | box(1.1, 0.35, 0.95).at(y=2),
        box(2, 0.95, 0.2).at(0, 0, 0.7).twin(2) | box(0.2, 0.95, 1.4).at(1).twin(0),
    )
    notches = (
        box(0.14, 0.3, 3, 0).at(y=2.28)
        | box(0.14, 0.3, 3, 0).at(0.32, 2.28).twin(0)
        | box(3, 0.3, 0.14, 0).at(0, 2.28, 0.2).twin(2)
    )
    notches = notches | box(0.12, 0.3, 3, 0).at(0.3, 0.86).twin(0) | box(0.12, 0.3, 3, 0).at(y=0.86)
    gate = extrude(0.3, (-0.26, 0), (-0.26, 0.4), (-0.15, 0.6), (0.15, 0.6), (0.26, 0.4), (0.26, 0), edge=0).at(
        0, 0, 0.72
    )
    roofs = cone(0.56, 0.02, 0.85).at(1, 1.94, 0.7).twin(0).twin(2)
    windows = box(0.13, 0.3, 0.05).at(1, 1.1, 1.1).twin(0) | box(0.14, 0.32, 0.1).at(0.2, 1.4, 0.39).twin(0)
    cloth = box(0.5, 0.28, 0.03).at(0.25, 2.85)
    return [
        Part((towers | keep | wall) - notches - gate, _brick(stone), 0),
        Part(roofs, flag * 0.8, 0.1),
        Part(windows, _BLACK * 0.6),
        Part(rod((0, 2.2, 0), (0, 3.15, 0), 0.03), _BLACK),
        Part(cloth, flag, 0.05),
        Part(box(0.5, 0.5, 0.04).at(0, 0, 0.66), COLOURS["dark wood"]),
    ]


@kind("grass", "water", "sand", "studio")
def _lighthouse(look: Look) -> list[Part]:
    stripes = where(
        _WHITE, look.paint("red", "blue", "black", "green", "orange"), lambda p: (p[1] * 2.1 % 2 < 1).astype(np.float32)
    )
    tower = cone(0.55, 0.34, 2.4)
    gallery = (
        cylinder(0.5, 0.08).at(y=2.4)
        | ring(0.47, 0.025).at(y=2.66)
        | rod((0.47, 2.4, 0), (0.47, 2.66, 0), 0.02).around(10)
    )
    lamp = Part(cylinder(0.25, 0.42).at(y=2.48), np.array([[2.2], [1.7], [0.7]], np.float32), 0.3)
    top = lathe((0, 2.88), (0.36, 2.88), (0.2, 3.1), (0.03, 3.2), (0.02, 3.4), (0, 3.4))
    rocks = (
        ball(0.6, 0.22, 0.5).at(0.5, 0, 0.2)
        | ball(0.7, 0.28, 0.6).at(-0.35, 0, -0.1)
        | ball(0.4, 0.2, 0.4).at(0, 0, 0.55)
    )
    windows = box(0.16, 0.26, 1.2).at(y=0.75) & cone(0.56, 0.36, 2.4) | box(0.14, 0.24, 0.9).at(y=1.7) & cone(
        0.56, 0.36, 2.4
    )
    return [
        Part(tower, stripes, 0.1),
        Part(gallery, _BLACK, 0.2),
        lamp,
        Part(top, COLOURS[look.name] * 0.8, 0.2),
        Part(rocks, COLOURS["grey"] * 0.6),
        Part(windows, _BLACK * 0.6, 0.2),
    ]


@kind("grass", "grass", "studio", "sand")
def _windmill(look: Look) -> list[Part]:
    wall, cap = (
        look.paint("white", "beige", "red", "stone", "light blue"),
        look.other("red", "brown", "navy", "dark green"),
    )
    angle = look.some(0, 90)
    sail = rod((0, 0, 0), (1.35, 0, 0), 0.035) | box(0.95, 0.32, 0.03).at(0.85, -0.33) - box(0.09, 0.08, 1, 0).at(
        0.55, -0.2
    )
    spread = (sail | sail.turn(z=90) | sail.turn(z=180) | sail.turn(z=270)).turn(z=angle).at(0, 2, 0.72)
    door, window = box(0.36, 0.62, 0.3).at(0, 0, 0.5), box(0.22, 0.26, 0.3).at(0, 1.15, 0.36)
    return [
        Part(cone(0.75, 0.48, 2), _brick(wall) if look.number % 2 else wall, 0),
        Part(lathe((0, 2), (0.58, 2), (0.4, 2.4), (0, 2.6)), cap, 0.1),
        Part(spread, COLOURS["beige"] * 0.9, 0),
        Part(rod((0, 2, 0.3), (0, 2, 0.78), 0.09), _BLACK),
        Part(door | window, COLOURS["dark wood"]),
    ]


@kind("grass", "sand", "snow", "grass", "studio")
def _tent(look: Look) -> list[Part]:
    cloth, other = look.paint("orange", "blue", "green", "red", "yellow", "turquoise", "purple"), look.other(*PALE)
    outline = ((-1.15, 0), (1.15, 0), (0.5, 0.7), (0, 1.45), (-0.5, 0.7))
    body = extrude(2.2, *outline, edge=0.03)
    door = extrude(0.3, (-0.5, 0), (0.5, 0), (0, 1.2), edge=0).at(z=1.1)
    stripes = where(cloth, other, lambda p: (np.abs(p[2] % 0.9 - 0.45) < 0.1) * (look.number % 2))
    flap = extrude(0.04, (0.12, 0), (0.62, 0), (0.05, 1.25)).turn(y=-28).at(0.08, 0, 1.12)
    ropes = rod((0, 1.42, 1.1), (0, 0, 1.7), 0.015) | rod((0.6, 0.6, 0.9), (1.6, 0, 1.1), 0.015).twin(0).twin(2)
    return [
        Part(body - door, stripes, 0.03),
        Part(flap, other, 0),
        Part(ropes, _WHITE),
        Part(box(0.8, 1, 0.02).at(z=0.98) & extrude(3, *outline), _BLACK * 0.8),
    ]


@kind("asphalt", "paving", "studio", "asphalt")
def _traffic_cone(look: Look) -> list[Part]:
    cone_ = where(
        look.paint("orange", "red", "lime", "blue"),
        _WHITE,
        lambda p: np.maximum(step(np.abs(p[1] - 1.35), 0.16, 0.14), step(np.abs(p[1] - 0.75), 0.13, 0.11)),
    )
    return [
        Part(cone(0.55, 0.12, 1.9).grow(0.02), cone_, 0.15),
        Part(box(1.5, 0.12, 1.5, 0.05), COLOURS["black"] if look.number % 2 else COLOURS[look.name], 0.1),
    ]
