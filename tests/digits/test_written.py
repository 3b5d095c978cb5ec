"""Digits as people write them: at the border, with fine pens, in forms, many and of all sizes, in any colour."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from demos.digits.predict import NETWORKS, Answer, predict
from demos.digits.segment import MOST, LeftOut
from tests.digits import paper

CASES = Path(__file__).parents[1] / "cases" / "digits"
WIDTH, HEIGHT, TALL, PEN = 480, 320, 150, 12


def labels(answer: Answer, network: int) -> str:
    readings = [digit.readings[network] for digit in answer.digits]
    return "".join(reading.label if reading.is_accepted else "?" for reading in readings)


def assert_both_read(answer: Answer, text: str) -> None:
    assert [labels(answer, k) for k in range(len(NETWORKS))] == [text] * len(NETWORKS)


def write(pen: ImageDraw.ImageDraw, character: str, left: float, top: float, tall=TALL, width=PEN, ink=28) -> None:
    """A digit in ink of one grey or colour, its box from (left, top) on."""
    for line in paper.strokes(character, np.random.default_rng(2)):
        stroke(pen, tall * line + (left, top), width, ink)


def stroke(pen: ImageDraw.ImageDraw, points, width: float, ink=28) -> None:
    places = [(float(x), float(y)) for x, y in points]
    pen.line(places, ink, round(width))
    for x, y in places:
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), ink)


def sheet(size=(WIDTH, HEIGHT), colour=255, mode="L") -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new(mode, size, colour)
    return page, ImageDraw.Draw(page)


@pytest.mark.parametrize(
    "file, text",
    [
        ("tight_margin0_1_european.png", "1"),
        ("tight_margin0_2_loop.png", "2"),
        ("tight_margin8_0_plain.png", "0"),
        ("T_thin3px_1200_0_plain.png", "0"),
        ("T_thin3px_1200_2_loop.png", "2"),
        ("B_1_european_in_box.png", "1"),
        ("B_0_plain_underlined.png", "0"),
        ("C_24digits.png", "012001200120012001200120"),
        ("C_sizes_0_2_1.png", "021"),
        ("A_0_slash_long.png", "0"),
    ],
)
def test_both_networks_read_what_was_written(file, text):
    assert_both_read(predict(CASES / file), text)


@pytest.mark.parametrize("character", "012")
@pytest.mark.parametrize("margin", [0, 3, 8])
@pytest.mark.parametrize("is_inverted", [False, True])
def test_tight_crop_is_read(character, margin, is_inverted):
    page, pen = sheet()
    write(pen, character, 150, 60)
    ys, xs = np.nonzero(np.asarray(page) < 128)
    crop = page.crop((xs.min() - margin, ys.min() - margin, xs.max() + 1 + margin, ys.max() + 1 + margin))
    pixels = np.asarray(crop)
    assert_both_read(predict(255 - pixels if is_inverted else pixels), character)


@pytest.mark.parametrize(
    ("side", "width", "ink"),
    [
        *((side, width, 28) for side in (400, 1200, 2000) for width in (2, 3)),
        *((side, width, ink) for side in (2000, 3000) for width in (1, 2) for ink in (28, 110)),
    ],
)
@pytest.mark.parametrize("character", "02")
def test_fine_pen_gives_whole_strokes(side, width, ink, character):
    page, pen = sheet((side, side))
    write(pen, character, 0.2 * side, 0.15 * side, 0.7 * side, width, ink)
    answer = predict(np.asarray(page))
    assert_both_read(answer, character)
    assert (answer.digits[0].inputs > 127).sum() > 90


def draw_around(pen: ImageDraw.ImageDraw, kind: str) -> None:
    left, top, right, bottom = 140, 35, 330, 245
    angles = np.linspace(0, 2 * np.pi, 60)
    if kind == "box":
        stroke(pen, [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], 3)
    elif kind == "open box":
        stroke(pen, [(left, bottom), (left, top), (right, top)], 3)
        stroke(pen, [(right, top + 6), (right, bottom), (left + 6, bottom)], 3)
    elif kind == "circle":
        stroke(pen, np.stack([225 + 118 * np.cos(angles), 142 + 118 * np.sin(angles)], 1), 4)
    elif kind == "cells":
        for x in (60, 150, 300, 400):
            stroke(pen, [(x, top), (x, bottom)], 3)
        for y in (top, bottom):
            stroke(pen, [(60, y), (400, y)], 3)
    elif kind == "wave":
        x = np.linspace(left, right, 60)
        stroke(pen, np.stack([x, 255 + 5 * np.sin(x / 6)], 1), 5)
    else:
        for y in {"line": (255,), "double line": (250, 265)}[kind]:
            stroke(pen, [(left, y), (right, y + 4)], 5)


@pytest.mark.parametrize("kind", ["box", "open box", "circle", "cells", "line", "double line", "wave"])
@pytest.mark.parametrize("character", "012")
def test_frame_or_line_is_no_part_of_a_digit_and_is_counted(kind, character):
    page, pen = sheet()
    write(pen, character, 180, 70)
    draw_around(pen, kind)
    answer = predict(np.asarray(page))
    assert_both_read(answer, character)
    assert answer.left_out.lines >= 1


def test_empty_box_is_not_read():
    page, pen = sheet((520, 200))
    for k in range(4):
        x = 30 + 120 * k
        stroke(pen, [(x, 30), (x + 90, 30), (x + 90, 160), (x, 160), (x, 30)], 3)
        if k != 2:
            write(pen, "120"[k % 3], x + 15, 50, 85, 7)
    answer = predict(np.asarray(page))
    assert_both_read(answer, "121")
    assert answer.left_out == LeftOut(lines=4)


def test_digits_beyond_the_most_are_counted():
    page, pen = sheet((760, 560))
    for k in range(70):
        write(pen, "1", 20 + 74 * (k % 10), 15 + 76 * (k // 10), 55, 5)
    answer = predict(np.asarray(page))
    assert len(answer.digits) == MOST and answer.left_out.digits == 70 - MOST
    assert_both_read(answer, MOST * "1")


def test_specks_beside_a_digit_are_no_digits():
    page, pen = sheet()
    write(pen, "2", 180, 70)
    for x, y in np.random.default_rng(0).uniform((10, 10), (120, 310), (12, 2)):
        pen.ellipse((x - 3, y - 3, x + 3, y + 3), 28)
    assert_both_read(predict(np.asarray(page)), "2")


@pytest.mark.parametrize("width", [3, 6, 10])
@pytest.mark.parametrize("share", [0.75, 0.95])
def test_slash_that_does_not_touch_its_zero_belongs_to_it(width, share):
    page, pen = sheet((300, 300))
    pen.ellipse((80, 50, 220, 250), outline=28, width=width)
    across, down = 70 * share / 2**0.5, 100 * share / 2**0.5
    stroke(pen, [(150 - across, 150 + down), (150 + across, 150 - down)], width)
    assert_both_read(predict(np.asarray(page)), "0")


def test_slanted_one_in_a_circle_is_a_one():
    page, pen = sheet((300, 300))
    pen.ellipse((50, 50, 250, 250), outline=28, width=5)
    stroke(pen, [(120, 205), (180, 95)], 10)
    assert_both_read(predict(np.asarray(page)), "1")


@pytest.mark.parametrize("other", ["8", "A"])
def test_what_is_no_slashed_zero_is_still_refused(other):
    page, pen = sheet()
    write(pen, other, 180, 70)
    assert_both_read(predict(np.asarray(page)), "?")


@pytest.mark.parametrize(
    "ink, paper_colour",
    [((214, 40, 40), (10, 145, 10)), ((250, 210, 20), (255, 255, 255)), ((236, 236, 236), (250, 250, 250))],
)
def test_ink_of_little_contrast_is_found(ink, paper_colour):
    page, pen = sheet(colour=paper_colour, mode="RGB")
    write(pen, "2", 180, 70, ink=ink)
    assert_both_read(predict(np.asarray(page)), "2")


@pytest.mark.parametrize("place", [120, 225, 350])
def test_digits_are_found_on_both_sides_of_a_hard_shadow(place):
    page, pen = sheet(colour=240)
    write(pen, "2", 60, 80, 130)
    write(pen, "0", 280, 90, 130)
    pixels = np.asarray(page).copy()
    pixels[:, place:] = 0.45 * pixels[:, place:]
    assert_both_read(predict(pixels), "20")


def test_turned_row_has_a_box_on_each_digit():
    answer = predict(CASES / "row_orient6.webp")
    assert len(answer.digits) == 4
    assert labels(answer, 0) == "2?01"
    assert all(digit.box[2] <= 620 and digit.box[3] <= 320 for digit in answer.digits)
