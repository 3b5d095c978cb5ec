"""What a visitor does with the style tab: look, click on a match, search from the map, paint a photograph."""

import re

import pytest
from playwright.sync_api import expect

from demos.shared import images
from demos.style import demo, painting
from demos.style.encoders import ENCODERS
from tests.browser.conftest import PHONE, changing, late, serious_violations, settled


def open_map(page) -> None:
    page.get_by_role("button", name="The gallery as a map").click()
    expect(page.locator("#style-map svg .query")).to_be_attached()
    settled(page)


def titles(page, row: int = 0) -> list[str]:
    """What the encoder of this row found."""
    return page.locator("#style-answer .matches").nth(row).locator("span").all_inner_texts()


def view(page) -> list[float]:
    """What part of the map is shown: left, top, width and height."""
    return [float(number) for number in page.locator("#style-map svg").get_attribute("viewBox").split()]


def test_page_opens_with_an_example_its_style_and_both_rows(opened):
    page = opened()
    expect(page.get_by_role("heading", name=demo.question)).to_be_visible()
    expect(page.locator("#style-answer .card.found")).to_have_count(len(ENCODERS))
    expect(page.locator("#style-answer .answer")).to_contain_text("Pointillism")
    assert all("pointillism" in title for title in titles(page))


def test_click_on_a_match_searches_for_its_style(opened):
    page = opened()
    found = titles(page, 1)
    with changing(page, demo="style"):
        page.locator("#style-answer .matches").nth(1).locator("[data-position]").nth(3).click()
    assert titles(page)[0] == found[3]


def test_map_enlarges_shows_a_picture_and_searches(opened):
    page = opened()
    open_map(page)
    whole = view(page)
    page.get_by_role("button", name="Enlarge").click()
    assert view(page)[2] == pytest.approx(0.6 * whole[2], rel=0.01)
    page.get_by_role("button", name="Reduce").click()
    assert view(page) == whole
    point = page.locator("#style-map rect[data-position]").nth(30)
    point.hover()
    peek = page.locator("#style-map .peek")
    expect(peek).to_be_visible()
    title = peek.locator("span").inner_text()
    sheet = re.search(r'url\("(.*)"\)', peek.locator("i").evaluate("i => i.style.backgroundImage"))[1]
    assert page.request.get(page.url.partition("?")[0] + sheet).headers["content-type"] == "image/jpeg"
    before = page.locator("#style-map .query").get_attribute("data-x")
    with changing(page, demo="style"):
        point.click()
    assert titles(page)[0] == title
    expect(page.locator("#style-map .query")).not_to_have_attribute("data-x", before)


def test_classic_scatter_is_one_click_away(opened):
    page = opened()
    open_map(page)
    page.get_by_label("Classic scatter").check()
    expect(page.locator("#style-map circle[data-position]").first).to_be_attached()
    assert not page.locator("#style-map image").count()


@pytest.fixture
def painter(opened):
    """The tab, once its example is painted."""

    def visit(**options):
        page = opened(**options)
        expect(page.locator("#style-compare .content img")).to_have_count(2)
        return page

    return visit


def after(page):
    """The painted picture."""
    return page.locator("#style-compare .content img").nth(1)


def test_photograph_is_painted_in_a_look_and_like_a_match_and_saved(painter, tmp_path):
    page = painter()
    keep = page.get_by_label("Keep my photograph's colours")
    for paint in (
        page.locator(".painter .looks button").nth(3).click,
        page.locator("#style-answer").get_by_text(painting.ACT).nth(1).click,
        keep.check,
    ):
        before = after(page).get_attribute("src")
        paint()
        expect(after(page)).not_to_have_attribute("src", before)
    settled(page)
    expect(page.locator("#style-painter")).to_be_in_viewport()
    with page.expect_download() as download:
        page.locator("#style-save-painting").click()
    download.value.save_as(tmp_path / "painted.png")
    shown = images.open(page.request.get(after(page).get_attribute("src")).body())
    assert images.open(tmp_path / "painted.png").size == shown.size


def test_wrong_file_is_a_sentence_and_the_painting_stays(painter):
    page = painter()
    before = after(page).get_attribute("src")
    file = {"name": "photo.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator("#style-photograph input[type=file]").set_input_files(file)
    expect(page.locator("#style-painted")).to_contain_text("This file is no picture")
    assert after(page).get_attribute("src") == before


def test_on_a_phone_the_painting_lies_beneath_the_photograph_and_the_camera_paints_live(painter):
    page = painter(size=PHONE)
    photograph, shelf = page.locator("#style-photograph"), page.locator(".painter .block.looks:visible")
    tops = [part.bounding_box()["y"] for part in (photograph, page.locator("#style-compare"), shelf)]
    assert tops == sorted(tops) and page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert not serious_violations(page)
    photograph.get_by_role("button", name="Take a photo").click()
    photograph.get_by_role("switch").check()
    expect(after(page)).to_have_attribute("src", re.compile("^data:image/jpeg"))
    photograph.get_by_role("button", name="Close").click()
    refuse = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }"
    page.evaluate(f"() => {{ {refuse} }}")
    for place in (photograph, page.locator("#style-style")):
        place.get_by_role("button", name="Take a photo").click()
        expect(place.locator(".said")).to_contain_text("The camera is blocked: allow it for this page")


def test_of_a_gallery_picture_and_a_later_choice_the_later_one_stays(painter):
    page = painter()
    open_map(page)
    points = page.locator("#style-map rect[data-position]")
    match = page.locator("#style-answer .matches").nth(1).locator("[data-position]").nth(2)
    picture = page.locator("#style-picture img").first
    for later, name in (
        (page.locator(".examples:visible").first.locator("button").nth(1), lambda: "woodcut"),
        (match, match.locator("span").inner_text),
        (points.nth(60), lambda: points.nth(60).get_attribute("data-title")),
    ):
        before, wanted = picture.get_attribute("src"), name()
        with late(page, points.nth(30).click):
            later.click()
            expect(picture).not_to_have_attribute("src", before)
            chosen = picture.get_attribute("src")
        assert picture.get_attribute("src") == chosen and wanted in titles(page)[0]
    style = page.locator("#style-style img").first
    with late(page, page.locator("#style-answer").get_by_text(painting.ACT).nth(1).click):
        page.locator(".painter .looks button").nth(3).click()
        chosen = style.get_attribute("src")
    assert style.get_attribute("src") == chosen
