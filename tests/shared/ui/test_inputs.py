"""Where a visitor gives a picture."""

import io
import re
import shutil
import time
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
import tifffile
from gradio.data_classes import ImageData
from gradio.utils import get_upload_folder
from PIL import ExifTags, Image

from demos.shared import images
from demos.shared.images import Crop
from demos.shared.ui import inputs, picture
from tests.house import ROOT
from tests.pictures import encode

CASES = ROOT / "tests/cases/files"


@pytest.fixture
def upload(tmp_path_factory, monkeypatch):
    """The folder of a file that a visitor has sent."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
    folder = Path(get_upload_folder(), "of one visitor")
    folder.mkdir()
    return folder


def handed(path) -> str | bytes | None:
    """What a handler gets of a file that the page names."""
    return inputs.PictureInput(render=False).preprocess(ImageData(path=str(path)))


def test_the_camera_is_the_rear_one_and_does_not_mirror():
    options = inputs.picture_input().webcam_options
    assert not options.mirror and options.constraints["video"]["facingMode"] == {"ideal": "environment"}


@pytest.mark.parametrize("ending", ["heic", "tif"])
def test_what_browsers_do_not_show_has_a_preview(upload, ending):
    pixels = np.full((8, 6, 3), 128, np.uint8)
    file = upload / f"a.{ending}"
    file.write_bytes(encode(pixels, {"heic": "HEIF", "tif": "TIFF"}[ending]))
    preview = inputs.make_preview(str(file))
    assert np.abs(images.open(preview).pixels.astype(int) - pixels).max() <= 3
    file.write_bytes(b"no picture")
    for other in (str(file), "a.jpg", None):
        assert not isinstance(inputs.make_preview(other), str)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}])
def test_jpeg_without_its_end_is_told_and_a_whole_one_is_not(photograph, upload, monkeypatch, options):
    buffer = io.BytesIO()
    Image.open(photograph).save(buffer, "JPEG", **options)
    whole, file, told = buffer.getvalue(), upload / "a.jpg", []
    monkeypatch.setattr(gr, "Warning", told.append)
    for content, is_cut in (
        (whole, False), (whole + bytes(9) + whole[:99], False), (whole[:99], False),
        (whole[:-2], True), (whole[: len(whole) // 2], True),
        (whole[:-2].replace(b"\xff\xda", b"\xff\x00", 1) + b"\xff\xda", False),  # nothing of it can be shown
    ):  # fmt: skip
        file.write_bytes(content)
        inputs.make_preview(str(file))
        assert told == [images.CUT] * is_cut
        told.clear()


@pytest.mark.parametrize("part", [b"\xff", b"\xff\xfe\0\2"])
def test_whether_a_hostile_jpeg_lacks_its_end_is_known_at_once(upload, part):
    (upload / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0\0\2" + part * 500_000 + b"\0")
    began = time.monotonic()
    inputs.make_preview(str(upload / "a.jpg"))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ["orient6.webp", "heic_named.jpg"])
def test_what_browsers_show_otherwise_than_it_is_decoded_has_a_preview(upload, name):
    file = Path(shutil.copy(CASES / name, upload))
    shown, decoded = (images.open(path).pixels.astype(int) for path in (inputs.make_preview(str(file)), file))
    assert shown.shape == decoded.shape and np.abs(shown - decoded).mean() < 4


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "JPEG"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_only_a_turned_picture_that_browsers_do_not_turn_has_a_preview(upload, kind, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    Image.new("RGB", (40, 20), "teal").save(upload / "turned", kind, exif=exif)
    has_preview = isinstance(inputs.make_preview(str(upload / "turned")), str)
    assert has_preview == (orientation != 1 and kind != "JPEG")


def test_a_preview_is_small_and_a_handler_gets_the_exact_file(upload):
    pixels = np.random.default_rng(0).integers(0, 65536, (8, 4000, 3), np.uint16)
    file = upload / "a.tif"
    tifffile.imwrite(file, pixels, photometric="rgb")
    preview = inputs.make_preview(str(file))
    assert images.open(preview).size == (2048, 4) and Path(preview).stat().st_size < 100_000
    opened = images.open(handed(preview), longest=4000, exact=True).pixels
    assert np.array_equal(opened, pixels) and opened.dtype == np.uint16


def test_a_preview_whose_file_has_gone_is_the_picture(upload):
    (upload / "a.tif.preview.jpg").write_bytes(b"a preview")
    assert handed(upload / "a.tif.preview.jpg") == str(upload / "a.tif.preview.jpg")


def test_a_file_that_was_not_sent_is_never_handed_on(upload, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"secret")
    for path in (tmp_path / "secret.png", upload / ".." / ".." / "secret.png", "/etc/hostname"):
        assert handed(path) is None
    assert handed(upload / "a.png") == str(upload / "a.png")


@pytest.mark.parametrize("payload", [[], "", 0, None])
def test_no_picture_is_none(payload):
    assert inputs.PictureInput(render=False).preprocess(payload) is None


@pytest.mark.parametrize(
    "payload", ["/etc/hostname", 7, [1], {"path": 1}, {"url": ["data:"]}, {"path": "a", "meta": 3}]
)
def test_what_no_page_sends_is_one_sentence(payload):
    with pytest.raises(gr.Error, match=images.UNREADABLE):
        inputs.PictureInput(render=False).preprocess(payload)


def test_frame_of_the_camera_is_opened_and_one_that_is_no_picture_is_not(photograph):
    frame = {"path": None, "url": "data:image/jpeg;base64,/9j/", "is_stream": True, "number": 3}
    assert inputs.PictureInput(render=False).preprocess(frame) == b"\xff\xd8\xff"
    assert inputs.PictureInput(render=False).preprocess(frame | {"url": "data:image/jpeg;base64,#"}) == b""
    assert picture.is_live(frame) and not picture.is_live({"path": "a"}) and not picture.is_live([1])
    assert [picture.key(value) for value in (frame, {"path": "a"}, {"number": True}, "a", None)] == [
        3,
        "a",
        *[None] * 3,
    ]


def test_crop_controls_at_the_start_stand_for_the_whole_picture():
    assert inputs.crop(*(slider.value for slider in inputs.crop_controls())) is None
    assert inputs.crop(2, 0.25, 1) == Crop(2, 0.25, 1)


def test_examples_come_from_packages_and_from_the_demo_s_folder_and_missing_ones_are_left_out():
    places = {
        "A cat": ("skimage", "data/chelsea.png"),
        "Ours": "CARD.md",
        "None": ("no_such_package", "a.png"),
        "Gone": ("skimage", "data/no such file.png"),
    }
    paths = inputs.example_paths("cifar10", places)
    assert list(paths) == ["A cat", "Ours"] and all(Path(path).is_file() for path in paths.values())
    assert inputs.first_example("cifar10", places) == paths["A cat"]
    assert inputs.first_example("cifar10", {}) is None


def test_of_a_large_example_the_page_opens_with_a_preview_and_a_handler_gets_the_exact_file(photograph):
    with gr.Blocks():
        large = inputs.picture_input(str(photograph))
        small = inputs.picture_input(str(ROOT / "demos/digits/examples/seven.webp"))
    shown = large.value["path"]
    assert Path(shown).stat().st_size < photograph.stat().st_size / 4
    assert images.open(shown).size == images.open(photograph).size
    given = handed(shown)
    assert Path(given).read_bytes() == photograph.read_bytes() and {shown, given} <= large.keep_in_cache
    assert handed(small.value["path"]) == small.value["path"]


def test_an_example_that_is_chosen_becomes_the_picture():
    with gr.Blocks() as blocks:
        place = inputs.picture_input()
        inputs.examples("cifar10", {"A cat": ("skimage", "data/chelsea.png")}, place)
        _, row = blocks.children
    (event,) = blocks.fns.values()
    assert not event.outputs and event.api_visibility == "private"  # the page has it
    (path,) = re.findall('data-path="([^"]+)"', row.value)
    assert handed(path) == str(Path(path.removesuffix(".preview.jpg"))) and {path, handed(path)} <= row.keep_in_cache
    assert images.open(handed(path)).pixels.shape == (300, 451, 3)
