"""The second half of style's tab without a browser: what its handlers answer."""

import dataclasses
import threading

import gradio as gr
import numpy as np
import pytest

from demos.shared import images
from demos.shared.ui import events
from demos.style import classic, gatys, paint, painter, painting, shelf, tab
from tests.markup import text
from tests.pictures import png


@pytest.fixture(scope="module")
def pictures(photograph) -> tuple[np.ndarray, np.ndarray]:
    """A small photograph and a style."""
    gallery, looks = shelf.open_looks()
    return images.open(photograph).pixels[:96, :160], gallery.pixels(looks[3])


def values(pictures, second=None, share=0.5, strength=1.0, size=1.0, keep=False):
    return *pictures, second, share, strength, size, keep


@pytest.fixture(scope="module")
def files(pictures) -> tuple[bytes, bytes]:
    return tuple(images.png(pixels) for pixels in pictures)


def draw(files, last=None, **options) -> dict:
    drawn = painting.draw(*values(files, **options), last, events.Cancellation())
    return dict(zip(("answer", "pictures", "save", "full", "last"), drawn, strict=True))


def test_tab_opens_with_a_painted_example():
    with gr.Blocks() as page:
        tab.build()
    opened = {getattr(block, "elem_id", None): block.value for block in page.blocks.values() if hasattr(block, "value")}
    assert "Your photograph, painted" in opened["style-painted"] and len(opened["style-compare"]) == 2
    assert 'class="card found"' in opened["style-answer"] and painting.ACT in opened["style-answer"]


def test_frame_of_the_camera_is_painted_without_a_file(files):
    drawn = draw(files)
    assert all(uri.startswith("data:image/jpeg;base64,") for uri in drawn["pictures"]) and drawn["save"] is None


def test_painting_is_shown_and_saved_with_what_was_asked(pictures, files, tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(2)]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file)
    photograph, style = map(str, paths)
    drawn = draw((photograph, style), strength=0.5)
    source = paint.open_photograph(pictures[0])
    expected = paint.paint(source, paint.describe_style(pictures[1]), 0.5).pixels
    assert np.array_equal(images.open(drawn["save"]).pixels, expected) and not drawn["full"]["visible"]
    mixed = draw((photograph, style), second=style, share=0.25, strength=0.5)
    assert np.abs(images.open(mixed["save"]).pixels.astype(int) - expected).max() <= 1


def test_only_what_changes_is_computed_again(files, pictures, monkeypatch):
    last = draw(files)["last"]
    monkeypatch.setattr(paint, "describable", lambda pixels: pytest.fail("described again"))
    again = draw(files, last, strength=0.7)
    assert again["last"].value.photograph.pixels.shape == last.value.photograph.pixels.shape
    monkeypatch.setattr(paint, "paint", lambda *given: pytest.fail("painted again"))
    kept = draw(files, last, keep=True)
    assert kept["last"] is last and kept["pictures"] != draw(files, last)["pictures"]


def test_large_photograph_is_painted_small_and_on_demand_in_full(files, monkeypatch):
    monkeypatch.setattr(paint, "QUICK", 4000)
    monkeypatch.setattr(painter, "CORE", 64)
    drawn = draw(files)
    small = drawn["last"].value.painting
    assert small.width * small.height < 4100 and "160x96" in text(drawn["answer"])
    *steps, last = painting.paint_full(*values(files), events.Cancellation())
    assert len(steps) == 6 and "Tile 2 of 6" in steps[1][0] and steps[0][-1]["interactive"]
    assert images.open(last[2]).pixels.shape == (96, 160, 3) and not last[3]["visible"] and not last[-1]["interactive"]
    assert draw(files, last[4], keep=True)["last"] is last[4]


def test_photograph_that_takes_seconds_to_decode_is_refused_where_the_answer_comes_at_once(files):
    large = png(8000, 8000, 8, 2, b"")  # 64 megapixels
    assert images.TOO_MANY.format(50) in text(draw((large, files[1]))["answer"])
    *_, last = painting.paint_full(*values((large, files[1])), events.Cancellation())
    assert images.DAMAGED in last[0]  # it may be opened there, and has no pixels


def test_full_size_ends_when_stopped_and_when_anything_else_is_painted(files, monkeypatch):
    monkeypatch.setattr(painter, "CORE", 64)
    runs = events.Cancellation()
    steps = painting.paint_full(*values(files), runs)
    next(steps)
    runs.stop()
    (stopped,) = steps
    assert events.STOPPED in stopped[0] and stopped[1:5] == (gr.skip(),) * 4 and not stopped[-1]["interactive"]
    steps = painting.paint_full(*values(files), runs)
    next(steps)
    painting.draw(*values(files), None, runs)
    (nothing,) = steps
    assert all(output == gr.skip() for output in nothing)


@pytest.mark.parametrize(
    "wrong, sentence",
    [((None, "style"), images.NOTHING), (("photograph", None), painting.NO_STYLE), ((b"none", "style"), "no picture"),
     (("photograph", b"none"), "The style: This file is no picture")],
)  # fmt: skip
def test_what_is_wrong_is_a_sentence_and_the_painting_stays(files, wrong, sentence):
    known = dict(zip(("photograph", "style"), files, strict=True))
    drawn = draw([known.get(one, one) for one in wrong])
    assert sentence in text(drawn.pop("answer")) and all(value == gr.skip() for value in drawn.values())


def test_shelf_has_the_bundled_looks_while_the_gallery_is_not_there(monkeypatch):
    monkeypatch.setattr(shelf, "COLLECTION", dataclasses.replace(shelf.COLLECTION, lock=threading.Lock()))
    monkeypatch.setenv("LOUPE_GALLERY_STYLE", "none")
    assert [look.title for look in shelf.serve_looks()] == list(shelf.TITLES)


def test_shelf_has_enough_looks_of_the_bundled_gallery():
    gallery, looks = shelf.open_looks()
    assert len(looks) == len(shelf.TITLES) and len({gallery.labels[at] for at in looks}) == len(looks)


def test_classic_way_shows_both_pictures_and_their_losses(files, monkeypatch):
    def run(photograph, style, painted):
        yield None
        yield gatys.Step(0, photograph, 0.0, 9.5, (1.25, 2.5))
        yield gatys.Step(150, painted, 1.5, 3.25, (1.25, 2.5))

    monkeypatch.setattr(gatys, "optimize", run)
    *steps, last = classic.optimize(*files, 1.0, events.Cancellation())
    assert "being started" in steps[0][0] and "Step 0 of" in steps[2][0] and not last[1]["interactive"]
    shown = text(last[0])
    assert "Content loss 1.25, style loss 2.50" in shown and "Content loss 1.50, style loss 3.25" in shown
