"""Cameras over roads: where each stands, its road, its light, and what its sensor does to a picture."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from demos.shared.render.look import Look, linear, noise, step
from demos.vehicles.render.light import Light, Shadows, grain

N_CAMERAS = 32


@dataclass(frozen=True, eq=False)
class Camera:
    """The style of a camera; angles in radians, lengths in metres.

    `azimuth` 0 looks at rears, pi at fronts. `pixels` is how long a vehicle's longer side is on the sensor.
    """

    number: int
    height: float
    elevation: float
    azimuth: float
    roll: float
    pixels: float
    light: Light
    road: np.ndarray
    lines: np.ndarray
    verge: np.ndarray
    lane: float
    dashed: float
    balance: np.ndarray
    exposure: float
    contrast: float
    veil: float
    saturation: float
    blur: float
    sharpen: float
    noise: float
    quality: int
    lamps: float


_VIEWS = (0, 24, 180, -28, 8, 152, -48, 62)  # degrees: mostly rears, some fronts and three-quarter views
_TIMES = {  # colours of sun, sky and horizon; how bright and how high the sun is
    "day": ("fff2dc", "9fc0ee", "d8e4f0", 1.8, 0.9), "overcast": ("ffffff", "d6dde6", "dfe3e8", 0.35, 1.2),
    "haze": ("fff0d0", "cfd8e0", "efeadf", 1.2, 0.6), "evening": ("ffc890", "8fa4cc", "f6cfa4", 1.5, 0.35),
    "night": ("ffc98a", "262c3c", "4a4038", 1.0, 1.6),
}  # fmt: skip
_DAY = ("day", "overcast", "day", "haze", "overcast", "evening", "day", "night")


def make_camera(number: int) -> Camera:
    """The camera of this number."""
    look = Look("road camera", number)
    time = _DAY[(number * 5 + number // 8) % 8]
    road = _colour(look, "6c6e72", "8a8a88", "55585c", "7d7a76", "96948f")
    light = _make_light(look, time, road)
    level = float((light.sun_colour * light.sun[1] + light.sky * 0.6 + light.horizon * 0.4).mean())
    dark = time == "night"
    return Camera(
        number=number,
        height=look.some(4, 9),
        elevation=np.deg2rad(look.some(12, 22) if number % 3 == 1 else look.some(20, 38)),
        azimuth=np.deg2rad(_VIEWS[number % 8] + look.some(-9, 9)),
        roll=np.deg2rad(look.some(-3, 3)),
        pixels=look.some(64, 140),
        light=light,
        road=road,
        lines=_colour(look, "e8e6de", "dcd8c8", "c9c4b4"),
        verge=_colour(look, "5f7a3a", "8d8a84", "76705f", "9a958c", "4f6638"),
        lane=look.some(3.0, 3.7),
        dashed=look.some(2.5, 6),
        balance=np.float32([1 + look.some(-0.1, 0.1), 1, 1 + look.some(-0.12, 0.12)]),
        exposure=look.some(0.9, 1.5) / level * (0.7 if dark else 1),
        contrast=look.some(0.9, 1.2),
        veil=look.some(0, 0.08),
        saturation=look.some(0.7, 1.2),
        blur=look.some(0.25, 0.75),
        sharpen=look.some(0, 0.9),
        noise=look.some(0.006, 0.035) * (1.6 if dark else 1),
        quality=int(look.some(40, 92)),
        lamps={"night": 1.0, "evening": 0.6}.get(time, look.some(0, 0.25)),
    )


def _colour(look: Look, *codes: str) -> np.ndarray:
    """One of the colours, linear light (3,)."""
    return linear(str(look.rng.choice(codes)))[:, 0]


def _make_light(look: Look, time: str, road: np.ndarray) -> Light:
    *codes, bright, high = _TIMES[time]
    sun_colour, sky, horizon = (linear(code)[:, 0] * np.float32(look.some(0.85, 1.1)) for code in codes)
    angle = look.some(0, 2 * np.pi)
    sun = np.float32([np.cos(angle), high * look.some(0.8, 1.3), np.sin(angle)])
    sun /= np.linalg.norm(sun)
    sun_colour = sun_colour * np.float32(bright)
    return Light(sun, sun_colour, sky, horizon, road * (0.35 * sky + 0.3 * sun_colour.mean() * sun[1]))


def draw_road(camera: Camera, rays: np.ndarray, eye: np.ndarray, shift: tuple, shadows: Shadows, cover) -> np.ndarray:
    """The light (n, 3) of the road, its lines, its verge and the horizon along rays (n, 3).

    `shift` moves the road's pattern under the vehicles; `cover(points)` says how much sky reaches points (n, 3) of it,
    0 to 1.
    """
    down = np.minimum(rays[:, 1], np.float32(-0.02))
    t = -eye[1] / down
    points = eye + t[:, None] * rays
    x, z = points[:, 0] + shift[0], points[:, 2] + shift[1]
    lane = np.abs(z / camera.lane - np.rint(z / camera.lane)) * camera.lane
    mark = step(lane, 0.1, 0.07) * step(np.abs(x / camera.dashed % 2 - 0.5), 0.52, 0.48)
    edge = np.abs(z + (0.5 if camera.number % 2 else -0.5) * camera.lane) - 1.5 * camera.lane
    mark = np.maximum(mark * (edge < -0.5), step(np.abs(edge), 0.11, 0.08))
    wear = np.clip(0.75 + 0.35 * noise(x, z, 2.2), 0, 1)[:, None] * mark[:, None]
    tracks = 1 - np.float32(0.09) * np.cos(z * np.float32(4 * np.pi / camera.lane))
    surface = (grain(x, z) * tracks)[:, None]
    albedo = camera.road * surface + (camera.lines - camera.road * surface) * wear
    outside = step(edge, 0.45, 0.5)[:, None]
    rough = (1 + np.float32(0.16) * noise(x, z, 2) + np.float32(0.12) * noise(z, x, 9))[:, None]
    albedo = albedo + (camera.verge * rough - albedo) * outside
    rim = step(np.abs(edge - 0.45), 0.16, 0.12)[:, None]
    albedo = albedo + (np.float32(0.35) * (1 - np.float32(0.5) * (x % 2 < 1))[:, None] - albedo) * rim
    light = camera.light
    sky = light.sky * np.float32(0.6) + light.horizon * np.float32(0.4)
    colour = albedo * (
        light.sun_colour * light.sun[1] * shadows.visible(points)[:, None] + sky * cover(points)[:, None]
    )
    far = step(t, 60, 160)[:, None]
    return colour + (light.horizon * np.float32(0.7) - colour) * far


def hide_corner(light: np.ndarray, look: Look) -> None:
    """Draws leaves or a pole before the camera, in place, over a part of the light (height, width, 3)."""
    height, width = light.shape[:2]
    y, x = (v.astype(np.float32) for v in np.mgrid[0:height, 0:width])
    if look.chance(0.4):
        middle = width * (look.some(0, 0.2) if look.chance(0.5) else look.some(0.8, 1))
        half = width * look.some(0.02, 0.06)
        mask = step(np.abs(x - middle + look.some(-0.05, 0.05) * y), half + 2, half - 2)
        colour = np.float32(look.some(0.05, 0.5))
    else:
        u, v = (look.rng.choice([0, size]) for size in (width, height))
        reach = np.hypot(x - u, y - v) / max(width, height)
        mask = step(
            0.45 * noise(x + look.some(0, 99), y, max(width, height) * look.some(0.4, 0.8)) - 6 * reach, -2, -1.4
        )
        colour = linear(look.rng.choice(["3f5a2a", "5f7a3a", "2c3d20"]))[:, 0] * np.float32(look.some(0.4, 1.2))
    light += (colour - light) * mask[..., None]


def expose(camera: Camera, light: np.ndarray, width: int, height: int, look: Look) -> Image.Image:
    """The sensor's picture (height, width) of linear light (2 height, 2 width, 3), compressed as a JPEG file."""
    light = light.reshape(height, 2, width, 2, 3).mean((1, 3))
    blur = camera.blur * look.some(0.8, 1.25)
    light = gaussian_filter(light, (blur, blur, 0))
    if look.chance(0.25):  # it moves while the shutter is open
        light = gaussian_filter1d(light, look.some(0.4, 1.6), axis=look.chance(0.4))
    light = light * (camera.balance * np.float32(camera.exposure * look.some(0.85, 1.18)))
    grey = light.mean(2, keepdims=True)
    light = np.maximum(grey + (light - grey) * np.float32(camera.saturation), 0)
    light = light + np.sqrt(light + 0.02) * look.rng.normal(0, camera.noise, light.shape).astype(np.float32)
    values = (1 - np.exp(-1.25 * np.maximum(light, 0))) ** np.float32(1 / 2.2)
    values = camera.veil + (1 - camera.veil) * (0.5 + (values - 0.5) * camera.contrast)
    values += camera.sharpen * (values - gaussian_filter(values, (1, 1, 0)))
    picture = Image.fromarray((255 * np.clip(values, 0, 1) + 0.5).astype(np.uint8))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(np.clip(camera.quality + look.some(-8, 8), 25, 95)))
    return Image.open(file).convert("RGB")
