"""What a visitor does with the page: every way to give a picture, and everything that can be turned."""

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import expect

from demos.cifar10 import demo
from demos.cifar10.predict import predict, preprocess
from demos.shared import images
from demos.shared.images import Crop
from demos.shared.ui.inputs import SHOW_PREVIEW, example_paths
from tests.browser.conftest import answer, changing, choose, encode, inputs, settled

pillow_heif.register_heif_opener()
KINDS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "heic": "HEIF", "tif": "TIFF"}


@pytest.fixture
def picture(photograph) -> Image.Image:
    """A photograph like the one with which the page opens, the other way round."""
    return Image.open(photograph).convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((300, 200))


def test_the_first_answer_is_there_without_a_request(visit, photograph):
    page = visit(held="**/gradio_api/queue/**")
    expect(page.locator("#cifar10-answer .card")).to_have_count(2)
    assert all(predict(photograph, network).label in answer(page) for network in ("airbench", "baseline"))
    assert np.array_equal(inputs(page), predict(photograph).inputs)


@pytest.mark.parametrize("ending", KINDS)
def test_a_picture_of_any_kind_is_answered_by_both_networks(visit, picture, ending):
    page = visit()
    content = encode(picture, KINDS[ending])
    choose(page, content, f"picture.{ending}", f"image/{ending}")
    assert all(predict(content, network).label in answer(page) for network in ("airbench", "baseline"))
    # Of what browsers do not show the page has a preview, and the networks the file itself.
    assert np.array_equal(inputs(page), predict(content).inputs)
    shown = page.locator("#cifar10-picture img").first
    expect(shown).to_have_js_property("naturalWidth", 300)
    ours, theirs = (card.bounding_box() for card in page.locator(".card").all())
    assert ours["y"] == theirs["y"] and ours["width"] == pytest.approx(theirs["width"], abs=1)


def test_a_late_preview_does_not_replace_a_newer_picture(visit):
    choose_shown = f"([picture, preview]) => ({SHOW_PREVIEW})(picture, preview)"
    page, preview = visit(), {"path": "/a/one.tif.preview.jpg"}
    assert page.evaluate(choose_shown, [{"path": "/a/one.tif"}, preview]) == preview
    for picture in ({"path": "/a/two.png"}, {"path": "/b/one.tif"}, None):
        assert page.evaluate(choose_shown, [picture, preview]) == {"__type__": "update"}
    assert page.evaluate(choose_shown, [{"path": "/a/two.png"}, None]) == {"__type__": "update"}


def test_a_bad_file_is_a_sentence_where_the_answer_stands_and_the_next_picture_works(visit, picture):
    page = visit()
    cut = encode(picture, "PNG")[:3000]
    for name, content, sentence in (
        ("note.png", b"not a picture", images.UNKNOWN),
        ("cut.png", cut, images.DAMAGED),
        ("empty.png", b"", images.EMPTY),
    ):
        choose(page, content, name)
        expect(page.locator("#cifar10-answer [role=alert]")).to_have_text(sentence)
        expect(page.locator("#cifar10-picture .filled")).to_have_count(1)
        expect(page.locator(".card")).to_have_count(0)
    choose(page, encode(picture, "PNG"), "picture.png")
    expect(page.locator(".card")).to_have_count(2)


def test_no_picture_is_a_friendly_sentence(visit):
    page = visit()
    with changing(page):
        page.get_by_label("Remove").click()
    expect(page.locator("#cifar10-answer [role=status]")).to_have_text(images.NOTHING)
    expect(page.locator("#cifar10-answer [role=alert]")).to_have_count(0)


def test_the_crop_changes_the_inputs_and_a_new_picture_is_shown_whole(visit, photograph, picture):
    page = visit()
    page.get_by_role("button", name="Adjust the crop").click()
    cat = images.open(photograph)
    for slider, key, crop in (
        ("Zoom", "End", Crop(6, 0.5, 0.5)),
        ("Left to right", "Home", Crop(6, 0, 0.5)),
        ("Top to bottom", "End", Crop(6, 0, 1)),
    ):
        with changing(page):
            page.get_by_label(f"range slider for {slider}").press(key)
        assert np.array_equal(inputs(page), preprocess(cat, crop)[1])
    content = encode(picture, "PNG")
    choose(page, content, "picture.png")
    assert page.get_by_label("range slider for Zoom").input_value() == "1"
    assert np.array_equal(inputs(page), predict(content).inputs)


def crop_of(page) -> tuple[float, ...]:
    """What the three sliders say."""
    names = "Zoom", "Left to right", "Top to bottom"
    return tuple(float(page.get_by_label(f"range slider for {name}").input_value()) for name in names)


def tap(page, across: float, down: float) -> None:
    """Tap the picture at a place in shares of it, and wait for the answer."""
    image = page.locator("#cifar10-picture img").first
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    with changing(page):
        page.mouse.click(box["x"] + min(across * box["width"], box["width"] - 1), box["y"] + down * box["height"])


def test_a_tap_on_the_picture_looks_closer_at_that_place(visit, photograph):
    page = visit()
    tap(page, 0.3, 0.6)
    page.get_by_role("button", name="Adjust the crop").click()
    zoom, across, down = crop_of(page)
    left, top, right, bottom = Crop(zoom, across, down).box(451, 300)
    assert zoom == 2 and left < 0.3 * 451 < right and top < 0.6 * 300 < bottom
    assert np.array_equal(inputs(page), preprocess(images.open(photograph), Crop(zoom, across, down))[1])
    for zoom, at in ((1, (0, 0)), (1, (450, 299)), (3, (100, 200)), (6, (225, 150))):
        page.get_by_label("number input for Zoom").fill(str(zoom))
        page.wait_for_timeout(300)
        tap(page, at[0] / 451, at[1] / 300)
        crop = Crop(*crop_of(page))
        left, top, right, bottom = crop.box(451, 300)
        assert crop.zoom == max(zoom, 2) and left - 3 <= at[0] <= right + 3 and top - 3 <= at[1] <= bottom + 3
    choose(page, b"no picture", "none.png")
    assert crop_of(page) == (1, 0.5, 0.5)
    expect(page.locator("#cifar10-picture .over")).to_be_hidden()


def test_a_tap_on_a_preview_is_in_its_pixels(visit):
    page = visit()
    choose(page, encode(Image.new("RGB", (2000, 4000), "teal"), "TIFF", compression="tiff_deflate"), "a.tif")
    page.get_by_role("button", name="Adjust the crop").click()
    expect(page.locator("#cifar10-picture img").first).to_have_js_property("naturalHeight", 2048)
    tap(page, 1, 0)  # the upper right corner of 1024x2048
    assert crop_of(page) == (2, 1, 0)


def test_the_lens_is_dragged_pinched_and_wheeled_and_lies_where_the_sliders_say(visit, photograph):
    page = visit()
    page.get_by_role("button", name="Adjust the crop").click()
    tap(page, 0.5, 0.5)
    box = page.locator("#cifar10-picture img").first.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with changing(page):
        page.mouse.move(*at)
        page.mouse.down()
        page.mouse.move(at[0] + 60, at[1] - 0.4 * box["height"], steps=4)
        page.mouse.up()
    zoom, across, down = crop_of(page)
    assert zoom == 2 and across > 0.6 and down == 0
    with changing(page):
        page.mouse.wheel(0, -150)
    zoom, *_ = crop_of(page)
    assert zoom > 2
    crop = Crop(*crop_of(page))
    assert np.array_equal(inputs(page), preprocess(images.open(photograph), crop)[1])
    lens, scale = page.locator("#cifar10-picture .lens").bounding_box(), box["width"] / 451
    left, top, right, bottom = (edge * scale for edge in crop.box(451, 300))
    assert (lens["x"], lens["y"]) == pytest.approx((box["x"] + left, box["y"] + top), abs=3)
    assert (lens["width"], lens["height"]) == pytest.approx((right - left, bottom - top), abs=3)
    touch = page.context.new_cdp_session(page)
    for kind, gap in (("touchStart", 30), ("touchMove", 40), ("touchMove", 60), ("touchEnd", None)):
        points = [{"x": at[0] + sign * gap, "y": at[1], "id": sign + 1} for sign in (-1, 1)] if gap else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    settled(page)
    assert crop_of(page)[0] > zoom
    with changing(page):
        page.get_by_label("range slider for Zoom").press("Home")
    assert page.locator("#cifar10-picture .over.whole").count() == 1


def test_heat_maps_come_and_go(visit):
    page = visit()
    expect(page.locator(".spotlight")).to_have_count(0)
    with changing(page):
        page.get_by_label("Show where each network found its evidence").check()
    expect(page.locator(".spotlight")).to_have_count(2)
    with changing(page):
        page.get_by_label("Show where each network found its evidence").uncheck()
    expect(page.locator(".spotlight")).to_have_count(0)


def test_every_example_is_answered(visit):
    page = visit()
    files = list(example_paths("cifar10", demo.examples).values())
    buttons = page.locator(".examples button:visible")
    expect(buttons).to_have_count(len(files))
    for number in [*range(1, len(files)), 0]:
        with changing(page):
            buttons.nth(number).click()
        assert predict(files[number]).label in answer(page)
        assert np.array_equal(inputs(page), predict(files[number]).inputs)


# The name of what has the focus, as one who cannot see it is told.
FOCUS = """() => {
    const e = document.activeElement;
    return e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || e.title || e.querySelector("img")?.alt;
}"""


def test_everything_is_reached_with_the_keyboard(visit):
    page = visit()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append((page.evaluate(FOCUS) or "").strip())
    wanted = [
        demo.title, "Remove", "Choose a file", "Take a photo", "Paste", "Adjust the crop",
        "Show where each network found its evidence", "About these networks", "Use it elsewhere", "Source and cards",
    ]  # fmt: skip
    assert not [name for name in wanted if not any(name in found for found in reached)], reached


def test_a_file_and_an_example_are_chosen_with_the_keyboard(visit, picture):
    page = visit()
    with changing(page):
        page.get_by_label("Remove").press("Enter")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").press("Enter")
    with changing(page):
        content = encode(picture, "PNG")
        chooser.value.set_files({"name": "picture.png", "mimeType": "image/png", "buffer": content})
    assert predict(content).label in answer(page)
    with changing(page):
        page.locator(".examples button:visible").first.press("Enter")
    assert predict(next(iter(example_paths("cifar10", demo.examples).values()))).label in answer(page)
