"""The tab's folds without a browser: bringing pictures, embedding them for other encoders, stopping, the map."""

import dataclasses
import zipfile
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from gradio.data_classes import FileData, ListFiles
from gradio.utils import get_upload_folder

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, gallery, panel, query, upload
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.panel import Upload
from demos.shared.ui.events import Cancellation
from demos.shared.ui.html import data_uri
from demos.shared.ui.inputs import FilesInput
from tests.markup import text

ENCODERS = COLLECTION.encoders
bring = panel.bring_pictures(COLLECTION)


@pytest.fixture
def fast(monkeypatch):
    """In place of the networks, one that measures brightness; batches of two pictures."""
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: inputs.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(Encoder, "digest", property(lambda self: f"{self.network} of now"))
    monkeypatch.setattr(upload, "BATCH", 2)
    monkeypatch.setattr(gallery, "BATCH", 2)


def grey(level: int) -> bytes:
    return images.png(np.full((20, 30, 3), level, np.uint8))


@pytest.fixture
def packed(tmp_path):
    """Write a zip of so many pictures and other files."""

    def packed(pictures: int, others: int = 0) -> str:
        path = tmp_path / "some.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(others):
                archive.writestr(f"{number}.txt", b"no picture")
            for number in range(pictures):
                archive.writestr(f"{number}.png", grey(number))
        return str(path)

    return packed


def is_on(button: dict) -> bool:
    return button["interactive"]


class Page:
    """What a visitor has before them: each step replaces what it does not skip."""

    def __init__(self):
        self.shown = Upload("", panel.message(panel.BUNDLED), None, panel.OFF, panel.OFF, panel.OFF, None, 0)

    def show(self, steps) -> Upload:
        for step in steps:
            self.shown = Upload(*(old if new == gr.skip() else new for old, new in zip(self.shown, step, strict=True)))
        return self.shown


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.mark.parametrize(
    ("pictures", "others", "expected"),
    [
        (1, 0, "1 picture of your own is searched."),
        (3, 1, "3 pictures of your own are searched. 1 file could not be read: 0.txt."),
        (3, 2, "3 pictures of your own are searched. 2 files could not be read: 0.txt, 1.txt."),
        (2, 9, "9 files could not be read: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and others."),
    ],
)
def test_brought_pictures_are_counted_in_plain_english(fast, packed, pictures, others, expected):
    *_, shown = bring([packed(pictures, others)], Cancellation())
    assert expected in text(shown.status) and shown.progress == "" and len(shown.mine) == pictures
    assert is_on(shown.save) and is_on(shown.back) and not is_on(shown.stop) and shown.paths is None


def test_bringing_says_how_far_it_is_and_can_be_stopped(fast, packed):
    runs = Cancellation()
    steps = bring([packed(6)], runs)
    shown = next(steps)
    assert text(shown.progress).startswith("2 pictures are read, ") and is_on(shown.stop)
    runs.stop()
    (stopped,) = map(Upload._make, steps)
    assert text(stopped.progress) == panel.STOPPED and not is_on(stopped.stop) and stopped.paths is None
    assert stopped.status == stopped.mine == stopped.save == stopped.back == stopped.run == gr.skip()


def test_bringing_can_be_stopped_while_unreadable_files_are_passed(fast, packed):
    runs = Cancellation()
    steps = bring([packed(1, others=50)], runs)
    assert text(next(steps)[0]).startswith("0 pictures are read")
    runs.stop()
    assert text(list(steps)[-1][0]) == panel.STOPPED


def test_later_upload_supersedes_an_earlier_one_without_a_word(fast, packed):
    runs = Cancellation()
    steps = bring([packed(6)], runs)
    next(steps)
    runs.begin()
    assert list(steps) == [Upload()]


def test_saved_index_is_checked_in_steps_and_searched(fast, packed):
    *_, first = bring([packed(5)], Cancellation())
    runs = Cancellation()
    steps = bring([first.save["value"]], runs)
    assert text(next(steps)[0]).startswith("2 pictures are read")
    runs.stop()
    assert text(list(steps)[-1][0]) == panel.STOPPED
    *_, restored = bring([first.save["value"]], Cancellation())
    assert restored.mine.titles == first.mine.titles and restored.mine.is_prepared("efficientnet")


def test_an_index_is_brought_alone(fast, packed):
    *_, saved = bring([packed(2)], Cancellation())
    *_, shown = bring([saved.save["value"], packed(1)], Cancellation())
    assert text(shown.progress) == panel.ALONE and shown.mine == gr.skip() and shown.paths is None


@pytest.mark.parametrize("paths", [None, [], ["no.npz"], ["no.png"]])
def test_upload_of_nothing_is_an_error_sentence(fast, tmp_path, page, paths):
    shown = page.show(bring(paths and [str(tmp_path / path) for path in paths], Cancellation()))
    assert 'role="alert"' in shown.progress and shown.mine is None and panel.BUNDLED in shown.status
    assert text(shown.progress) in (upload.NO_PICTURE, gallery.DAMAGED) and shown.paths is None
    assert not any(map(is_on, (shown.save, shown.stop, shown.back))) and shown.run == 0


@pytest.mark.parametrize("name", ["..jpg", "...png", ".jpg", "photo", "a..jpg", "notes.txt"])
def test_file_of_any_name_reaches_the_handler(fast, name):
    path = Path(get_upload_folder(), "some", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(grey(9))
    sent = ListFiles(root=[FileData(path=str(path)), FileData(path="/etc/hostname")])
    paths = FilesInput(file_count="multiple", file_types=panel.FILE_TYPES).preprocess(sent)
    assert paths == [str(path)]
    *_, shown = bring(paths, Cancellation())
    assert len(shown.mine) == 1 and "1 picture of your own is searched." in shown.status


@pytest.mark.parametrize("end", ["fails", "is stopped"])
def test_second_upload_that_ends_early_leaves_the_first_to_be_saved_and_left(fast, packed, page, end):
    runs = Cancellation()
    first = page.show(bring([packed(3)], runs))
    page.show(panel.embed_for_others(first.mine, runs, first.run))
    if end == "fails":
        shown = page.show(bring(["no.png"], runs))
        assert text(shown.progress) == upload.NO_PICTURE
    else:
        steps = bring([packed(6)], runs)
        shown = page.show([next(steps)])
        assert is_on(shown.save) and is_on(shown.back) and is_on(shown.stop)
        runs.stop()
        shown = page.show(steps)
        assert text(shown.progress) == panel.STOPPED
    assert is_on(shown.save) and is_on(shown.back) and not is_on(shown.stop)
    assert (shown.mine, shown.status, shown.run) == (first.mine, first.status, first.run)


def test_upload_that_fails_late_does_not_replace_what_a_later_one_says(fast, monkeypatch):
    def fail(*_):
        yield 2
        raise gallery.GalleryError("This is too late.")

    runs = Cancellation()
    monkeypatch.setattr(upload, "embed_files", fail)
    steps = bring(["some.png"], runs)
    next(steps)
    runs.begin()
    assert list(steps) == [Upload()]


def test_upload_that_is_superseded_while_its_index_is_written_is_not_searched(fast, packed, monkeypatch):
    runs, write = Cancellation(), files.write
    monkeypatch.setattr(files, "write", lambda *given: runs.begin() and write(*given))
    *_, last = bring([packed(1)], runs)
    assert last == Upload()


def test_first_encoder_answers_before_the_others_are_embedded(fast, packed):
    runs = Cancellation()
    *_, shown = bring([packed(5)], runs)
    mine = shown.mine
    assert [name for name in ENCODERS if mine.is_prepared(name)] == ["efficientnet"]
    *steps, last = panel.embed_for_others(mine, runs, shown.run)
    assert all(map(mine.is_prepared, ENCODERS)) and last.progress == "" and is_on(last.save) and not is_on(last.stop)
    assert len(steps) == 4 * 3 and all(is_on(step.stop) for step in steps)
    assert text(steps[0].progress) == f"{ENCODERS['mobilenet'].title}: 2 of 5 pictures are embedded."
    assert set(files.read(Path(last.save["value"]), ENCODERS).vectors) == set(ENCODERS)


def test_embedding_for_the_others_can_be_stopped(fast, packed):
    runs = Cancellation()
    *_, shown = bring([packed(5)], runs)
    steps = panel.embed_for_others(shown.mine, runs, shown.run)
    next(steps)
    runs.stop()
    (stopped,) = map(Upload._make, steps)
    assert text(stopped.progress) == panel.STOPPED_LATER and stopped.save == gr.skip() and not is_on(stopped.stop)
    assert not shown.mine.is_prepared("inception")


def test_embedding_for_the_others_gives_way_to_an_upload_that_waits(fast, packed):
    runs = Cancellation()
    *_, shown = bring([packed(5)], runs)
    runs.begin()  # as the page does at once for each upload
    assert list(panel.embed_for_others(shown.mine, runs, shown.run)) == [Upload()]
    assert not shown.mine.is_prepared("inception")


@pytest.mark.parametrize("kind", ["none", "prepared"])
def test_nothing_to_embed_changes_nothing(fast, packed, kind):
    mine = None
    if kind == "prepared":
        *_, shown = bring([packed(1)], Cancellation())
        mine = shown.mine
        for name in ENCODERS:
            mine.prepare(name)
    runs = Cancellation()
    assert list(panel.embed_for_others(mine, runs, 0)) == [Upload()] and runs.number == 0


def test_leaving_one_s_own_pictures_ends_what_is_in_work(fast, packed, page):
    runs = Cancellation()
    steps = bring([packed(6)], runs)
    page.show([next(steps)])
    left = page.show([panel.leave(runs)])
    assert left.mine is None and panel.BUNDLED in left.status and left.progress == "" and left.paths is None
    assert not any(map(is_on, (left.save, left.stop, left.back)))
    assert list(steps) == [Upload()]


def test_browsing_stays_within_the_gallery(fast, packed):
    bundled = files.open_gallery(COLLECTION)
    last = (len(bundled) - 1) // panel.SHELF * panel.SHELF
    for pages, start, expected in ((0, 0, 0), (-1, 0, 0), (1, 0, 24), (-1, 48, 24), (1, last, last), (0, 9999, last)):
        shelf, at = panel.turn_pages(COLLECTION, pages, start, None)
        assert at == expected and f"{at + 1} to {min(at + panel.SHELF, len(bundled))} of {len(bundled):,}" in shelf
    *_, shown = bring([packed(3)], Cancellation())
    shelf, at = panel.turn_pages(COLLECTION, 0, 24, shown.mine)
    assert at == 0 and "1 to 3 of 3" in shelf and shelf.count("data-position") == 3


def test_gallery_that_cannot_be_opened_is_a_sentence_in_every_fold(tmp_path):
    absent = dataclasses.replace(COLLECTION, bundled=tmp_path / "no.npz", is_default=False)
    assert text(panel.turn_pages(absent, 0, 0, None)[0]) == gallery.DAMAGED
    assert text(panel.show_pixel(absent, None, 5, 5)) == gallery.DAMAGED
    sentence, sheet, is_open = panel.open_map(absent, None, None)
    assert sheet is None and text(sentence) == gallery.DAMAGED and is_open


def test_pixel_of_the_map_shows_the_picture_that_lies_there(fast, packed):
    bundled = files.open_gallery(COLLECTION)
    _, sheet, is_open = panel.open_map(COLLECTION, None, None)
    x, y = (bundled.layout[40] * sheet.shape[1::-1]).astype(int)
    shown = panel.show_pixel(COLLECTION, None, x, y)
    assert is_open and 'data-position="40"' in shown and bundled.titles[40] in shown
    *_, own = bring([packed(1)], Cancellation())
    assert panel.show_pixel(COLLECTION, own.mine, x, y) == gr.skip()


@pytest.mark.parametrize("index", [-1, 10**6, None, "1", [1, 2]])
def test_click_on_no_picture_of_the_gallery_changes_nothing(index):
    event = gr.SelectData(None, {"index": index, "value": None})
    assert panel.take_picture(COLLECTION)(None, event) == (gr.skip(), gr.skip())


def test_click_on_a_picture_gives_it_and_on_an_unreadable_one_a_sentence():
    bundled = files.open_gallery(COLLECTION)
    mine = dataclasses.replace(bundled, pictures=[bundled.pictures[3], b"no picture"], titles=["", ""], layout=None)
    first, second = (gr.SelectData(None, {"index": index, "value": 5 + index}) for index in (0, 1))
    answer, picture = panel.take_picture(COLLECTION)(mine, first)
    assert answer == gr.skip() and picture == {"url": data_uri(bundled.pixels(3)), "number": 5}
    answer, picture = panel.take_picture(COLLECTION)(mine, second)
    assert 'role="alert"' in answer and picture == gr.skip()


def test_map_has_a_ring_for_the_query_and_none_without_a_layout():
    bundled = files.open_gallery(COLLECTION)
    plain, hint = panel.draw_map(bundled, None)
    answer = query.search(bundled, "efficientnet", images.open(bundled.pictures[40]))
    marked, _ = panel.draw_map(bundled, {"efficientnet": answer})
    assert "Tap the map" in hint and (plain != marked).any() and plain.shape == marked.shape
    elsewhere = dataclasses.replace(bundled, titles=["another"] * len(bundled))
    assert (panel.draw_map(elsewhere, {"efficientnet": answer})[0] == plain).all()
    sheet, sentence = panel.draw_map(dataclasses.replace(bundled, layout=None), None)
    assert sheet is None and text(sentence) == panel.NO_MAP
