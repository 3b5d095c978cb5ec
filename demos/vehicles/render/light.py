"""Light on vehicles and roads: sun with shadows, sky, reflections, lamps. Colours are linear light, float32."""

from dataclasses import dataclass

import numpy as np

from demos.shared.render.look import noise, step
from demos.shared.render.mesh import Geometry
from demos.shared.render.raster import View, dot, rasterize

_LINEAR = ((np.arange(256) / 255) ** 2.2).astype(np.float32)
_MAP = 112  # a side of the shadow map
# What a material mirrors from the front, how sharp the sun's spark is, and how bright: matte, paint, glass, chrome,
# satin, brake lamp, headlamp, indicator.
_MIRROR = np.float32([0.01, 0.045, 0.06, 0.5, 0.025, 0.06, 0.12, 0.06])
_SHARP = np.float32([6, 70, 200, 60, 14, 60, 120, 60])
_SPARK = np.float32([0.03, 1.2, 4, 1.5, 0.12, 0.8, 1.5, 0.8])


@dataclass(frozen=True, eq=False)
class Light:
    """`sun`: direction (3,) towards it; colours (3,) of the sun, the sky above, its horizon and what the road sends."""

    sun: np.ndarray
    sun_colour: np.ndarray
    sky: np.ndarray
    horizon: np.ndarray
    bounce: np.ndarray

    def mirrored(self, rays: np.ndarray) -> np.ndarray:
        """What comes from directions (n, 3): road, a dark line of houses and trees, horizon and sky."""
        up = rays[:, 1:2]
        high = self.horizon + (self.sky - self.horizon) * step(up, 0.15, 0.9)
        line = np.float32(0.08) + np.float32(0.06) * np.sin(rays[:, :1] * 9 + 3 * rays[:, 2:3])
        town = np.float32(0.25) * self.horizon
        below = self.bounce + (town - self.bounce) * step(up, -0.06, -0.01)
        return below + (high - below) * step(up, line, line + np.float32(0.05))


@dataclass(frozen=True, eq=False)
class Placed:
    """A vehicle in the world: its mesh, and vertices and normals (n, 3) where they are; `on` says which lamps shine."""

    mesh: Geometry
    vertices: np.ndarray
    normals: np.ndarray
    brake: float = 0
    lamps: float = 0
    signal: float = 0


def place(mesh: Geometry, x: float, z: float, yaw: float, lean: float = 0, **lamps: float) -> Placed:
    """Puts a mesh on the road, turned to the right by `yaw` and leaning to the right by `lean`, in radians."""
    c, s = np.cos(lean), np.sin(lean)
    roll = np.float32([[1, 0, 0], [0, c, -s], [0, s, c]])
    c, s = np.cos(yaw), np.sin(yaw)
    turn = np.float32([[c, 0, -s], [0, 1, 0], [s, 0, c]]) @ roll
    return Placed(mesh, mesh.vertices @ turn.T + np.float32([x, 0, z]), mesh.normals @ turn.T, **lamps)


class Shadows:
    """Where the sun does not reach, as a map of depths seen from it."""

    def __init__(self, placed: list[Placed], sun: np.ndarray):
        aside = np.cross(sun, (0, 1, 0))
        aside /= np.linalg.norm(aside)
        self.axes = np.stack([aside, np.cross(aside, sun), sun]).astype(np.float32)
        vertices = np.concatenate([one.vertices for one in placed])
        faces, start = [], 0
        for one in placed:
            faces.append(one.mesh.faces + start)
            start += len(one.vertices)
        turned = vertices @ self.axes.T
        self.low = turned.min(0) - 0.1
        self.scale = np.float32((_MAP - 2) / max((turned.max(0) - self.low)[:2].max(), 0.1))
        places = (turned[:, :2] - self.low[:2]) * self.scale
        height = (turned[:, 2] - self.low[2]) / np.float32(40)
        seen = rasterize(places, height, np.concatenate(faces), _MAP, _MAP)
        depth = np.full(_MAP * _MAP, -1e3, np.float32)
        depth[seen.pixels] = 40 / seen.depth
        self.depth = depth.reshape(_MAP, _MAP)

    def visible(self, points: np.ndarray) -> np.ndarray:
        """How much of the sun reaches points (n, 3), 0 to 1."""
        turned = points @ self.axes.T - self.low
        u, v = turned[:, 0] * self.scale, turned[:, 1] * self.scale
        lit = np.zeros(len(points), np.float32)
        for du, dv in ((-0.45, -0.2), (0.45, 0.2), (0.15, -0.6), (-0.15, 0.6)):
            i, j = (v + dv).astype(np.int32), (u + du).astype(np.int32)
            inside = (i >= 0) & (i < _MAP) & (j >= 0) & (j < _MAP)
            i, j = np.where(inside, i, 0), np.where(inside, j, 0)
            lit += ~(inside & (self.depth[i, j] > turned[:, 2] + np.float32(0.12)))
        return lit / 4


def shade(one: Placed, light: Light, view: View, shadows: Shadows, uv, normals, points) -> np.ndarray:
    """The light (n, 3) that pixels of a vehicle send to the eye."""
    rays = points - view.eye
    distance = np.sqrt(dot(rays, rays))[:, None]
    rays = rays / distance
    albedo, kind = _sample(one.mesh, uv, distance.mean() / view.scale)
    normals = normals / (np.sqrt(dot(normals, normals))[:, None] + np.float32(1e-6))
    facing = (normals @ light.sun)[:, None]
    visible = shadows.visible(points + np.float32(0.03) * normals)[:, None] * (facing > 0)
    open_sky = np.clip(np.float32(0.35) + points[:, 1:2] * np.float32(0.8), 0, 1)
    up = np.float32(0.5) * (1 + normals[:, 1:2])
    ambient = (light.sky * np.float32(0.6) + light.horizon * np.float32(0.4)) * up + light.bounce * (1 - up)
    diffuse = albedo * (light.sun_colour * np.maximum(facing, 0) * visible + ambient * open_sky)
    cosine = dot(rays, normals)[:, None]
    mirrored = rays - 2 * cosine * normals
    base = _MIRROR[kind][:, None]
    fresnel = base + np.where(kind[:, None] == 0, np.float32(0.03), 1 - base) * (1 - np.abs(cosine)).clip(0, 1) ** 5
    spark = np.maximum(mirrored @ light.sun, 0) ** _SHARP[kind] * _SPARK[kind]
    tint = np.where(kind[:, None] == 3, albedo, 1)
    result = diffuse * (1 - base) + fresnel * tint * open_sky * light.mirrored(mirrored)
    result += spark[:, None] * visible * light.sun_colour * np.float32(0.5)
    glow = np.float32([0, 0, 0, 0, 0, one.brake, one.lamps, one.signal])[kind][:, None]
    warm = np.float32([[0, 0, 0]] * 5 + [[1.6, 0.06, 0.05], [1.6, 1.5, 1.25], [1.7, 0.6, 0.05]])[kind]
    return result + glow * warm


def _sample(mesh: Geometry, uv: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Colours (n, 3) and materials (n,) at places of the sheet, from a size that suits pixels `reach` metres wide."""
    level = int(np.clip(np.floor(np.log2(max(reach * 100, 1e-3)) + 0.35), 0, len(mesh.colours) - 1))
    colours, materials = mesh.colours[level], mesh.materials[level]
    u, v = (uv.T / 2**level).astype(np.int32)
    u, v = u.clip(0, colours.shape[1] - 1), v.clip(0, colours.shape[0] - 1)
    return _LINEAR[colours[v, u]], materials[v, u]


def grain(x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """How light a road's surface is at places in metres, mean 1."""
    return 1 + np.float32(0.05) * noise(x, z, 3) + np.float32(0.06) * noise(z, x, 22)
