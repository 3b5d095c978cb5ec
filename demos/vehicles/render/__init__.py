"""Pictures of vehicles as road cameras take them: any number of identities, seen by `N_CAMERAS` cameras.

`render(7, 3)` and `render(7, 12)` show the same vehicle from two cameras. The same arguments always give the same
picture. It needs only NumPy, SciPy and Pillow.
"""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from demos.shared.render.look import Look
from demos.shared.render.raster import View, look_at, rasterize
from demos.vehicles.render.camera import N_CAMERAS, Camera, draw_road, expose, hide_corner, make_camera
from demos.vehicles.render.identity import KINDS, Vehicle, make_neighbour, make_vehicle
from demos.vehicles.render.light import Placed, Shadows, place, shade

__all__ = ["KINDS", "N_CAMERAS", "Rendered", "render"]
_NEIGHBOURS = 16  # vehicles that only stand beside others


@dataclass(frozen=True, eq=False)
class Rendered:
    """A picture of a vehicle: pixels uint8 (height, width, 3), one of KINDS, and a title such as "A red hatchback"."""

    pixels: np.ndarray
    kind: str
    title: str
    identity: int
    camera: int


def render(identity: int, camera: int, number: int = 0, side: int = 128) -> Rendered:
    """The crop of a vehicle in a camera's picture, as a detector would give it, in about 0.05 seconds.

    Args:
        identity: which vehicle, 0 or more.
        camera: 0 to N_CAMERAS - 1.
        number: which pass of the vehicle, 0 or more: place, direction, light, crop and what hides it vary.
        side: the picture's longer side, in pixels.

    Raises ValueError for a vehicle, camera or pass that there is not.
    """
    if identity < 0 or number < 0 or not 0 <= camera < N_CAMERAS:
        raise ValueError(f"no picture {number} of vehicle {identity} by camera {camera}")
    vehicle = make_vehicle(identity)
    look = Look(f"pass {camera} {number}", identity)
    picture = _take(vehicle, make_camera(camera), look)
    factor = side / max(picture.size)
    size = tuple(max(round(v * factor), 1) for v in picture.size)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BICUBIC))
    return Rendered(pixels, vehicle.kind, vehicle.title, identity, camera)


def _take(vehicle: Vehicle, camera: Camera, look: Look) -> Image.Image:
    """The crop on the sensor."""
    one = place(vehicle.mesh, 0, 0, np.deg2rad(look.some(-5, 5)), vehicle.lean * look.some(-1, 1),
                brake=1.0 if look.chance(0.3) else 0.15 * camera.lamps,
                lamps=camera.lamps if look.chance(0.8) else 0.0, signal=1.0 if look.chance(0.05) else 0.0)  # fmt: skip
    low, high = one.vertices.min(0), one.vertices.max(0)
    azimuth, elevation = (
        camera.azimuth + np.deg2rad(look.some(-10, 10)),
        camera.elevation + np.deg2rad(look.some(-3, 3)),
    )
    away = max(camera.height * look.some(0.9, 1.2) / np.sin(elevation), 1.3 * np.linalg.norm(high - low))
    towards = np.float32([-np.cos(azimuth) * np.cos(elevation), np.sin(elevation), np.sin(azimuth) * np.cos(elevation)])
    centre = (low + high) / 2
    view = look_at(centre + away * towards, centre, camera.roll + np.deg2rad(look.some(-1, 1)))
    places, _ = view.project(one.vertices)
    left, top = places.min(0)
    right, bottom = places.max(0)
    margin = [look.some(-0.03, 0.09) * (b - a) for a, b in ((left, right), (top, bottom)) for _ in (0, 1)]
    left, right, top, bottom = left - margin[0], right + margin[1], top - margin[2], bottom + margin[3]
    scale = 2 * camera.pixels * look.some(0.85, 1.1) / max(right - left, bottom - top)
    width, height = (max(int(v * scale / 2), 8) for v in (right - left, bottom - top))
    view = replace(view, scale=scale, shift=(-left * scale, -top * scale))
    placed = [one, *_neighbours(one, camera, view, look)]
    light = _light(view, placed, camera, 2 * width, 2 * height, look)
    if look.chance(0.07):
        hide_corner(light, look)
    return expose(camera, light, width, height, look)


def _neighbours(one: Placed, camera: Camera, view: View, look: Look) -> list[Placed]:
    """Perhaps another vehicle before, behind or beside this one, where it hides little of it."""
    if not look.chance(0.22):
        return []
    other = make_neighbour(int(look.rng.integers(_NEIGHBOURS)))
    (low, high), (a, b) = ((mesh.min(0), mesh.max(0)) for mesh in (one.vertices, other.mesh.vertices))
    side, gap = look.rng.choice([-1, 1]), look.some(0.4, 2.5)
    if look.chance(0.5):
        x, z = (high[0] - a[0] + gap if side > 0 else low[0] - b[0] - gap), look.some(-0.6, 0.6)
    else:
        x, z = look.some(-2.5, 2.5), side * ((high[2] - low[2] + b[2] - a[2]) / 2 + gap / 2)
    yaw, brake = np.deg2rad(look.some(-4, 4)), float(look.chance(0.3))
    other = place(other.mesh, x, z, yaw, brake=brake, lamps=camera.lamps)
    (mine, _), (its, near) = view.project(one.vertices), view.project(other.vertices)
    nearer = np.linalg.norm(other.vertices.mean(0) - view.eye) < np.linalg.norm(one.vertices.mean(0) - view.eye)
    shared = np.minimum(mine.max(0), its.max(0)) - np.maximum(mine.min(0), its.min(0))
    hidden = nearer * np.prod(np.maximum(shared, 0)) / np.prod(np.ptp(mine, axis=0))
    return [other] if near.max() < 1 and hidden < 0.3 else []


def _light(view: View, placed: list[Placed], camera: Camera, width: int, height: int, look: Look) -> np.ndarray:
    """Linear light (height, width, 3) of vehicles on the camera's road."""
    turn = look.some(-0.5, 0.5)
    sun = camera.light.sun
    c, s = np.cos(turn), np.sin(turn)
    light = replace(camera.light, sun=np.float32([c * sun[0] - s * sun[2], sun[1], s * sun[0] + c * sun[2]]))
    camera = replace(camera, light=light)
    shadows = Shadows(placed, light.sun)
    rays = view.rays(width, height)
    image = np.empty((width * height, 3), np.float32)
    vertices = np.concatenate([one.vertices for one in placed])
    starts = np.cumsum([0] + [len(one.vertices) for one in placed])
    faces = np.concatenate([one.mesh.faces + start for one, start in zip(placed, starts, strict=False)])
    bounds = np.cumsum([0] + [len(one.mesh.faces) for one in placed])
    seen = rasterize(*view.project(vertices), faces, width, height)
    rest = np.ones(width * height, bool)
    rest[seen.pixels] = False
    lane = camera.lane * (0.5 if camera.number % 2 else 1) * (int(look.some(0, 2)) if camera.number % 2 else 0)
    shift = (look.some(0, 40), lane + look.some(-0.4, 0.4))
    image[rest] = draw_road(camera, rays[rest], view.eye, shift, shadows, lambda points: _cover(placed, points))
    for k, one in enumerate(placed):
        mine = (seen.faces >= bounds[k]) & (seen.faces < bounds[k + 1])
        if not mine.any():
            continue
        part = replace(seen, pixels=seen.pixels[mine], faces=seen.faces[mine] - bounds[k], weights=seen.weights[mine])
        values = part.interpolate(one.mesh.faces, np.concatenate([one.mesh.uv, one.normals, one.vertices], 1))
        image[part.pixels] = shade(one, light, view, shadows, values[:, :2], values[:, 2:5], values[:, 5:])
    return image.reshape(height, width, 3)


def _cover(placed: list[Placed], points: np.ndarray) -> np.ndarray:
    """How much of the sky reaches the road at points (n, 3), 0 to 1, beside and under vehicles."""
    result = np.ones(len(points), np.float32)
    for one in placed:
        low, high = one.vertices.min(0)[::2] + 0.1, one.vertices.max(0)[::2] - 0.1
        gap = np.maximum(np.maximum(low - points[:, ::2], points[:, ::2] - high), 0)
        result *= 1 - np.float32(0.8) * np.exp(-np.sqrt((gap * gap).sum(1)) / np.float32(0.35))
    return result
