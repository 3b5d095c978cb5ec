import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from demos.vehicles.render import KINDS, N_CAMERAS, render
from demos.vehicles.render.identity import make_vehicle
from demos.vehicles.render.many import join, render_all, split

MANY = range(60)
DAYLIGHT = [0, 8, 4, 12, 20]


def centre(pixels: np.ndarray) -> np.ndarray:
    """The middle third of a picture, float64 (rows, columns, 3)."""
    h, w = pixels.shape[:2]
    return pixels[h // 3 : h - h // 3, w // 3 : w - w // 3].astype(float)


def chroma(pixels: np.ndarray) -> np.ndarray:
    """The mean colour of the middle against that of the picture's rim, without its lightness: (3,)."""
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]).astype(float)
    middle = centre(pixels).reshape(-1, 3)
    return (middle - middle.mean(1, keepdims=True)).mean(0) - (rim - rim.mean(1, keepdims=True)).mean(0)


@pytest.fixture(scope="module")
def many():
    return [render(identity, DAYLIGHT[identity % 5]) for identity in MANY]


@pytest.fixture(scope="module")
def titles():
    """Of cars and buses, by identity: a vehicle's title is known before a picture is drawn."""
    vehicles = {k: make_vehicle(k) for k in range(150)}
    return {k: one.title for k, one in vehicles.items() if one.kind in ("car", "van", "bus")}


def test_same_arguments_give_same_picture_in_another_process(many):
    code = "from demos.vehicles.render import render; print(int(render(3, 20).pixels.astype(int).sum()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert int(run.stdout) == int(render(3, 20).pixels.astype(int).sum())
    assert np.array_equal(render(3, 20).pixels, render(3, 20).pixels)


def test_pictures_have_the_side_that_is_asked(many):
    for one in many:
        assert one.pixels.dtype == np.uint8 and one.pixels.ndim == 3 and one.pixels.shape[2] == 3
        assert max(one.pixels.shape[:2]) == 128 and min(one.pixels.shape[:2]) >= 30
    assert max(render(1, 2, 3, side=77).pixels.shape) == 77


def test_every_kind_occurs_and_titles_are_sentences(many):
    assert {one.kind for one in many} == set(KINDS)
    assert all(one.title.startswith(("A ", "An ")) for one in many)
    assert len({one.title for one in many}) > 45


def test_identity_keeps_kind_and_title_for_every_camera():
    for camera in range(N_CAMERAS):
        one = render(7, camera)
        assert (one.kind, one.title) == (render(7, 0).kind, render(7, 0).title)
        assert (one.identity, one.camera) == (7, camera)


@pytest.mark.parametrize("identity", [0, 10**6, 10**12, 2**70])
def test_any_identity_number_has_a_picture(identity):
    assert render(identity, identity % N_CAMERAS).pixels.std() > 8


@pytest.mark.parametrize("wrong", [(-1, 0, 0), (0, -1, 0), (0, N_CAMERAS, 0), (0, 0, -1)])
def test_number_that_there_is_not_is_refused(wrong):
    with pytest.raises(ValueError, match="no picture"):
        render(*wrong)


def test_pictures_show_a_vehicle_in_the_middle(many):
    """A road alone is nearly flat, and of one colour in the middle and at the corners."""
    shown = []
    for one in many:
        ends = slice(6), slice(-6, None)
        corners = np.concatenate([one.pixels[y][:, x].reshape(-1, 3) for y in ends for x in ends])
        middle = centre(one.pixels)
        gap = np.abs(np.median(middle.reshape(-1, 3), 0) - np.median(corners, 0)).mean()
        shown.append(gap + middle.std((0, 1)).mean() > 35)
    assert np.mean(shown) > 0.9


def test_colours_of_titles_are_in_the_pictures(titles):
    """Red vehicles are the reddest, green ones the greenest, blue ones the bluest, on average: windows mirror sky."""
    means = []
    for word in ("red", "green", "blue"):
        vehicles = [k for k, title in titles.items() if word in title.split()[1:3] and "dark" not in title][:6]
        assert len(vehicles) >= 3
        means.append(np.mean([chroma(render(k, DAYLIGHT[k % 5]).pixels) for k in vehicles], axis=0))
    assert np.argmax(means, axis=0).tolist() == [0, 1, 2]


def test_same_vehicle_looks_more_alike_than_others_do():
    colours = np.array([[chroma(render(identity, camera).pixels) for camera in DAYLIGHT] for identity in range(16)])
    gaps = np.linalg.norm(colours[:, None, :, None] - colours[None, :, None, :], axis=-1)
    same, pair = np.eye(16, dtype=bool), ~np.eye(5, dtype=bool)
    assert np.median(gaps[same][:, pair]) < 0.7 * np.median(gaps[~same][:, pair])


def test_white_cars_differ_in_details(titles):
    """From one camera and pass, at the same places: by more than the camera's noise."""
    white = [k for k, title in titles.items() if title.startswith(("A white hatchback", "A white saloon"))][:4]
    small = [centre(render(k, 4, 1).pixels)[:28, :20] for k in white]
    assert len(small) >= 3
    for k, one in enumerate(small):
        for other in small[k + 1 :]:
            assert np.abs(one - other).mean() > 4


def test_passes_of_one_vehicle_differ_by_camera_and_number():
    passes = (render(5, camera, number, side=64) for camera, number in ((1, 0), (1, 1), (2, 0)))
    first, *others = (np.asarray(Image.fromarray(one.pixels).resize((64, 64))).astype(float) for one in passes)
    assert all(np.abs(first - other).mean() > 3 for other in others)


def test_many_processes_give_the_pictures_of_one():
    jobs = [(identity, identity % N_CAMERAS, 0) for identity in range(6)]
    alone, together = render_all(jobs, side=48), render_all(jobs, side=48, processes=2)
    assert len(alone) == 6 and {max(one.shape) for one in alone} == {48} and alone[0].dtype == np.uint8
    assert all(map(np.array_equal, alone, together))


def test_processes_give_pictures_of_any_sizes_as_they_are_rendered():
    jobs = [(identity, 2, 0) for identity in range(5)]
    expected = [render(*job, side=48).pixels for job in jobs]
    together = render_all(jobs, side=48, processes=2)
    assert len({pixels.shape for pixels in expected}) > 1
    assert all(map(np.array_equal, together, expected)) and all(map(np.array_equal, split(**join(expected)), expected))


def test_renderer_needs_only_arrays_and_pictures():
    code = (
        "import sys, demos.vehicles.render; "
        "print([n for n in ('gradio', 'keras', 'torch', 'ai_edge_litert', 'sklearn') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"
