"""What others show of a link to the page: title, description, picture and icon, of each demo its own."""

from __future__ import annotations

import functools
import io
from html import escape
from textwrap import wrap

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from demos.shared import images
from demos.shared.previews import fit
from demos.shared.ui.opening import START
from demos.shared.ui.start import Listing

SIZE = WIDTH, HEIGHT = 1200, 630  # of the picture that sites show with a link
CARD, ICON = "/card.jpg", "/icon.png"  # addresses of both, with ?demo=
PAPER, INK, SOFT, TABLE = "#fdfcfa", "#1c1b19", "#5d5952", "#f2efe9"
ICON_SIDE = 96
LEFT = 660  # of texts
FINE = 4  # circles are drawn larger by this, and reduced


def head(listing: Listing, root: str, name: str) -> str:
    """HTML for the head of the page that opens with a demo. root: the page's address. name: of all of it."""
    query = f"?demo={listing.name}" if listing.name != START else ""
    title = f"{listing.title}, {name}" if query else name
    address, card = f"{root}/{query}", f"{root}{CARD}{query}"
    properties = {
        "og:type": "website", "og:site_name": name, "og:title": title, "og:description": listing.question,
        "og:url": address, "og:image": card, "og:image:width": WIDTH, "og:image:height": HEIGHT,
        "og:image:alt": title,
    }  # fmt: skip
    names = {
        "description": listing.question, "twitter:card": "summary_large_image", "twitter:title": title,
        "twitter:description": listing.question, "twitter:image": card,
    }  # fmt: skip
    tags = [f"<title>{escape(title)}</title>", f'<link rel="canonical" href="{escape(address)}">']
    tags += [f'<meta property="{key}" content="{escape(str(value))}">' for key, value in properties.items()]
    tags += [f'<meta name="{key}" content="{escape(value)}">' for key, value in names.items()]
    return "".join([*tags, f'<link rel="icon" type="image/png" href="{escape(f".{ICON}{query}")}">'])


def draw_card(listing: Listing, name: str) -> bytes:
    """A JPEG of SIZE: a demo's picture beneath a lens, its title and its question. name: of the page.

    That of the start is its own picture alone.
    """
    pixels = _open(listing)
    if listing.name == START and pixels is not None:
        return images.jpeg(np.asarray(fit(pixels, SIZE)), 80)
    card = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    if pixels is None:
        pen.rectangle((0, 0, 600, HEIGHT), TABLE)
    else:
        card.paste(fit(pixels, (600, HEIGHT)))
        _lay_lens(card, pixels, (440, 430), 170)
    below = _write(pen, listing.title, 110, 84, INK, 11, 2)
    _write(pen, listing.question, below, 42, SOFT, 23, 4)
    _write(pen, name, 540, 42, INK, 23, 1)
    return images.jpeg(np.asarray(card), 80)


def draw_icon(listing: Listing) -> bytes:
    """A PNG of a lens over a demo's picture; over white for the start."""
    side = FINE * ICON_SIDE
    pixels = np.full((1, 1, 3), 255, np.uint8) if listing.name == START else _open(listing)
    icon = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(icon)
    pen.line((0.7 * side, 0.7 * side, 0.95 * side, 0.95 * side), INK, side // 7)
    if pixels is not None:
        inner = fit(pixels, (side * 3 // 4, side * 3 // 4))
        icon.paste(inner, (side // 24, side // 24), _circle(inner.width))
    pen.ellipse((0, 0, 0.83 * side, 0.83 * side), outline=INK, width=side // 12)
    buffer = io.BytesIO()
    icon.resize((ICON_SIDE, ICON_SIDE), Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()


def _open(listing: Listing) -> np.ndarray | None:
    try:
        return None if listing.picture is None else images.open(listing.picture, longest=1200).pixels
    except images.PictureError:
        return None


def _lay_lens(card: Image.Image, pixels: np.ndarray, middle: tuple[int, int], radius: int) -> None:
    """Show what lies in a circle twice as large, as a lens does."""
    x, y = middle
    large = fit(pixels, (1200, 2 * HEIGHT)).crop((2 * x - radius, 2 * y - radius, 2 * x + radius, 2 * y + radius))
    for colour, wider in ((INK, 10), (PAPER, 8)):
        ring = Image.new("RGB", (2 * (radius + wider),) * 2, colour)
        card.paste(ring, (x - radius - wider, y - radius - wider), _circle(ring.width))
    card.paste(large, (x - radius, y - radius), _circle(large.width))


def _circle(side: int) -> Image.Image:
    mask = Image.new("L", (FINE * side, FINE * side))
    ImageDraw.Draw(mask).ellipse((0, 0, FINE * side - 1, FINE * side - 1), 255)
    return mask.resize((side, side), Image.Resampling.LANCZOS)


def _write(pen: ImageDraw.ImageDraw, text: str, y: int, size: int, colour: str, broad: int, most: int) -> int:
    """Write a text in at most so many lines, each of so many characters; where the next may begin."""
    lines = wrap(text, broad, max_lines=most, placeholder=" ...")
    pen.multiline_text((LEFT, y), "\n".join(lines), colour, _font(size), spacing=size // 3)
    return y + len(lines) * size * 4 // 3 + 28


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)
