"""Digits that a visitor draws, uploads or holds before the camera."""

import base64
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from demos.digits import demo, sketch
from demos.digits.predict import predict
from demos.shared.ui.inputs import example_paths
from tests.browser.conftest import (
    DESK,
    PHONE,
    QUESTIONS,
    SMALL_PHONE,
    answer,
    changing,
    choose,
    choose_example,
    encode,
    inputs,
    is_the_right_way_round,
    serious_violations,
    settled,
    take_photograph,
)
from tests.waiting import wait_for

EXAMPLES = example_paths("digits", demo.examples)
ONE = [(0.44, 0.32), (0.53, 0.15), (0.51, 0.5), (0.5, 0.85)]  # shares of the pad's width and height


def draw(page, points) -> None:
    """Draw a stroke with the mouse, and wait for the answer."""
    box = page.locator("#digits-pad canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    with changing(page, demo="digits"):
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=8)
        page.mouse.up()


def take_picture_instead(page) -> None:
    with changing(page, demo="digits"):
        page.get_by_label("Camera or file").check()


def test_the_tab_opens_with_an_answer_to_the_example_on_the_pad(opened):
    page = opened()
    (digit,) = predict(sketch.pixels(sketch.EXAMPLE)).digits
    assert digit.readings[0].label in answer(page, "digits")
    assert np.array_equal(inputs(page, "digits"), digit.inputs)
    expect(page.locator("#digits-answer .card")).to_have_count(2)
    expect(page.locator("#digits-picture")).to_be_hidden()


def test_layers_follow_the_stroke_while_it_is_drawn(opened):
    page = opened()
    page.get_by_role("button", name="Look inside").click()
    tiles = page.locator("#digits-inside img")
    expect(tiles).to_have_count(6)
    box, before = page.locator("#digits-pad canvas").bounding_box(), tiles.first.get_attribute("src")
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.52 * box["width"], box["y"] + 0.8 * box["height"], steps=30)
    # The button of the mouse is still down.
    page.wait_for_function("before => document.querySelector('#digits-inside img').src != before", arg=before)
    with changing(page, demo="digits"):
        page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.8 * box["height"], steps=30)
        page.mouse.up()
    assert not serious_violations(page)
    page.get_by_role("button", name="Look inside").click()
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    draw(page, ONE)
    assert len(posts) == 1  # what is folded away asks for nothing


def test_the_tab_asks_for_its_answer_only_once_it_is_opened(visit):
    page = visit()
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("tab", name=demo.title).click()
    expect(page.locator("#digits-answer .card")).to_have_count(2)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_is_drawn_is_answered_without_a_button_and_wipes_the_example(opened, size):
    page = opened(size=size)
    draw(page, ONE)
    strokes = [[[round(1500 * x), round(1000 * y)] for x, y in ONE]]
    (digit,) = predict(sketch.pixels(strokes)).digits
    assert f"{digit.readings[0].label}, " in answer(page, "digits")
    assert np.abs(inputs(page, "digits").astype(int) - digit.inputs).mean() < 6
    with changing(page, demo="digits"):
        page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#digits-pad canvas")).to_be_focused()
    expect(page.locator("#digits-answer [role=status]")).to_contain_text("Draw a 0, a 1 or a 2")
    expect(page.get_by_role("button", name="Clear")).to_be_disabled()
    draw(page, ONE)
    expect(page.locator("#digits-answer .card")).to_have_count(2)


def test_a_finger_draws_and_does_not_scroll(browser, server):
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True)
    context.add_init_script(QUESTIONS)
    page = context.new_page()
    page.pending = set()
    page.goto(f"{server.url}/?demo=digits")
    page.locator("#digits-pad canvas[width]").wait_for()
    settled(page)
    box = page.locator("#digits-pad canvas").bounding_box()
    touch = context.new_cdp_session(page)
    with changing(page, demo="digits"):
        for kind, x, y in (("touchStart", 0.5, 0.15), ("touchMove", 0.5, 0.5), ("touchMove", 0.5, 0.85)):
            at = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#digits-answer .card")).to_have_count(2)
    assert page.evaluate("scrollY") == 0
    context.close()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_page_of_three_digits_shows_three_boxes_that_lie_on_them(opened, size):
    page = opened(size=size)
    take_picture_instead(page)
    content = encode(Image.open(EXAMPLES["A page"]).crop((30, 60, 480, 260)), "PNG")
    choose(page, content, "page.png", demo="digits")
    digits = predict(content).digits
    expect(page.locator("#digits-boxes rect")).to_have_count(3)
    expect(page.locator(".several tbody tr")).to_have_count(3)
    image, frame = (page.locator(f"#digits-{part}").first.bounding_box() for part in ("picture img", "boxes svg"))
    scale = min(1, image["width"] / 450, image["height"] / 200)  # the page does not enlarge a picture
    for drawn, digit in zip(page.locator("#digits-boxes rect").all(), digits, strict=True):
        place = drawn.bounding_box()
        middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
        left, top, right, bottom = digit.box
        expected = (
            image["x"] + image["width"] / 2 + scale * ((left + right) / 2 - 225),
            image["y"] + image["height"] / 2 + scale * ((top + bottom) / 2 - 100),
        )
        assert middle == pytest.approx(expected, abs=3), (image, frame)


def test_of_pictures_dropped_on_the_pad_the_later_is_answered_with_a_box_on_its_digit(opened):
    page, held = opened(), []
    small = Image.open(EXAMPLES["In the shade"]).resize((120, 90))
    content = encode(small, "PNG")
    (digit,) = predict(content).digits
    drop = """content => {
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob(content), character => character.charCodeAt());
        data.items.add(new File([bytes], "digit.png", {type: "image/png"}));
        return data;
    }"""
    page.route("**/gradio_api/upload", lambda route: held.append(route), times=1)
    with changing(page, demo="digits"):
        for part, given in (("pad canvas", encode(small.rotate(180), "PNG")), ("picture .frame", content)):
            data = page.evaluate_handle(drop, base64.b64encode(given).decode())
            page.dispatch_event(f"#digits-{part}", "drop", {"dataTransfer": data})
            wait_for(lambda: page.wait_for_timeout(20) or held)
            expect(page.locator("#digits-pad")).to_be_hidden()
    expect(page.locator("#digits-boxes rect")).to_have_count(1)
    image, place = (page.locator(f"#digits-{part}").first.bounding_box() for part in ("picture img", "boxes rect"))
    left, top, right, bottom = digit.box
    middle = (image["width"] - 120) / 2 + (left + right) / 2, (image["height"] - 90) / 2 + (top + bottom) / 2
    assert place["x"] + place["width"] / 2 == pytest.approx(image["x"] + middle[0], abs=3)
    assert place["y"] + place["height"] / 2 == pytest.approx(image["y"] + middle[1], abs=3)
    assert place["width"] == pytest.approx(right - left, abs=3)


def test_control_and_z_take_the_last_stroke_back(opened):
    page = opened()
    draw(page, ONE)
    with changing(page, demo="digits"):
        page.keyboard.press("Control+z")
    expect(page.locator("#digits-answer [role=status]")).to_contain_text("Draw a 0, a 1 or a 2")


def test_an_example_takes_the_place_of_the_pad(opened):
    page = opened()
    with changing(page, demo="digits"):
        choose_example(page, 1)
    expect(page.locator("#digits-picture")).to_be_visible()
    expect(page.locator("#digits-pad")).to_be_hidden()
    (digit,) = predict(EXAMPLES["Chalk"]).digits
    assert digit.readings[0].label in answer(page, "digits")
    expect(page.locator("#digits-boxes rect")).to_have_count(1)


def test_the_camera_s_picture_is_not_mirrored(opened, scene):
    page = opened()
    take_picture_instead(page)
    assert is_the_right_way_round(take_photograph(page, "digits"), np.asarray(Image.open(scene)))


@contextmanager
def no_shift(page):
    page.evaluate("window.shifts.length = 0")
    yield
    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) < 0.1, shifts


@pytest.mark.parametrize("size, scheme", [(DESK, "dark"), (PHONE, "light")])
def test_it_fits_does_not_jump_and_axe_finds_nothing_serious(opened, size, scheme):
    page = opened(size=size, scheme=scheme)
    with no_shift(page):
        draw(page, ONE)
    if size == PHONE:
        last, pad = (page.locator(f"#digits-{part}").first.bounding_box() for part in ("answer .answer", "pad"))
        assert pad["y"] + pad["height"] <= last["y"] and last["y"] + last["height"] <= PHONE[1]
    take_picture_instead(page)
    assert not serious_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_nothing_is_wider_than_a_small_phone(opened):
    page = opened(size=SMALL_PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE[0]
    take_picture_instead(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE[0]


def test_everything_is_reached_with_the_keyboard(opened):
    page = opened()
    page.get_by_label("Draw", exact=True).focus()
    name = "() => document.activeElement.innerText || document.activeElement.value || ''"
    reached = []
    for _ in range(8):
        reached.append(page.evaluate(name))
        page.keyboard.press("Tab")
    assert [wanted for wanted in ("Draw", "Camera or file", "Undo", "Clear") if wanted not in reached] == [], reached
