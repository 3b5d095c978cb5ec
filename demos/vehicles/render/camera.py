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
    kerb: float
    balance: np.ndarray
    exposure: float
    contrast: float
    saturation: float
    blur: float
    sharpen: float
    noise: float
    quality: int
    lamps: float


def make_camera(number: int) -> Camera:
    """The camera of this number."""
    look = Look("road camera", number)
    view = number % 8
    azimuth = np.deg2rad((0, 24, 180, -28, 8, 152, -48, 62)[view] + look.some(-9, 9))
    elevation = np.deg2rad(look.some(12, 22) if number % 3 == 1 else look.some(20, 38))
    time = ("day", "overcast", "day", "haze", "overcast", "evening", "day", "night")[(number * 5 + number // 8) % 8]
    day = {  # sun, its height, sky, horizon, exposure
        "day": ("fff2dc", 2.6, 0.9, "9fc0ee", "d8e4f0"), "overcast": ("ffffff", 0.35, 1.2, "d6dde6", "dfe3e8"),
        "haze": ("fff0d0", 1.2, 0.6, "cfd8e0", "efeadf"), "evening": ("ffb870", 2.0, 0.35, "8fa4cc", "f6cfa4"),
        "night": ("ffc98a", 1.0, 1.6, "262c3c", "4a4038"),
    }[time]  # fmt: skip
    angle = look.some(0, 2 * np.pi)
    sun = np.float32([np.cos(angle), day[2] * look.some(0.8, 1.3), np.sin(angle)])
    sky, horizon = (linear(code)[:, 0] * np.float32(look.some(0.85, 1.1)) for code in day[3:])
    road = linear(look.rng.choice(["6c6e72", "8a8a88", "55585c", "7d7a76", "96948f"]))[:, 0]
    light = Light(sun / np.linalg.norm(sun), linear(day[0])[:, 0] * np.float32(day[1]), sky, horizon,
                  road * (0.35 * sky + 0.3 * day[1] * sun[1] / np.linalg.norm(sun)))  # fmt: skip
    gains = np.float32([1 + look.some(-0.14, 0.14), 1, 1 + look.some(-0.16, 0.16)])
    level = float((light.sun_colour * light.sun[1] + sky * 0.6 + horizon * 0.4).mean())
    return Camera(
        number, look.some(4, 9), elevation, azimuth, np.deg2rad(look.some(-3, 3)),
        look.some(58, 128), light, road, linear(look.rng.choice(["e8e6de", "dcd8c8", "c9c4b4"]))[:, 0],
        linear(look.rng.choice(["5f7a3a", "8d8a84", "76705f", "9a958c", "4f6638"]))[:, 0],
        look.some(3.0, 3.7), look.some(2.5, 6), look.some(2.2, 5.5), gains,
        look.some(0.8, 1.3) / level * (0.75 if time == "night" else 1), look.some(0.85, 1.25), look.some(0.7, 1.25),
        look.some(0.3, 0.9), look.some(0, 0.9), look.some(0.006, 0.035) * (1.6 if time == "night" else 1),
        int(look.some(40, 92)), 1.0 if time == "night" else 0.6 if time == "evening" else look.some(0, 0.25),
    )  # fmt: skip


def draw_road(camera: Camera, rays: np.ndarray, eye: np.ndarray, shift: tuple, shadows: Shadows, cover) -> np.ndarray:
    """The light (n, 3) of the road, its lines, its verge and the horizon along rays (n, 3).

    `shift` moves the road's pattern under the vehicles; `cover(x, z)` says how much sky reaches the road, 0 to 1.
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
    values = np.maximum(light, 0) * np.float32(0.62)
    values = values * (2.51 * values + 0.03) / (values * (2.43 * values + 0.59) + 0.14)
    values = np.clip(values, 0, 1) ** np.float32(1 / 2.2)
    values = 0.5 + (values - 0.5) * camera.contrast
    values += camera.sharpen * (values - gaussian_filter(values, (1, 1, 0)))
    picture = Image.fromarray((255 * np.clip(values, 0, 1) + 0.5).astype(np.uint8))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(np.clip(camera.quality + look.some(-8, 8), 25, 95)))
    return Image.open(file).convert("RGB")
