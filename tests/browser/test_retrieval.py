"""What a visitor does with retrieval: look, click on what was found, browse, bring pictures of their own."""

import importlib.util
import io
import os
import re
import zipfile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from demos.retrieval import demo
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.retrieval.predict import predict
from demos.shared import images
from demos.shared.gallery import files, gallery
from demos.shared.ui import inputs
from tests.browser.conftest import PHONE, changing, choose, late, settled


def fold(page, label: str) -> None:
    page.get_by_role("button", name=label).click()
    settled(page)


OTHERS = "How others see it"
ROWS = "#retrieval-answer, #retrieval-others"


def titles(page, row: int = 0) -> list[str]:
    """What the encoder of this row found."""
    return page.locator(ROWS).locator(".matches").nth(row).locator("span").all_inner_texts()


def test_the_page_opens_with_an_example_and_five_rows_of_four(opened):
    page = opened()
    expect(page.get_by_role("heading", name=demo.question)).to_be_visible()
    expect(page.locator("#retrieval-answer .card")).to_have_count(1)
    fold(page, OTHERS)
    expect(page.locator(ROWS).locator(".card")).to_have_count(len(ENCODERS))
    example = inputs.first_example("retrieval", demo.examples)
    for row, name in enumerate(ENCODERS):
        assert titles(page, row) == [match.title for match in predict(example, name).matches]


def test_a_picture_that_was_found_becomes_the_query(opened):
    page = opened()
    fold(page, OTHERS)
    expect(page.locator(ROWS).locator(".card")).to_have_count(len(ENCODERS))
    found = titles(page, 1)
    with changing(page, demo="retrieval"):
        page.locator(ROWS).locator(".matches").nth(1).locator("button").nth(1).click()
    assert titles(page)[0] == found[1]
    expect(page.locator("#retrieval-picture")).to_be_in_viewport()


def test_the_database_can_be_browsed_with_the_keyboard(opened):
    page = opened()
    fold(page, "Browse the database")
    expect(page.locator("#retrieval-shelf")).to_contain_text("1 to 24 of")
    page.get_by_role("button", name="More").click()
    expect(page.locator("#retrieval-shelf")).to_contain_text("25 to 48 of")
    with changing(page, demo="retrieval"):
        page.locator("#retrieval-shelf button").nth(2).focus()
        page.keyboard.press("Enter")
    assert titles(page)[0] == files.open_gallery(COLLECTION).titles[26]


def test_the_map_shows_the_picture_that_is_tapped(opened):
    page = opened(size=PHONE)
    map = page.locator("#retrieval-map .map")
    map.click()
    expect(page.locator("#retrieval-chosen button")).to_be_visible()
    expect(page.locator("#retrieval-chosen button")).to_be_in_viewport()
    tapped = page.locator("#retrieval-chosen button").get_attribute("data-position")
    map.focus()
    page.keyboard.press("ArrowRight")
    expect(map.locator(".lens")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "tapped => document.querySelector('#retrieval-chosen button').dataset.position != tapped", arg=tapped
    )
    later = page.locator("#retrieval-chosen button").get_attribute("data-position")
    with late(page, map.click):
        map.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
    expect(page.locator("#retrieval-chosen button")).to_have_attribute("data-position", later)
    with changing(page, demo="retrieval"):
        page.locator("#retrieval-chosen button").click()
    page.wait_for_function("!document.querySelector('#retrieval-map .query').getAnimations().length")  # it has flown
    place = page.locator("#retrieval-map .query").evaluate("({style}) => [style.left, style.top]")
    box, edge = (part.bounding_box() for part in (page.locator("#retrieval-map .query"), map))
    assert abs(box["x"] + box["width"] / 2 - edge["x"] - edge["width"] * float(place[0][:-1]) / 100) < 2


def test_walk_through_the_latent_space_has_seven_steps(opened):
    page = opened()
    fold(page, OTHERS)
    expect(page.locator("#retrieval-interpolation figure")).to_have_count(7)


def test_crop_is_searched_and_the_open_map_and_walk_follow_it(opened):
    page = opened()
    fold(page, OTHERS)
    expect(page.locator("#retrieval-interpolation figure")).to_have_count(7)
    shown = "[...document.querySelectorAll('#retrieval-map img, #retrieval-interpolation img')].map(one => one.src)"
    page.wait_for_function("document.querySelector('#retrieval-map img')")
    before = page.evaluate(shown)
    with changing(page, demo="retrieval"):
        page.get_by_label("number input for Zoom").fill("3")
    page.wait_for_function(f"before => {{ const now = {shown}; return now[0] != before[0] && now[1] != before[1]; }}",
                           arg=before)  # fmt: skip
    expected = predict(inputs.first_example("retrieval", demo.examples), crop=images.Crop(3)).matches
    assert titles(page) == [match.title for match in expected]


def packed(pictures: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in pictures.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_one_s_own_pictures_are_searched_saved_and_left(opened, photograph, tmp_path):
    page = opened()
    fold(page, "Search your own pictures")
    colours = {"red": (200, 30, 30), "blue": (30, 30, 200), "green": (30, 160, 60)}
    pictures = {f"{name}.png": images.png(np.full((64, 64, 3), rgb, np.uint8)) for name, rgb in colours.items()}
    content = packed({**pictures, "cat.png": photograph.read_bytes(), "notes.txt": b"no picture"})
    file = {"name": "mine.zip", "mimeType": "application/zip", "buffer": content}
    page.locator("#retrieval-files input[type=file]").set_input_files(file)
    expect(page.locator("#retrieval-upload")).to_contain_text("4 pictures of your own are searched. 1 file could not")
    expect(page.locator("#retrieval-upload")).to_contain_text("notes.txt")
    settled(page)
    choose(page, photograph.read_bytes(), "cat.png", demo="retrieval")
    assert titles(page)[0] == "cat" and set(titles(page)) == {"cat", *colours}
    with page.expect_download() as download:
        page.locator("#retrieval-save").click()
    download.value.save_as(tmp_path / "index.npz")
    assert sorted(files.read(tmp_path / "index.npz", ENCODERS).titles) == sorted(["cat", *colours])
    with changing(page, demo="retrieval"):
        page.get_by_role("button", name="Back to the bundled database").click()
    assert set(titles(page)) != {"cat", *colours}

    page.locator("#retrieval-files input[type=file]").set_input_files(tmp_path / "index.npz")
    expect(page.locator("#retrieval-upload")).to_contain_text("4 pictures of your own are searched.")

    large = [tmp_path / f"{name}.bmp" for name in ("one", "two", "three")]  # 12 MB each
    for path in large:
        Image.new("RGB", (2000, 2000)).save(path)
    page.locator("#retrieval-files input[type=file]").set_input_files(large)
    expect(page.locator("#retrieval-upload")).to_contain_text("3 pictures of your own are searched.")


def many(count: int) -> bytes:
    """A zip of pictures of one colour each."""
    levels = [np.full((64, 64, 3), (number % 256, number // 256, 90), np.uint8) for number in range(count)]
    return packed({f"{number}.png": images.png(pixels) for number, pixels in enumerate(levels)})


def test_first_row_answers_while_many_pictures_are_embedded_for_the_others_which_can_be_stopped(opened):
    page = opened()
    for label in (OTHERS, "Search your own pictures"):
        fold(page, label)
    file = {"name": "many.zip", "mimeType": "application/zip", "buffer": many(800)}
    page.locator("#retrieval-files input[type=file]").set_input_files(file)
    upload = page.locator("#retrieval-upload")
    expect(upload).to_contain_text("800 pictures of your own are searched.")
    expect(upload).to_contain_text(
        re.compile(r"MobileNetV2, as in the student project: [\d,]+ of 800 pictures are embedded")
    )
    assert len(titles(page)) == 4
    expect(page.locator("#retrieval-others")).to_contain_text("not embedded for this network yet")
    page.locator("#retrieval-stop").click()
    expect(upload).to_contain_text("Stopped. The first network alone searches your pictures")
    settled(page)
    expect(upload).to_contain_text("Stopped. The first network alone searches your pictures")
    page.get_by_role("button", name="Back to the bundled database").click()
    expect(upload).to_contain_text("The bundled database is searched.")


@pytest.mark.skipif(
    not (importlib.util.find_spec("tensorflow") and os.environ.get("LOUPE_PRETRAINED")),
    reason="needs TensorFlow and $LOUPE_PRETRAINED",
)
def test_original_is_asked_from_the_page(opened, photograph):
    page = opened()
    fold(page, "Search your own pictures")
    pictures = {
        f"{name}.png": images.png(np.full((64, 64, 3), at, np.uint8)) for name, at in {"a": 0, "b": 200}.items()
    }
    file = {"name": "mine.zip", "mimeType": "application/zip", "buffer": packed(pictures)}
    page.locator("#retrieval-files input[type=file]").set_input_files(file)
    expect(page.locator("#retrieval-upload")).to_contain_text("2 pictures of your own are searched.")
    settled(page)
    fold(page, OTHERS)
    row = page.locator("#retrieval-reference")
    page.locator("#retrieval-ask").click()
    expect(row).to_contain_text("The original is being started.")
    page.locator("#retrieval-stop-reference").click()
    expect(row).to_contain_text("Stopped. Ask again to go on.")
    page.locator("#retrieval-ask").click()
    expect(row.locator("button")).to_have_count(2, timeout=600_000)
    with changing(page, demo="retrieval"):  # another picture empties the row
        row.locator("button").first.wait_for()
        page.locator("#retrieval-answer .matches button").first.click()
    expect(row.locator("button")).to_have_count(0)


def test_what_is_no_picture_and_no_index_is_one_sentence(opened):
    page = opened()
    choose(page, b"not a picture", "picture.png", demo="retrieval")
    expect(page.locator("#retrieval-answer [role=alert]")).to_have_text(images.UNKNOWN)
    fold(page, "Search your own pictures")
    for name, said in (("some.npz", gallery.DAMAGED), ("some.png", re.compile("None of these files"))):
        kind = "image/png" if name.endswith("png") else "application/octet-stream"
        file = {"name": name, "mimeType": kind, "buffer": b"not an index"}
        page.locator("#retrieval-files input[type=file]").set_input_files(file)
        expect(page.locator("#retrieval-upload [role=alert]")).to_have_text(said)
        settled(page)


def test_second_upload_that_fails_leaves_the_first_and_leaving_shows_the_database_again(opened):
    page = opened()
    for label in ("Search your own pictures", "Browse the database"):
        fold(page, label)
    picture, shelf = images.png(np.full((64, 64, 3), 90, np.uint8)), page.locator("#retrieval-shelf")
    for name, content in (("..jpg", picture), ("photo.png", b"no picture")):
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        page.locator("#retrieval-files input[type=file]").set_input_files(file)
        expect(page.locator("#retrieval-upload")).to_contain_text("1 picture of your own is searched.")
        settled(page)
    expect(page.locator("#retrieval-upload [role=alert]")).to_have_text(re.compile("None of these files"))
    expect(shelf).to_contain_text("1 to 1 of 1")
    expect(page.locator("#retrieval-save")).to_be_enabled()
    page.get_by_role("button", name="Back to the bundled database").click()
    expect(shelf).to_contain_text("1 to 24 of")
    expect(page.locator("#retrieval-save")).to_be_disabled()


def test_on_a_phone_the_answer_is_on_the_screen_with_the_picture(opened):
    page = opened(size=PHONE)
    answer = page.locator("#retrieval-answer .matches").first.bounding_box()
    assert page.locator("#retrieval-picture").bounding_box()["y"] >= 0
    assert answer["y"] + answer["height"] <= PHONE[1]
