"""What a visitor does with the denoiser: add noise, bring a noisy photograph, blend, save, stop, on every screen."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from demos.denoiser import demo, noise, tab
from demos.denoiser.pixels import to_float
from demos.denoiser.predict import predict
from demos.shared import images
from demos.shared.ui import events
from tests.browser.conftest import DESK, PHONE, choose_example, serious_violations, settled
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def noisy(photograph):
    clean = to_float(images.open(photograph).pixels)[:200, 100:340]
    return noise.to_uint8(noise.gaussian(clean, 25, np.random.default_rng(0)))


def bring(page, content: bytes, name: str = "noisy.png", kind: str = "image/png") -> None:
    """Upload a picture, and wait for the answer."""
    file = {"name": name, "mimeType": kind, "buffer": content}
    page.locator("#denoiser-picture input[type=file]").set_input_files(file)
    expect(page.get_by_label(tab.KEEP)).to_be_checked()
    settled(page)


def handed_out(page, picture) -> np.ndarray:
    return images.open(page.request.get(picture.get_attribute("src")).body(), exact=True).pixels


def saved(page, folder) -> np.ndarray:
    with page.expect_download() as download:
        page.locator("#denoiser-save").click()
    download.value.save_as(folder / "saved.png")
    return images.open(folder / "saved.png", exact=True).pixels


def test_the_page_opens_with_an_example_its_noise_and_the_answer(opened):
    page = opened()
    expect(page.get_by_role("heading", name=demo.question)).to_be_visible()
    expect(page.locator("#denoiser-answer")).to_contain_text(re.compile(r" dB, from 2\d\."))
    expect(page.locator("#denoiser-slider .content img")).to_have_count(2)
    expect(page.locator("#denoiser-inputs figure")).to_have_count(5)


def test_the_card_shows_how_training_went_and_what_the_autoencoder_gives_back(opened):
    page = opened()
    page.get_by_role("button", name="About these networks").click()
    drawn = page.get_by_role("img", name=re.compile("Two training curves"))
    drawn.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.naturalWidth > 900", arg=drawn.element_handle())


def test_a_noisy_photograph_comes_back_clean_and_can_be_saved(opened, noisy, tmp_path):
    page = opened()
    bring(page, images.png(noisy))
    expect(page.locator("#denoiser-answer .answer")).to_have_text(re.compile(r"sigma 2\d\.\d"))
    expect(page.locator("#denoiser-kind")).to_be_hidden()
    before, after = page.locator("#denoiser-slider .content img").all()
    assert np.array_equal(handed_out(page, before), noisy)
    expected = predict(noisy).pixels.astype(int)
    assert np.abs(handed_out(page, after) - expected).max() <= 1
    assert np.abs(saved(page, tmp_path) - expected).max() <= 1


def test_16_bits_and_a_kind_that_browsers_do_not_show(opened, noisy, tmp_path):
    import io

    import tifffile

    file = io.BytesIO()
    tifffile.imwrite(file, noisy * np.uint16(257), photometric="rgb")
    page = opened()
    bring(page, file.getvalue(), "noisy.tif", "image/tiff")
    expect(page.locator("#denoiser-answer .answer")).to_contain_text("sigma")
    pixels = saved(page, tmp_path)
    assert pixels.dtype == np.uint16 and pixels.shape == noisy.shape


def test_strength_blends(opened, noisy, tmp_path):
    page = opened()
    bring(page, images.png(noisy))
    page.get_by_label("number input for Strength").fill("0")
    settled(page)
    assert np.array_equal(saved(page, tmp_path), noisy)


def test_every_kind_of_noise_can_be_added(opened, noisy):
    page = opened()
    bring(page, images.png(noisy))
    page.get_by_label(tab.ADD).check()
    settled(page)
    texts = {page.locator("#denoiser-answer").inner_text()}
    for kind in noise.KINDS[1:]:
        page.locator("#denoiser-kind").get_by_label(kind).check()
        settled(page)
        texts.add(page.locator("#denoiser-answer").inner_text())
    assert len(texts) == len(noise.KINDS) and all(" dB, from " in text for text in texts)


def test_an_example_brings_its_noise_back(opened, noisy):
    page = opened()
    bring(page, images.png(noisy))
    choose_example(page, 1)
    expect(page.get_by_label(tab.ADD)).to_be_checked()
    settled(page)
    expect(page.locator("#denoiser-answer")).to_contain_text(" dB, from ")


def test_a_file_that_is_no_picture_is_one_sentence(opened):
    page = opened()
    bring(page, b"not a picture")
    expect(page.locator("#denoiser-answer [role=alert]")).to_have_text(images.UNKNOWN)


@pytest.fixture
def large(noisy):
    """A picture whose restoration takes some seconds, as a file."""
    return {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg(np.tile(noisy, (7, 6, 1)))}


def test_a_large_picture_shows_its_progress_and_can_be_stopped(opened, large):
    page = opened()
    page.locator("#denoiser-picture input[type=file]").set_input_files(large)
    expect(page.locator("#denoiser-answer")).to_contain_text(re.compile(r"Tile \d+ of \d+ is done"))
    page.locator("#denoiser-stop").click()
    expect(page.locator("#denoiser-answer")).to_have_text(events.STOPPED)
    expect(page.locator("#denoiser-stop")).to_be_disabled()
    page.wait_for_timeout(2000)
    expect(page.locator("#denoiser-answer")).to_have_text(events.STOPPED)
    page.get_by_label(tab.ADD).check()
    # Looked for at every frame, since it does not stand for long.
    text = "document.querySelector('#denoiser-answer').textContent"
    page.wait_for_function(f"{text}.includes('Tile 2 of ')")
    page.locator("#denoiser-stop").click()
    expect(page.locator("#denoiser-answer")).to_have_text(events.STOPPED)


def test_another_picture_takes_the_place_of_a_large_one(opened, large, noisy):
    page = opened()
    page.locator("#denoiser-picture input[type=file]").set_input_files(large)
    expect(page.locator("#denoiser-answer")).to_contain_text(re.compile(r"Tile \d+ of \d+ is done"))
    choose_example(page, 1)
    settled(page)
    expect(page.locator("#denoiser-answer")).to_contain_text(" dB, from ")
    expect(page.locator("#denoiser-stop")).to_be_disabled()


def test_without_a_picture_it_asks_for_one(opened):
    page = opened()
    page.locator("#denoiser-picture").get_by_label("Remove").click()
    expect(page.locator("#denoiser-answer")).to_contain_text(images.NOTHING)


def test_on_a_phone_no_figure_of_the_card_is_broken_into_lines(opened):
    page = opened(size=PHONE)
    page.get_by_role("button", name="About these networks").click()
    expect(page.locator(".figures th:visible").last).to_have_text("BM3D")
    heights = page.locator(".figures td:visible").evaluate_all("cells => cells.map(cell => cell.offsetHeight)")
    assert max(heights) < 32
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert not serious_violations(page)


def test_on_a_phone_the_answer_is_on_the_screen_with_the_picture(opened):
    page = opened(size=PHONE)
    answer = page.locator("#denoiser-answer .answer").bounding_box()
    assert page.locator("#denoiser-picture").bounding_box()["y"] >= 0
    assert answer["y"] + answer["height"] <= PHONE[1]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_both_pictures_lie_over_each_other(opened, size):
    page = opened(size=size)
    one, other = (image.bounding_box() for image in page.locator("#denoiser-slider .content img").all())
    assert one == other


def moved(page) -> tuple[str, str]:
    """Where the pictures stand in their view, and how much of the one after is cut off."""
    return page.evaluate(
        "(({style}) => [style.left + style.top, style.clipPath])"
        "(document.querySelectorAll('#denoiser-slider .content img')[1])"
    )


def test_on_a_phone_before_and_after_is_looked_at_closely_and_lets_the_page_scroll(opened):
    page = opened(size=PHONE)
    slider, session = page.locator("#denoiser-slider"), page.context.new_cdp_session(page)
    view, whole = slider.locator(".content"), moved(page)

    def drag(x: int, y: int, finger: bool) -> None:
        page.evaluate("scrollTo(0, 400)")
        box = view.bounding_box()
        places = [(box["x"] + 60 + x * k / 9, box["y"] + 120 + y * k / 9) for k in range(10)]
        if finger:
            for kind, (left, top) in zip(["touchStart", *["touchMove"] * 9], places, strict=True):
                session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": left, "y": top}]})
                page.wait_for_timeout(16)
            session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            return
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()

    drag(100, 0, finger=False)
    assert moved(page)[0] == whole[0] and moved(page)[1] != whole[1]
    slider.get_by_role("button", name="100 %").click()
    for finger in (True, False):
        before = moved(page)
        drag(60, 20, finger)
        assert moved(page)[0] != before[0]
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    before = moved(page)
    drag(0, -100, finger=True)
    page.wait_for_function("scrollY > 420")
    assert moved(page) == before
    view.hover()  # which may scroll
    start = page.evaluate("scrollY")
    # Again and again: a wheel that is turned while the finger's scroll runs out is lost.
    wait_for(lambda: page.mouse.wheel(0, 50) or page.evaluate("scrollY") > start + 20, seconds=60)
    assert moved(page) == before
    view.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert moved(page)[0] != before[0]
    hold, shown = slider.get_by_role("button", name="Hold to see before"), moved(page)
    for press, release in (
        (lambda: page.keyboard.down("b"), lambda: page.keyboard.up("b")),
        (lambda: (hold.hover(), page.mouse.down()), page.mouse.up),
        (lambda: (hold.focus(), page.keyboard.down("Enter")), lambda: page.keyboard.up("Enter")),
    ):
        press()
        width = slider.locator("img").last.bounding_box()["width"]
        right = float(re.findall(r"([\d.]+)px\)", moved(page)[1])[0])
        edge = view.bounding_box()["width"] - 2 - float(moved(page)[0].partition("px")[0])
        assert abs(right - min(width, edge)) < 1 and not slider.locator(".divider").is_visible()
        release()
        assert moved(page) == shown
    assert not serious_violations(page)
