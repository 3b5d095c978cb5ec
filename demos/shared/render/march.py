"""Objects of signed distance fields as pictures: sphere tracing, soft shadows, ambient occlusion.

After John C. Hart, "Sphere tracing" (1996), and for shadows and occlusion Inigo Quilez,
https://iquilezles.org/articles/rmshadows. Rays and points are columns of arrays float32 (3, n).
"""

from functools import reduce
from typing import NamedTuple

import numpy as np

from demos.shared.render.look import COLOURS, Colour, Kind, Look, mix, step
from demos.shared.render.settings import Setting, choose_setting
from demos.shared.render.shapes import Shape, rotation

SIDE = 192  # pixels
_STEPS = 64
_NEAR = 0.0015  # of the object's size: what counts as touching it
_LENS = 3.4  # focal length, in halves of a picture


def normalize(v: np.ndarray) -> np.ndarray:
    """Vectors (3, n) at length 1."""
    return v / np.sqrt((v * v).sum(0) + 1e-12)


class Part(NamedTuple):
    """A piece of an object: its shape, its colour, for each point or by name, and how much it mirrors, 0 to 1."""

    shape: Shape
    colour: Colour | str
    gloss: float = 0.12

    def paint(self, points: np.ndarray) -> np.ndarray:
        """The colour at points of its surface, float32 (3, n) or (3, 1)."""
        if isinstance(self.colour, str):
            return COLOURS[self.colour]
        return self.colour(points) if callable(self.colour) else self.colour


class Scene:
    """An object, some parts, where it stands, and the light that falls on it from `sun`, a direction (3, 1)."""

    def __init__(self, parts: list[Part], setting: Setting, sun: np.ndarray):
        self.parts, self.setting, self.sun = parts, setting, normalize(sun.astype(np.float32))
        self.radius = np.float32(1)
        self.surface = self._sample()
        low, high = self.surface.min(1), self.surface.max(1)
        self.centre = ((low + high) / 2)[:, None]
        self.radius = np.float32(np.sqrt(((self.surface - self.centre) ** 2).sum(0)).max() + 0.05)

    def _sample(self) -> np.ndarray:
        """Points (3, n) of the object's surface, from a grid."""
        ticks = np.linspace(-2.2, 2.2, 20, dtype=np.float32)
        grid = np.stack(np.meshgrid(ticks, ticks + 1.8, ticks, indexing="ij")).reshape(3, -1)
        gap = distance(self.parts, grid)
        near = np.abs(gap) < 0.2
        return grid[:, near] - gap[near] * self._normals(grid[:, near])

    def colours(self, eye: np.ndarray, rays: np.ndarray) -> np.ndarray:
        """What comes to the eye (3, 1) along rays of length 1: linear light (3, n)."""
        light = self._background(eye, rays)
        hit, t = self._march(eye, rays)
        points = eye + t * rays[:, hit]
        near = np.stack([part.shape(points) for part in self.parts]).argmin(0)
        albedo, gloss = np.empty_like(points), np.array([part.gloss for part in self.parts], np.float32)[near]
        for k, part in enumerate(self.parts):
            if (mine := near == k).any():
                albedo[:, mine] = part.paint(points[:, mine])
        light[:, hit] = self._shade(albedo, gloss, points, rays[:, hit])
        return light

    def _shade(self, albedo: np.ndarray, gloss: np.ndarray, points: np.ndarray, rays: np.ndarray) -> np.ndarray:
        """The light that a surface sends along rays to the eye."""
        normals = self._normals(points)
        lit = np.maximum((normals * self.sun).sum(0), 0)
        towards = np.flatnonzero(lit)
        lit[towards] *= self._sun_visibility(points[:, towards] + 0.01 * normals[:, towards])
        sky_visibility = self._sky_visibility(points, normals)
        ambient = (0.62 + 0.38 * normals[1]) * sky_visibility
        mirrored = rays - 2 * (rays * normals).sum(0) * normals
        rim = (1 - np.clip(-(rays * normals).sum(0), 0, 1)) ** 4
        mirror = gloss * (0.3 + 0.7 * rim) * (0.35 + 0.65 * sky_visibility)
        spark = gloss * 2.2 * np.maximum((mirrored * self.sun).sum(0), 0) ** (20 + 120 * gloss) * (lit > 0)
        diffuse = albedo * (self.setting.sun * lit + self.setting.shade * ambient)
        metal = step(gloss, 0.55, 0.8)
        bright = self.setting.sky(mirrored) + 0.3 * self.setting.sun * step(mirrored[1], 0.5, 0.9)
        sky = mix(0.45 * self.setting.shade, bright, step(mirrored[1], -0.25, 0.2))
        return diffuse * (1 - 0.75 * metal) + sky * mirror * mix(1, 1.6 * albedo, metal) + spark * mix(1, albedo, metal)

    def _background(self, eye: np.ndarray, rays: np.ndarray) -> np.ndarray:
        """The ground and the sky."""
        light = self.setting.sky(rays)
        down = np.flatnonzero(rays[1] < -0.01)
        if self.setting.ground is None or not down.size:
            return light
        rays = rays[:, down]
        t = -eye[1] / rays[1]
        points = eye + t * rays
        normal = np.array([[0], [1], [0]], np.float32)
        sun = self.setting.sun * self.sun[1] * self._sun_visibility(points + 0.01 * normal)
        sky = self.setting.shade * self._sky_visibility(points, normal)
        ground = self.setting.ground(points[0], points[2]) * (sun + sky)
        if self.setting.shine:
            mirrored = rays * np.array([[1], [-1], [1]], np.float32)
            ground = ground + self.setting.shine * (1 + rays[1]) ** 2 * self.setting.sky(mirrored)
        away = np.hypot(points[0] - self.centre[0], points[2] - self.centre[2]) / self.radius
        light[:, down] = mix(ground, light[:, down], step(away, 0.25 * self.setting.haze, self.setting.haze))
        return light

    def _crossing(self, eye: np.ndarray, rays: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which rays meet the sphere around the object, and where they enter and leave it."""
        to_eye = eye - self.centre
        along = (to_eye * rays).sum(0)
        inside = along * along - (to_eye * to_eye).sum(0) + self.radius**2
        hit = np.flatnonzero((inside > 0) & (np.sqrt(np.maximum(inside, 0)) > along))
        half = np.sqrt(inside[hit])
        return hit, np.maximum(-along[hit] - half, 0), -along[hit] + half

    def _march(self, eye: np.ndarray, rays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which rays hit the object, and how far from the eye."""
        going, t, end = self._crossing(eye, rays)
        found, places = [going[:0]], [t[:0]]
        close = _NEAR * self.radius
        for _ in range(_STEPS):
            gap = distance(self.parts, eye + t * rays[:, going])
            done = gap < close
            found.append(going[done])
            places.append(t[done])
            t = t + 0.92 * gap
            keep = ~done & (t < end)
            going, t, end = going[keep], t[keep], end[keep]
        return np.concatenate(found), np.concatenate(places)

    def _normals(self, points: np.ndarray) -> np.ndarray:
        """By differences along the corners of a tetrahedron."""
        corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], np.float32)[:, :, None]
        width = np.float32(0.007 * self.radius)
        return normalize(sum(corner * distance(self.parts, points + width * corner) for corner in corners))

    def _sun_visibility(self, points: np.ndarray) -> np.ndarray:
        """How much of the sun reaches points, 0 to 1; a shadow is softer the farther it is from what throws it."""
        visibility = np.ones(points.shape[1], np.float32)
        going, t, end = self._crossing(points, np.broadcast_to(self.sun, points.shape))
        t = np.maximum(t, 0.02)
        for _ in range(22):
            gap = distance(self.parts, points[:, going] + t * self.sun)
            visibility[going] = np.minimum(visibility[going], np.clip(0.5 + 7 * gap / (t + 0.1), 0, 1))
            t = t + np.clip(gap, 0.03, 0.25)
            keep = (t < end) & (visibility[going] > 0.02)
            going, t, end = going[keep], t[keep], end[keep]
        return visibility * visibility * (3 - 2 * visibility)

    def _sky_visibility(self, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """How much of the sky reaches points, 0 to 1, from how near other surfaces are along the normal."""
        visibility = np.ones(points.shape[1], np.float32)
        near = np.flatnonzero(((points - self.centre) ** 2).sum(0) < (1.6 * self.radius) ** 2)
        points, normals = points[:, near], np.broadcast_to(normals, points.shape)[:, near]
        for k in (1, 2, 3):
            reach = np.float32(0.1 * k * self.radius)
            gap = distance(self.parts, points + reach * normals)
            if self.setting.ground is not None:
                gap = np.minimum(gap, points[1] + reach * normals[1])
            visibility[near] -= 0.42 / 2**k * np.clip(1 - gap / reach, 0, 1.3)
        return np.clip(visibility, 0, 1)


def distance(parts: list[Part], points: np.ndarray) -> np.ndarray:
    """How far points are from the nearest part."""
    return reduce(np.minimum, [part.shape(points) for part in parts])


def aim(scene: Scene, frame: np.ndarray, fill: float) -> np.ndarray:
    """Where the eye stands, float32 (3, 1), so that the object fills this share of the picture.

    The columns of `frame` (3, 3) point to the right, up and back to the eye.
    """
    turned = frame.T @ (scene.surface - scene.centre)
    away, shift = 3 * scene.radius, np.zeros((2, 1), np.float32)
    for _ in range(4):  # the nearer the larger, so not in one step
        flat = _LENS * (turned[:2] - shift) / (away - turned[2])
        low, high = flat.min(1), flat.max(1)
        shift = shift + ((low + high) / 2)[:, None] * away / _LENS
        away = max(away * float((high - low).max()) / (2 * fill), 1.3 * scene.radius)
    eye = scene.centre + frame @ np.vstack([shift, [[away]]]).astype(np.float32)
    if scene.setting.ground is not None:
        eye[1] = max(eye[1], 0.12 * scene.radius)
    return eye


def render_scene(scene: Scene, eye: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """The picture, uint8 (SIDE, SIDE, 3); pixels on an edge are the mean of four places in them."""

    def shot(x, y):
        flat = np.stack([x, -y, np.full_like(x, -_LENS)]).astype(np.float32)
        return _tone_map(scene.colours(eye, normalize(frame @ flat)))

    y, x = (v.ravel() for v in (np.mgrid[0:SIDE, 0:SIDE] + 0.5) / (SIDE / 2) - 1)
    picture = shot(x, y)
    rough = np.flatnonzero(_edges(picture.reshape(3, SIDE, SIDE)).ravel())
    corners = np.array([(-0.125, -0.375), (0.375, -0.125), (0.125, 0.375), (-0.375, 0.125)])[..., None] * 2 / SIDE
    places = ((v[rough] + corners[:, k]).ravel() for k, v in enumerate((x, y)))
    picture[:, rough] = shot(*places).reshape(3, 4, -1).mean(1)
    return _pixels(picture)


def _tone_map(light: np.ndarray) -> np.ndarray:
    """Linear light as sRGB, 0 to 1; what is bright is held back (Narkowicz's fit of the ACES curve)."""
    light = np.maximum(light, 0) * np.float32(0.62)
    values = light * (2.51 * light + 0.03) / (light * (2.43 * light + 0.59) + 0.14)
    return np.clip(values, 0, 1) ** np.float32(1 / 2.2)


def _edges(picture: np.ndarray) -> np.ndarray:
    """Where neighbours in a picture (3, h, w) differ: bool (h, w)."""
    down, across = (np.abs(np.diff(picture, axis=axis)).max(0) > 0.06 for axis in (1, 2))
    edge = np.zeros(picture.shape[1:], bool)
    edge[:-1] |= down
    edge[1:] |= down
    edge[:, :-1] |= across
    edge[:, 1:] |= across
    return edge


def draw_object(look: Look, kind: Kind) -> np.ndarray:
    """An object in one of its settings, seen and lit from a side by chance: uint8 (SIDE, SIDE, 3)."""
    parts = [Part(*made) for made in kind.parts(look)]
    place = choose_setting(kind.settings[(look.number + look.start // 7) % len(kind.settings)], look)
    roll = look.some(-3, 3) if place.ground else look.some(-14, 14)
    azimuth = look.some(-55, 55)
    side = np.deg2rad(azimuth + look.some(25, 75) * look.turn(1, -1, -1, 1, -1))
    scene = Scene(parts, place, np.array([[np.sin(side)], [look.some(0.5, 1.3)], [np.cos(side)]]))
    frame = rotation(0, azimuth, 0) @ rotation(-look.some(*kind.tilt), 0, 0) @ rotation(0, 0, roll)
    return render_scene(scene, aim(scene, frame, look.some(0.68, 0.84)), frame)


def to_pixels(light: np.ndarray) -> np.ndarray:
    """Linear light (3, SIDE * SIDE), 0 to 1, as a picture uint8 (SIDE, SIDE, 3)."""
    return _pixels(np.clip(light, 0, 1) ** np.float32(1 / 2.2))


def _pixels(values: np.ndarray) -> np.ndarray:
    return (255 * values.T.reshape(SIDE, SIDE, 3) + 0.5).astype(np.uint8)
