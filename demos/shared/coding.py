"""Colours that a PNG describes without a profile, by its chunks gAMA, cHRM and cICP, as browsers show them in sRGB.

cICP names primaries and a transfer function by their numbers in ITU-T H.273. It goes before a profile, that before
sRGB, and sRGB before gAMA and cHRM (PNG, third edition, section 4.3). Light above the white of a screen is reduced as
Chromium does it: reference white tone mapping for a screen without headroom.

    >>> table = describe({"gamma": 1.0}, None).tone_curve()
    >>> int(table[128])  # half of the light is 188 of 255 in sRGB
    188
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

ROWS = 64  # of a picture that are converted at once
D65 = (0.3127, 0.3290)
SRGB = (*D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
# White, red, green and blue, x and y each.
PRIMARIES = {
    1: SRGB,
    4: (0.310, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    8: (0.310, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: (*D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (*D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
POWERS = {1: 2.4, 4: 2.2, 5: 2.8, 6: 2.4, 8: 1.0, 11: 2.4, 14: 2.4, 15: 2.4}
PQ, HLG = 16, 18
REFERENCE, PEAK = 203.0, 1000.0  # candela per square metre: white of paper, and the brightest light of a film
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_LUMINANCE = np.array([0.2627, 0.6780, 0.0593], np.float32)  # of BT.2020


@dataclass(frozen=True)
class Coding:
    """What the numbers of a picture mean. power: of its transfer function, or 0 where `curve` names that of H.273."""

    primaries: tuple[float, ...] = SRGB
    power: float = 0.0
    curve: int = 13

    def to_srgb(self, image: Image.Image) -> Image.Image:
        """An image L or RGB -> RGB in sRGB."""
        image = image if image.mode == "RGB" else image.convert("RGB")
        if self == PLAIN:
            return image
        if self.primaries == SRGB and self.curve not in (PQ, HLG):
            return image.point(list(self.tone_curve()) * 3)
        pixels = np.array(image)
        for top in range(0, len(pixels), ROWS):  # as floats they take many times as much memory
            pixels[top : top + ROWS] = self._convert(pixels[top : top + ROWS])
        return Image.fromarray(pixels)

    def tone_curve(self) -> np.ndarray:
        """uint8 (256,): each level in sRGB, of a coding with its primaries."""
        return _encode(self._decode())

    def _convert(self, levels: np.ndarray) -> np.ndarray:
        """uint8 (H, W, 3) -> the same colours in sRGB."""
        light = self._decode().astype(np.float32)[levels]
        if self.curve not in (PQ, HLG):
            return _encode(light @ _matrix(self.primaries).T)
        light = light @ _matrix(self.primaries, PRIMARIES[9]).T
        if self.curve == HLG:  # on a screen of PEAK
            light *= PEAK / REFERENCE * np.maximum(light @ _LUMINANCE, 0)[..., None] ** 0.2
        return _encode(_reduce(light) @ _matrix(PRIMARIES[9]).T)

    def _decode(self) -> np.ndarray:
        """Light by level (256,): 1 is white, of PQ the reference white."""
        values = np.arange(256) / 255
        return values**self.power if self.power else _CURVES[self.curve](values)


PLAIN = Coding()  # sRGB


def describe(info: Mapping, chunk: bytes | None) -> Coding | None:
    """How a PNG is coded by what Pillow found in it and by its chunk cICP; None where they leave it to its profile."""
    coding = _read_cicp(chunk) if chunk else None
    if coding or info.get("icc_profile") or "srgb" in info:
        return coding
    gamma, primaries = info.get("gamma", 0), info.get("chromaticity")
    if gamma <= 0:
        return None
    if primaries is None:  # near to 1 / 2.2 it counts as sRGB, as libpng has it
        return None if abs(2.2 * gamma - 1) < 0.05 else Coding(power=1 / gamma)
    return _valid(Coding(tuple(primaries), 1 / gamma))


def find_cicp(data: bytes) -> bytes | None:
    """The content of the chunk cICP of a PNG, if it has one in its place, before the pixels."""
    at = data.find(b"\0\0\0\4cICP", 0, max(data.find(b"IDAT"), 0))
    return data[at + 8 : at + 12] if at >= 0 else None


def _read_cicp(chunk: bytes) -> Coding | None:
    primaries, curve, *others = chunk
    is_known = primaries in PRIMARIES and (curve in POWERS or curve in _CURVES)
    if not is_known or others != [0, 1]:  # of RGB, in its full range
        return None
    return Coding(PRIMARIES[primaries], POWERS.get(curve, 0.0), curve)


def _valid(coding: Coding) -> Coding | None:
    try:
        return coding if np.isfinite(_matrix(coding.primaries)).all() else None
    except (np.linalg.LinAlgError, ZeroDivisionError, ValueError):
        return None


def _matrix(primaries: tuple[float, ...], others: tuple[float, ...] = SRGB) -> np.ndarray:
    """The matrix (3, 3) from light by these primaries to light by others, white to white (Bradford)."""
    whites = [_BRADFORD @ _xyz(*white[:2]) for white in (others, primaries)]
    adapt = np.linalg.inv(_BRADFORD) @ np.diag(whites[0] / whites[1]) @ _BRADFORD
    return (np.linalg.inv(_to_xyz(others)) @ adapt @ _to_xyz(primaries)).astype(np.float32)


def _to_xyz(primaries: tuple[float, ...]) -> np.ndarray:
    white, *colours = (_xyz(*primaries[at : at + 2]) for at in range(0, 8, 2))
    columns = np.stack(colours, 1)
    return columns * np.linalg.solve(columns, white)


def _xyz(x: float, y: float) -> np.ndarray:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _encode(light: np.ndarray) -> np.ndarray:
    """Light in which 1 is white -> uint8."""
    return _LEVELS[(light.clip(0, 1) * (len(_LEVELS) - 1) + 0.5).astype(np.int32)]


def _encode_srgb(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def _decode_srgb(values: np.ndarray) -> np.ndarray:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _decode_smpte_240(values: np.ndarray) -> np.ndarray:
    return np.where(values < 0.0913, values / 4, ((values + 0.1115) / 1.1115) ** (1 / 0.45))


def _decode_pq(values: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084."""
    root = values ** (1 / 78.84375)
    light = (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
    return 10_000 / REFERENCE * light


def _decode_hlg(values: np.ndarray) -> np.ndarray:
    """ITU-R BT.2100: light before the camera."""
    return np.where(values <= 0.5, values**2 / 3, (np.exp((values - 0.55991073) / 0.17883277) + 0.28466892) / 12)


_LEVELS = np.rint(255 * _encode_srgb(np.arange(1 << 14) / ((1 << 14) - 1))).astype(np.uint8)
_CURVES: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    7: _decode_smpte_240,
    13: _decode_srgb,
    17: lambda values: 52.37 / 48 * values**2.6,
    PQ: _decode_pq,
    HLG: _decode_hlg,
}


def _reduce(light: np.ndarray) -> np.ndarray:
    """Light (H, W, 3) -> the same hue, the brightest channel at most 1, the reference white at one half.

    Above that the curve is a parabola in x and y from (1, 1/2) to (PEAK / REFERENCE, 1).
    """
    peak = light.max(-1, keepdims=True)
    end, middle, level = PEAK / REFERENCE, 1.65, 0.825  # 0.65 of the way to where the tangent would reach 1
    a, b, c = 1 - 2 * middle + end, 2 * (middle - 1), 1 - peak
    share = (np.sqrt(np.maximum(b * b - 4 * a * c, 0)) - b) / (2 * a)
    bent = 0.5 * (1 - share) ** 2 + 2 * level * share * (1 - share) + share**2
    reduced = np.where(peak <= 1, peak / 2, np.where(peak < end, bent, 1))
    return light * reduced / np.maximum(peak, 1e-9)
