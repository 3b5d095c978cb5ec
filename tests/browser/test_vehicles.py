"""What a visitor does with vehicles: look, ask for a vehicle that is not there, compare, bring pictures."""

import io
import re
import zipfile

import numpy as np
from playwright.sync_api import expect

from demos.shared import images
from demos.shared.ui import inputs
from demos.vehicles import demo, rows, tab
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.predict import compare, predict
from tests.browser.conftest import PHONE, changing, choose, choose_example, late, settled

EXAMPLES = inputs.example_paths("vehicles", demo.examples)


def fold(page, label: str) -> None:
    page.get_by_role("button", name=label).click()
    settled(page)


def cameras(page, row: int = 0) -> list[str]:
    """The cameras of what the network of this row found."""
    return page.locator("#vehicles-answer .matches").nth(row).locator("span").all_inner_texts()


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def test_page_opens_with_an_example_two_rows_and_frames(opened):
    page = opened()
    expect(page.get_by_role("heading", name=demo.question)).to_be_visible()
    expect(page.locator("#vehicles-answer .card")).to_have_count(len(ENCODERS))
    path = next(iter(EXAMPLES.values()))
    for row, name in enumerate(ENCODERS):
        matches = predict(path, encoder=name).matches
        assert cameras(page, row) == [f"camera {match.camera}" for match in matches]
        same = page.locator("#vehicles-answer .matches").nth(row).locator(".same")
        expect(same).to_have_count(sum(match.is_same for match in matches))
    expect(page.locator("#vehicles-inputs .spotlight")).to_have_count(2)
    expect(page.get_by_text("No licence plate is read or kept.")).to_be_visible()


def test_vehicle_that_is_not_there_is_told_so(opened, photograph):
    page = opened()
    with changing(page, demo="vehicles"):
        page.locator(".examples").get_by_text("Not there").click()
    expect(page.locator("#vehicles-answer .verdict")).to_contain_text("not in the gallery")
    expect(page.locator("#vehicles-answer .same")).to_have_count(0)
    noise = np.random.default_rng(0).integers(0, 256, (90, 90, 3), np.uint8)
    choose(page, images.png(noise), "noise.png", demo="vehicles")
    expect(page.locator("#vehicles-answer .answer").first).to_have_text(rows.UNLIKE)
    expect(page.locator("#vehicles-answer .other")).to_have_count(0)


def test_another_match_crop_and_re_ranking_change_what_is_shown(opened):
    page = opened()
    for control in ("number input for Which match", "number input for Zoom"):
        with changing(page, demo="vehicles"):
            page.get_by_label(control).fill("2")
    with changing(page, demo="vehicles"):
        page.get_by_label("Re-rank").check()
    expected = predict(next(iter(EXAMPLES.values())), is_reranked=True, crop=images.Crop(2)).matches
    assert cameras(page) == [f"camera {match.camera}" for match in expected]
    expect(page.locator("#vehicles-inputs")).to_contain_text(f"Match 2: camera {expected[1].camera}")


def test_match_that_is_clicked_becomes_the_query_of_its_camera_and_the_later_tap_on_the_map_is_shown(opened):
    page = opened()
    camera = cameras(page)[1]
    with changing(page, demo="vehicles"):
        page.locator("#vehicles-answer .matches button").nth(1).click()
    expect(page.locator("#vehicles-answer .verdict")).to_contain_text(f"{camera.capitalize()} took this picture.")
    assert camera not in cameras(page)
    fold(page, "The database as a map")
    map, shown = page.locator("#vehicles-map img").first, page.locator("#vehicles-chosen button")
    width, height = map.bounding_box()["width"], map.bounding_box()["height"]

    def tap(share: float) -> None:
        map.click(position={"x": share * width, "y": height / 2})

    tap(0.8)
    later = shown.get_attribute("data-position")
    with late(page, lambda: tap(0.2)):
        tap(0.8)
        page.wait_for_timeout(300)
    expect(shown).to_have_attribute("data-position", later)


def test_two_pictures_are_compared_and_a_wrong_one_is_one_sentence(opened):
    page = opened()
    fold(page, "Compare two pictures")
    first, second, *_ = EXAMPLES.values()
    page.locator("#vehicles-a input[type=file]").set_input_files(first)
    expect(page.locator("#vehicles-compare")).to_contain_text(tab.BOTH)
    page.locator("#vehicles-b input[type=file]").set_input_files(second)
    expect(page.locator("#vehicles-compare .card")).to_have_count(len(ENCODERS))
    said = rows.SAME if compare(first, second).is_same else rows.OTHER
    expect(page.locator("#vehicles-compare .answer").first).to_contain_text(said.capitalize())
    page.locator("#vehicles-b").get_by_label("Remove").click()
    expect(page.locator("#vehicles-compare .card")).to_have_count(0)
    file = {"name": "picture.png", "mimeType": "image/png", "buffer": b"not a picture"}
    page.locator("#vehicles-b input[type=file]").set_input_files(file)
    expect(page.locator("#vehicles-compare [role=alert]")).to_have_text(images.UNKNOWN)
    settled(page)


def test_own_gallery_is_searched_by_both_networks(opened):
    page = opened()
    fold(page, "Search your own pictures")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, path in EXAMPLES.items():
            archive.writestr(f"{name}.webp", read(path))
    file = {"name": "mine.zip", "mimeType": "application/zip", "buffer": buffer.getvalue()}
    page.locator("#vehicles-files input[type=file]").set_input_files(file)
    expect(page.locator("#vehicles-upload")).to_contain_text("4 pictures of your own are searched.")
    expect(page.locator("#vehicles-answer .matches")).to_have_count(2)
    settled(page)
    assert cameras(page)[0] == cameras(page, 1)[0] == "A van"
    expect(page.locator("#vehicles-answer .answer").first).to_have_text(re.compile(rows.THERE))


def test_on_a_phone_the_answer_is_on_the_screen_with_the_picture(opened):
    page = opened(size=PHONE)
    answer = page.locator("#vehicles-answer .matches").first.bounding_box()
    assert page.locator("#vehicles-picture").bounding_box()["y"] >= 0
    assert answer["y"] + answer["height"] <= PHONE[1]


def test_picture_and_answer_are_there_after_back_and_forward(opened):
    page = opened()
    with changing(page, demo="vehicles"):
        choose_example(page, 1)
    answer, picture = page.locator("#vehicles-answer"), page.locator("#vehicles-picture img").first
    before = answer.inner_text(), picture.get_attribute("src")
    page.get_by_role("tab", name="Digits").click()
    expect(page.locator("#digits-answer .card").first).to_be_visible()
    for _ in range(2):
        page.go_back()
        expect(answer).to_be_visible()
        assert (answer.inner_text(), picture.get_attribute("src")) == before
        page.go_forward()
        expect(page.locator("#digits-answer .card").first).to_be_visible()
        expect(answer).to_be_hidden()
