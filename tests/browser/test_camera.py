"""A photograph in front of the camera is seen as it is, and answered like the same photograph in a file."""

import io

import numpy as np
from PIL import Image

from demos.cifar10.predict import predict
from tests.browser.conftest import answer, changing, seen


def test_the_camera_s_picture_is_answered_and_not_mirrored(visit, scene):
    page = visit()
    with changing(page):
        page.get_by_label("Remove Image").click()
    page.get_by_label("Capture from camera").click()
    page.get_by_text("Click to Access Webcam").click()
    page.wait_for_function("document.querySelector('video')?.videoWidth > 0")
    with changing(page):
        page.get_by_label("capture photo").click()
    assert predict(scene).label in answer(page)

    photograph = np.asarray(Image.open(scene), float)
    sent = page.request.get(page.locator("#cifar10-picture img").first.get_attribute("src")).body()
    for given, original in (
        (np.asarray(Image.open(io.BytesIO(sent)).convert("RGB"), float), photograph),
        (seen(page).astype(float), predict(scene).seen.astype(float)),
    ):
        assert np.abs(given - original).mean() < np.abs(given - original[:, ::-1]).mean() / 2
