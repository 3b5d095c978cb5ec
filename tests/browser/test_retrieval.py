"""What a visitor does with retrieval: look, click on what was found, browse, bring pictures of their own."""

import io
import re
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from demos import images
from demos.retrieval import demo, examples, gallery
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.predict import search
from tests.browser.conftest import DESK, PHONE, SMALL_PHONE, changing, choose, serious_violations, settled


@pytest.fixture
def opened(visit):
    """Visit the tab."""

    def opened(**options):
        page = visit("/?demo=retrieval", ready="#retrieval-answer .card", **options)
        settled(page)
        return page

    return opened


def fold(page, label: str) -> None:
    page.get_by_role("button", name=label).click()
    settled(page)


def titles(page, row: int = 0) -> list[str]:
    """What the encoder of this row found."""
    return page.locator("#retrieval-answer .matches").nth(row).locator("span").all_inner_texts()


def test_the_page_opens_with_an_example_and_four_rows_of_four(opened):
    page = opened()
    expect(page.get_by_role("heading", name=demo.question)).to_be_visible()
    expect(page.locator("#retrieval-answer .card")).to_have_count(len(ENCODERS))
    example = next(iter(examples.files().values()))
    for row, name in enumerate(ENCODERS):
        assert titles(page, row) == [match.title for match in search(example, name).matches]


def test_a_picture_that_was_found_becomes_the_query(opened):
    page = opened()
    found = titles(page, 1)
    with changing(page, demo="retrieval"):
        page.locator("#retrieval-answer .matches").nth(1).locator("button").nth(1).click()
    assert titles(page)[0] == found[1]


def test_the_database_can_be_browsed_with_the_keyboard(opened):
    page = opened()
    fold(page, "Browse the database")
    expect(page.locator("#retrieval-shelf")).to_contain_text("1 to 24 of")
    page.get_by_role("button", name="More").click()
    expect(page.locator("#retrieval-shelf")).to_contain_text("25 to 48 of")
    with changing(page, demo="retrieval"):
        page.locator("#retrieval-shelf button").nth(2).focus()
        page.keyboard.press("Enter")
    assert titles(page)[0] == gallery.served().titles[26]


def test_the_map_shows_the_picture_that_is_tapped(opened):
    page = opened()
    fold(page, "The database as a map")
    page.locator("#retrieval-map img").click()
    expect(page.locator("#retrieval-chosen button")).to_be_visible()
    with changing(page, demo="retrieval"):
        page.locator("#retrieval-chosen button").click()


def test_a_walk_through_the_latent_space(opened):
    page = opened()
    fold(page, "A walk through the latent space")
    expect(page.locator("#retrieval-walk .seen")).to_have_count(7)


def test_a_crop_is_searched(opened):
    page = opened()
    with changing(page, demo="retrieval"):
        page.get_by_label("number input for Zoom").fill("3")


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
    expect(page.locator("#retrieval-own")).to_contain_text("4 pictures of your own are searched. 1 files could not")
    expect(page.locator("#retrieval-own")).to_contain_text("notes.txt")
    settled(page)
    choose(page, photograph.read_bytes(), "cat.png", demo="retrieval")
    assert titles(page)[0] == "cat" and set(titles(page)) == {"cat", *colours}
    with page.expect_download() as download:
        page.locator("#retrieval-save").click()
    download.value.save_as(tmp_path / "index.npz")
    assert sorted(gallery.read(tmp_path / "index.npz").titles) == sorted(["cat", *colours])
    with changing(page, demo="retrieval"):
        page.get_by_role("button", name="Back to the bundled database").click()
    assert set(titles(page)) != {"cat", *colours}

    page.locator("#retrieval-files input[type=file]").set_input_files(tmp_path / "index.npz")
    expect(page.locator("#retrieval-own")).to_contain_text("4 pictures of your own are searched.")


def test_what_is_no_picture_and_no_index_is_one_sentence(opened):
    page = opened()
    choose(page, b"not a picture", "picture.png", demo="retrieval")
    expect(page.locator("#retrieval-answer [role=alert]")).to_have_text(images.UNKNOWN)
    fold(page, "Search your own pictures")
    for name, said in (("some.npz", gallery.DAMAGED), ("some.png", re.compile("None of these files"))):
        kind = "image/png" if name.endswith("png") else "application/octet-stream"
        file = {"name": name, "mimeType": kind, "buffer": b"not an index"}
        page.locator("#retrieval-files input[type=file]").set_input_files(file)
        expect(page.locator("#retrieval-own [role=alert]")).to_have_text(said)
        settled(page)


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE])
def test_nothing_is_wider_than_a_phone(opened, size):
    page = opened(size=size)
    for label in ("Browse the database", "The database as a map", "A walk through", "Search your own pictures"):
        fold(page, label)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_on_a_phone_the_answer_is_on_the_screen_with_the_picture(opened):
    page = opened(size=PHONE)
    answer = page.locator("#retrieval-answer .matches").first.bounding_box()
    assert page.locator("#retrieval-picture").bounding_box()["y"] >= 0
    assert answer["y"] + answer["height"] <= PHONE[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_axe_finds_nothing_serious(opened, size, scheme):
    page = opened(size=size, scheme=scheme)
    for label in ("Browse the database", "The database as a map", "A walk through", "Search your own pictures"):
        fold(page, label)
    found = serious_violations(page)
    assert not found, "\n".join(found)
